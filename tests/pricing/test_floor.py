"""The floor at the share that is measured, at the one aimed for and without idle hours; figures worked out by hand."""

from dataclasses import replace
from typing import Any

import pytest

from hardgate.core.terms import Better, Evidence, Metric, Reading, Scope, Table
from hardgate.pricing import floor
from tests.pricing.test_costs import RECOVERY, WORLD

FULL = WORLD.full
POOL = "north / H20 / a"
NOW, AIMED, NO_IDLE = "floor", "floor at the share aimed for", "floor without idle hours"


def cost_at(busy: float) -> float:
    """100,000 a GPU at 12 % over 4 years, 6 % to run, .9 kW of a PUE of 1.25 at .6."""
    return 100_000 * (RECOVERY + 0.06) / (8760 * busy) + 0.9 * 1.25 * 0.6


def floors(built: Table, row: str) -> tuple[Any, ...]:
    names = [one.name for one in built.headings]
    found = next(one for one in built.rows if one[0] == row)
    return tuple(found[names.index(name)] for name in (NOW, AIMED, NO_IDLE))


def aiming(share: float | None) -> Any:
    others = {name: value for name, value in FULL.assumptions.items() if name != "target_productive_share"}
    return replace(FULL, assumptions=others if share is None else {**others, "target_productive_share": share})


def test_both_shares_are_printed_with_what_they_are_of() -> None:
    notes = floor.exhibit.build(aiming(0.85)).notes
    (said,) = [note for note in notes if "productive of installed" in note]
    assert said.startswith(f"{POOL}: 75.0 % [")
    assert said.endswith("productive of installed GPU-hours, 85.0 % of them aimed for")


def test_a_floor_at_a_higher_share_is_lower() -> None:
    now, aimed, full = floors(floor.exhibit.build(aiming(0.85)), POOL)
    assert now == pytest.approx(cost_at(0.75), rel=1e-3)
    assert (aimed, full) == (round(cost_at(0.85), 4), round(cost_at(1.0), 4))


def test_a_pool_that_is_fuller_than_aimed_for_says_so_and_keeps_todays_floor() -> None:
    """60 % are aimed for, 75 % productive: a floor at 60 % would lie above today's and be nobody's plan."""
    built = floor.exhibit.build(aiming(0.6))
    for row in (POOL, "gpu-hours", "assistant", "chat"):
        now, aimed, _ = floors(built, row)
        assert aimed == pytest.approx(now, abs=1e-4), row
    assert any("60.0 % of them aimed for: as full already, so today's share is taken" in one for one in built.notes)


def test_without_a_share_aimed_for_there_is_no_floor_at_it_and_the_note_says_what_to_set() -> None:
    built = floor.exhibit.build(aiming(None))
    assert floors(built, POOL)[1] is None
    assert floors(built, "assistant")[1] is None
    assert any("no share is aimed for: set target_productive_share" in one for one in built.notes)


def test_in_a_full_pool_no_column_lies_below_what_its_hours_would_earn(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more GPU-hour of a would earn 50: no hour is to be sold for less, however many lie idle."""

    def earn(_: Evidence, scope: Scope, window: Any) -> Reading:
        return Reading("shadow_price", scope, window, "currency per GPU-hour", 50.0, 49.0, 51.0)

    full = Metric("shadow_price", "", "", Better.NEITHER, compute=earn)
    monkeypatch.setattr("hardgate.metrics.gpu_hour.earned", full)
    built = floor.exhibit.build(replace(aiming(0.85)))
    assert floors(built, POOL) == (50.0, 50.0, 50.0)
    assert floors(built, "gpu-hours") == (50.0, 50.0, 50.0)
    now, *others = floors(built, "assistant")
    assert others == [pytest.approx(now, abs=1e-4)] * 2
