"""The list of what is planted."""

import pytest

from hardgate.core.errors import NotFound
from hardgate.core.terms import Outcome
from hardgate.sample import PLANTS
from hardgate.sample.plants import strengths


def test_the_four_regions_have_the_four_truths() -> None:
    found = {
        str(plant.scope): (plant.gate, plant.outcome)
        for plant in PLANTS.values()
        if "region" in plant.scope and plant.outcome and plant.name != "cheap_work"
    }
    assert found == {
        "cn-north": ("", Outcome.PASS),
        "cn-east": ("capacity.utilization", Outcome.FAIL),
        "cn-west / H20": ("capacity.backlog", Outcome.FAIL),
        "cn-west / L20": ("capacity.trigger", Outcome.FAIL),
        "ap-southeast": ("capacity.utilization", Outcome.UNKNOWN),
    }


def test_a_region_full_of_cheap_work_holds_its_tranche_and_a_lasting_wait_is_a_figure() -> None:
    found = {name: (str(PLANTS[name].scope), PLANTS[name].gate) for name in ("cheap_work", "lasting_wait")}
    assert found == {"cheap_work": ("ap-southeast", "capacity.tranche"), "lasting_wait": ("cn-north / H20", "")}
    assert (PLANTS["cheap_work"].outcome, PLANTS["lasting_wait"].outcome) == (Outcome.FAIL, None)


def test_a_strength_is_changed_alone() -> None:
    changed = strengths({"lost_week": 3})
    assert changed["lost_week"] == 3.0
    assert {name for name in changed if changed[name] != PLANTS[name].strength} == {"lost_week"}


def test_an_unknown_plant_is_named() -> None:
    with pytest.raises(NotFound, match="no plant is called 'growht'"):
        strengths({"growht": 0.1})
