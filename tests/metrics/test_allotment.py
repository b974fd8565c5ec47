"""The plans of other days are the same for all who ask: a margin's interval and a shadow price read one answer."""

from typing import Any

import pytest

from hardgate.core.days import window_ending
from hardgate.core.terms import Scope
from hardgate.metrics.tranche_margin import margin
from tests.allocation.world import ASSUMPTIONS, TABLES
from tests.capacity import world as capacity
from tests.evidence import Tables


def test_the_plans_of_low_and_high_demand_are_made_once_for_a_margin_and_its_price(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evidence = Tables(
        capacity.TODAY, {**capacity.TABLES, **TABLES}, assumptions={**capacity.ASSUMPTIONS, **ASSUMPTIONS}
    )
    made: list[Any] = []
    kept = Tables.kept

    def counted(self: Tables, name: str, inputs: Any, make: Any) -> Any:
        if name == "allocation":
            made.append(inputs["demand"])
        return kept(self, name, inputs, make)

    monkeypatch.setattr(Tables, "kept", counted)
    found = margin(evidence, Scope.of(region="north", accelerator="H20", pool="a"), window_ending("8w", capacity.TODAY))
    assert dict(found.facts)["shadow_price_per_gpu_month"] == pytest.approx(1.4 * 730)
    assert len(made) == 3, "the plan of today, and those of low and high demand"
    assert len(set(map(str, made))) == 3
