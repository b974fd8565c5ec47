"""Cities at break-even, from the operator's own market data where policy says whose they are."""

from datetime import date

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Metric, Reading, Scope
from hardgate.metrics import city_breakeven
from tests.evidence import Tables, table

WINDOW = Window(date(2026, 6, 8), date(2026, 9, 7))
ORDERS = table("day city orders\n2026-09-01 a 9\n2026-09-01 b 9\n2026-09-01 c 9\n2026-09-01 - 9")
LOWS = {"a": 0.4, "b": -0.1, "c": None}


def contribution(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    low = LOWS[scope["city"]]
    return Reading("cm2_per_order", scope, window, "currency", low, low, None if low is None else low + 1)


MEASURED = Metric("cm2_per_order", "contribution", "currency", Better.HIGHER, compute=contribution)


def test_cities_count_on_the_lower_end_of_their_interval_and_unread_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(city_breakeven, "cm2_per_order", MEASURED)
    evidence = Tables(date(2026, 9, 7), {"city_day": ORDERS}, assumptions={"own_cities": 1})
    found = evidence.reading(city_breakeven.metric, Scope.of(company="Own"), WINDOW)
    assert (found.value, dict(found.facts)) == (0.5, {"cities_at_breakeven": 1.0, "cities": 2.0, "not_read": 1.0})


def test_without_market_data_it_is_unknown() -> None:
    evidence = Tables(date(2026, 9, 7), {}, assumptions={"own_cities": 1})
    found = evidence.reading(city_breakeven.metric, Scope.of(company="Own"), WINDOW)
    assert (found.value, found.gaps) == (None, ("no market data of our own",))
