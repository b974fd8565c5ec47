from decimal import Decimal
from itertools import permutations
from statistics import mean

import pytest

from hardgate.models.shapley import parts, rounded

OLD, NEW = (3.0, 5.0, 0.5, 2.0), (4.0, 4.0, 0.8, 2.5)


def worth(state: tuple[bool, ...]) -> float:
    a, b, c, d = (new if one else old for one, new, old in zip(state, NEW, OLD, strict=True))
    return a * b / c - d * a


def test_the_parts_are_the_mean_over_every_order() -> None:
    for factor, found in enumerate(parts(worth, 4)):
        steps = []
        for order in permutations(range(4)):
            before = {one: one in order[: order.index(factor)] for one in range(4)}
            after = {**before, factor: True}
            steps.append(worth(tuple(after.values())) - worth(tuple(before.values())))
        assert found == pytest.approx(mean(steps), abs=1e-12)


def test_the_parts_add_up() -> None:
    assert sum(parts(worth, 4)) == pytest.approx(worth((True,) * 4) - worth((False,) * 4), abs=1e-12)
    with pytest.raises(ValueError, match="1 to 12"):
        parts(worth, 13)


def test_rounded_parts_add_up_as_printed() -> None:
    total = Decimal("-0.37")
    assert sum(rounded((-0.123456, -0.123456, -0.123088), total, 2)) == total
