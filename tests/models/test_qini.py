"""The Qini curve by hand, and beside scikit-uplift."""

import json
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.qini import qini
from tests.against.nudges import nudged

PEER = json.loads((Path(__file__).parents[1] / "against/qini_and_strata.json").read_text())["lists"]


@pytest.mark.parametrize(("name", "digits"), [("all different", 9), ("many equal", 1)])
def test_curve_and_coefficient_are_those_of_scikit_uplift(name: str, digits: int) -> None:
    found, peer = qini(*nudged(digits)), PEER[name]
    assert found is not None
    assert found.coefficient == pytest.approx(peer["coefficient"], abs=1e-12)
    step = len(found.reached) // 8
    assert found.reached[::step].tolist() == peer["reached"]
    assert found.gained[::step] == pytest.approx(peer["gained"], abs=1e-9)


def test_six_cases_by_hand() -> None:
    """Treated 1, 0, 1 and controls 0, 1, 0, in turn: the fourth step is 1 - 1 x 2/2, the fifth 2 - 1 x 3/2."""
    found = qini([6, 5, 4, 3, 2, 1], [1, 0, 0, 1, 1, 0], [True, False, True, False, True, False])
    assert found is not None
    assert found.gained.tolist() == [0.0, 1.0, 1.0, 1.0, 0.0, 0.5, 1.0]
    # trapezoids .5 + 1 + 1 + .5 + .25 + .75 = 4, less the random list's 6 x 1 / 2
    assert found.area == pytest.approx(1.0)
    # the best list: both that came treated, the three that did not come, then the control that came
    assert found.coefficient == pytest.approx(1.0 / best())


def best() -> float:
    """The perfect list by hand: treated who came (2), then three who did not (equals), then a control who came."""
    reached, gained = [0, 2, 5, 6], [0.0, 2.0, 2.0, 1.0]
    area = sum((b - a) * (x + y) / 2 for a, b, x, y in zip(reached, reached[1:], gained, gained[1:], strict=False))
    return area - 6 * 1.0 / 2


def test_a_list_by_what_it_moves_beats_one_by_who_comes_anyhow() -> None:
    """Half come with or without it; a fifth of the others come only if nudged."""
    rng = np.random.default_rng(4)
    anyhow, moved = rng.random(4_000) < 0.5, rng.random(4_000) < 0.2
    treated = np.arange(4_000) % 2 == 0
    happened = anyhow | (moved & treated)
    by_uplift, by_response = (qini(one, happened, treated) for one in (moved & ~anyhow, anyhow))
    assert by_uplift is not None
    assert by_response is not None
    assert by_uplift.coefficient > 0.1
    assert by_response.coefficient < -0.05


def test_without_both_groups_or_anything_to_tell_apart_nothing_is_said() -> None:
    assert qini([1.0, 2.0], [1, 0], [True, True]) is None
    assert qini([1.0, 2.0], [0, 0], [True, False]) is None
    with pytest.raises(ValueError, match="expected \\(n,\\)"):
        qini([1.0], [1, 0], [True, False])
