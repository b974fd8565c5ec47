"""The split of the margin of all revenue: where one thing alone moves, its part is the whole change."""

from dataclasses import replace

import numpy as np
import pytest

from hardgate.models.shapley import parts
from hardgate.pricing.margin_state import AI, FACTORS, OTHER, State, paired, whole

CHAT = State(100, 2.0, 0.2, 0.3, {"a": (0.5, 1.0, 0.5)})
RENT = State(50, 10.0, 0.0, 0.0, {"a": (1.0, 2.0, 0.8)})
DISK = State(20, 1.0, 0.0, 0.1, {})
BEFORE = {(AI, "chat"): CHAT, (OTHER, "rent"): RENT, (OTHER, "disk"): DISK}


def split(after: dict[tuple[str, str], State]) -> dict[str, float]:
    pairs = paired(BEFORE, after)
    found = parts(lambda state: whole(pairs, state) or 0.0, len(FACTORS))
    old, new = (whole(pairs, (one,) * len(FACTORS)) for one in (False, True))
    assert old is not None
    assert new is not None
    assert sum(found) == pytest.approx(new - old, abs=1e-12)
    return dict(zip(FACTORS, found, strict=True))


def test_the_margin_is_what_is_left_of_all_revenue() -> None:
    """180 + 500 + 20 of revenue; chat costs .3 + .5 x 1/.5 = 1.3, rent 2/.8 = 2.5, disk .1."""
    pairs = paired(BEFORE, BEFORE)
    assert whole(pairs, (False,) * 6) == pytest.approx(1 - (130 + 125 + 2) / 700)


@pytest.mark.parametrize(
    ("factor", "changes"),
    [
        ("price", {(OTHER, "rent"): replace(RENT, price=9.0)}),
        ("subsidy", {(AI, "chat"): replace(CHAT, subsidy=0.5)}),
        ("share of hours used", {(OTHER, "rent"): replace(RENT, pools={"a": (1.0, 2.0, 0.9)})}),
        ("unit cost", {(AI, "chat"): replace(CHAT, beside=0.1)}),
        ("mix: AI and the rest", {(AI, "chat"): replace(CHAT, units=300)}),
        ("mix: inside each", {(OTHER, "rent"): replace(RENT, units=45), (OTHER, "disk"): replace(DISK, units=70)}),
    ],
)
def test_where_one_thing_moves_its_part_is_the_whole_change(factor: str, changes: dict[tuple[str, str], State]) -> None:
    """The last case keeps the volume of the rest: 5 fewer of rent at 10 are 50 more of disk at 1."""
    found = split({**BEFORE, **changes})
    assert abs(found[factor]) > 0.005
    assert all(part == pytest.approx(0.0, abs=1e-12) for name, part in found.items() if name != factor)


def test_more_ai_at_a_thin_margin_lowers_the_margin_by_mix_alone() -> None:
    """AI from 180 of 700 to 540 of 1,060 of revenue: 1 - 257/700 = .6329 becomes 1 - 517/1060 = .5123."""
    assert split({**BEFORE, (AI, "chat"): replace(CHAT, units=300)})["mix: AI and the rest"] == pytest.approx(
        (1 - 517 / 1060) - (1 - 257 / 700)
    )


def test_a_product_that_comes_and_one_that_goes_are_mix() -> None:
    after = {(AI, "chat"): CHAT, (OTHER, "rent"): RENT, (OTHER, "tape"): State(20, 1.0, 0.0, 0.9, {})}
    found = split(after)
    assert found["mix: inside each"] == pytest.approx((1 - (257 - 2 + 18) / 700) - (1 - 257 / 700))
    assert sum(abs(part) for name, part in found.items() if name != "mix: inside each") < 1e-12
    first = split({(OTHER, "rent"): RENT})  # AI and the disk are gone
    assert first["mix: AI and the rest"] != 0


def test_the_parts_add_up_whatever_moves() -> None:
    for seed in range(50):
        random = np.random.default_rng(seed)
        after = {
            key: State(
                one.units * float(random.uniform(0, 3)), float(random.uniform(0, 5)), float(random.uniform(0, 0.5)),
                float(random.uniform(0, 1)),
                {pool: (h * 2, c * float(random.uniform(0.5, 2)), float(random.uniform(0.1, 1)))
                 for pool, (h, c, _) in one.pools.items()},
            )
            for key, one in BEFORE.items()
        }  # fmt: skip
        split(after)
