"""The exhibits of the outlook on the small world: figures by other means, and what they say where something is missing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from hardgate.core.days import window_ending
from hardgate.core.terms import EVERYTHING, Action, Ask, Rows, Scope, Table
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.metrics.impairment_headroom import metric as impairment_headroom
from hardgate.metrics.p_hurdle import metric as p_hurdle
from hardgate.metrics.payback_quarter import quantile
from hardgate.metrics.programme_flips import flips, worth
from hardgate.metrics.programme_importance import shares
from hardgate.metrics.programme_model import assemble
from hardgate.metrics.programme_npv import metric as programme_npv
from hardgate.metrics.programme_outcome import a_quarter, outcome
from hardgate.models import cash_flow
from hardgate.models.programme import STILL, Programme, Vintage
from hardgate.models.programme_run import run
from hardgate.outlook import flip, forecast, impairment, measure_next, programme, simulate
from tests.evidence import Tables
from tests.worlds import WORLDS

WORLD = next(world for world in WORLDS if world.name == "outlook")
FULL = WORLD.full
WINDOW = window_ending("8w", date(2026, 9, 7))


def column(built: Table, name: str) -> list[Any]:
    return [row[[heading.name for heading in built.headings].index(name)] for row in built.rows]


def without(rollup: str, **columns: list[Any]) -> Tables:
    rows = FULL.tables[rollup]
    return replace(FULL, tables={**FULL.tables, rollup: Rows({**rows.columns, **columns}, rows.count)})


def test_the_model_reads_what_we_measure_and_takes_what_is_stated() -> None:
    found = assemble(FULL, "ai")
    assert found.gaps == ()
    assert found.given["growth"].source.startswith("reading demand_growth")
    assert found.given["capex"].source == "quotes"
    assert found.given["tax_rate"].value == 0.25
    assert found.given["capex"].relative == pytest.approx(np.log(1.1 / 0.9) / (2 * 1.64485), rel=1e-4)
    assert found.neutral == ()


def test_a_full_pool_brings_in_the_model_what_it_brings_today() -> None:
    """60 used GPUs of pool a earn 3,000 a month each; a full pool of 98 productive-share GPUs in proportion."""
    found = assemble(FULL, "ai")
    assert found.programme is not None
    vintage = next(one for one in found.programme.vintages if one.name == "a-live")
    part = found.given["productive_share"].value / 1.0
    assert vintage.price == pytest.approx(3000 / (730 * part), rel=1e-6)
    assert vintage.variable_cost == pytest.approx(400 / (730 * part), rel=1e-6)


def test_the_programme_closes_and_its_cash_is_that_of_the_model() -> None:
    built, found = programme.build(FULL), assemble(FULL, "ai")
    assert found.programme is not None
    assert built.closes
    assert sum(column(built, "programme adds")) == pytest.approx(
        Decimal(str(run(found.programme).cash.sum())), abs=Decimal("0.1")
    )
    flows = zip(*(column(built, name) for name in ("operating cash flow", "capex", "free cash flow")), strict=True)
    assert all(abs(operating - capex - free) <= Decimal("0.01") for operating, capex, free in flows)


def test_what_a_programme_lacks_is_named_and_not_taken_as_nothing() -> None:
    rows = FULL.tables["driver"]
    less = replace(FULL, assumptions={key: value for key, value in FULL.assumptions.items() if key != "tax_rate"})
    built = programme.build(less)
    assert "no tax_rate; bring drivers, or set it under assumptions" in built.missing
    reading = less.reading(programme_npv, Scope.of(tranche="hall-4"), WINDOW)
    assert (reading.value, reading.low) == (None, None)
    names = [name for name in rows.columns["driver"] if name != "working_capital"]
    assert len(names) == rows.count - 1


def test_the_outcome_is_the_mean_over_its_courses_and_its_error_is_that_of_scrambles() -> None:
    found, came = outcome(FULL, "ai")
    assert came is not None
    assert found.programme is not None
    npv = cash_flow.npv(run(found.programme).cash, a_quarter(0.12))
    assert came.npv.value == pytest.approx(float(npv), rel=0.25)  # the mean of what bends is near the middle course
    assert 0 < came.npv.error < 0.01 * came.npv.value
    assert sum(came.payback) + came.never_paid.value == pytest.approx(1, abs=1e-6)
    assert all(fan == tuple(sorted(fan)) for fan in (*came.margin, *came.free_cash_flow, came.npv_fan))


def test_the_chance_of_the_hurdle_is_read_with_its_standard_error() -> None:
    reading = FULL.reading(p_hurdle, WORLD.scope, WINDOW)
    assert reading.value is not None
    assert reading.low is not None
    assert reading.value - reading.low == pytest.approx(1.645 * dict(reading.facts)["error"], abs=1e-4)


def test_the_ends_of_a_fan_hold_what_policy_says() -> None:
    """At 50 % the ends are the quartiles, and the chance of the hurdle is .6745 standard errors to each side."""
    from hardgate.metrics.programme_outcome import read, simulated

    made = assemble(FULL, "ai").programme
    assert made is not None
    wide, half = (read(simulated(made, 0.12, 0.12, 0.12, one)) for one in (0.9, 0.5))
    assert half.npv_fan == (wide.npv_fan[1], *wide.npv_fan[1:4], wide.npv_fan[3])
    evens = replace(FULL, confidence=0.5)
    quartiles, came = evens.reading(programme_npv, WORLD.scope, WINDOW), outcome(evens, "ai")[1]
    assert came is not None
    assert (quartiles.low, quartiles.high) == (round(came.npv_fan[1], 2), round(came.npv_fan[3], 2))
    chance = evens.reading(p_hurdle, WORLD.scope, WINDOW)
    assert chance.value is not None
    assert chance.low is not None
    assert chance.value - chance.low == pytest.approx(0.6745 * dict(chance.facts)["error"], abs=1e-4)


def test_a_payback_that_is_not_reached_is_not_within_the_horizon() -> None:
    """With an eighth of the price nothing is paid back: every course is beyond, and no median is told."""
    poor = assemble(FULL, "ai").programme
    assert poor is not None
    from hardgate.metrics.programme_outcome import read, simulated

    came = read(simulated(poor.moved(price=0.125), 0.12, 0.12, 0.12))
    assert came.never_paid.value == 1
    assert quantile(came, 0.5) is None
    assert max(came.irr_fan) < 0
    nothing = read(simulated(poor.moved(price=0.0), 0.12, 0.12, 0.12))
    assert (nothing.irr_fan, nothing.irr_undefined.value) == ((), 1)
    built = simulate.sentence(assemble(FULL, "ai"), came)
    assert built.endswith("in the middle one it is not paid back within the horizon.")


def test_a_programme_turns_where_its_mean_value_does() -> None:
    from hardgate.metrics.programme_flips import draws, npv_of

    found, turned = flips(FULL, "ai")
    assert turned is not None
    assert found.programme is not None
    first = turned["nearest"][0]
    drawn = draws(found.programme)
    step = 2e-3 * (1 if first["change"] > 0 else -1)
    before, after = (
        float(npv_of(found.programme.moved(**{first["driver"]: first["at"] + by}), drawn, 0.12).mean())
        for by in (-step, step)
    )
    assert (before >= 0) is turned["stands"]
    assert (after >= 0) is not turned["stands"]


def test_importance_is_that_of_a_product_of_two_lognormals() -> None:
    """One quarter of revenue after a year, price times its course: with the squared coefficients of variation
    a = e^.16 - 1 = .17351 and b = e^.09 - 1 = .09417 the level brings (a + ab/2) / (a + b + ab) = .6397."""
    one = Vintage("first", spend=0, amount=1000, lead=4, life=1, gpus=100, price=1.0)
    certain = Programme((one,), quarters=5, demand=500, price_volatility=0.3, spread=replace(STILL, price=0.4))
    found = shares(certain, 0.1, 1 << 12)
    assert found == pytest.approx({"price": 0.6397, "price course": 0.3603}, abs=0.01)


def test_the_parts_of_the_variance_stand_beside_those_of_the_way_and_add_up() -> None:
    built = flip.build(FULL)
    parts = dict(zip(column(built, "moved"), column(built, "part of the variance"), strict=True))
    known = [one for name, one in parts.items() if isinstance(one, float) and not name.endswith(" drivers")]
    assert sum(known) == pytest.approx(1, abs=0.02)
    assert {"price course", "demand course"} <= set(parts)
    assert max(known) == parts["price course"] or max(known) == parts["price"]
    assert any("Shapley values over all 2^" in note for note in built.notes)


def test_knowing_a_driver_is_never_worth_more_than_knowing_everything() -> None:
    _, known = worth(FULL, "ai")
    assert known is not None
    assert set(known) == {"", "hall-4", "hall-5"}
    for one in known.values():
        assert all(0 <= value <= one["evpi"] for value in one["evppi"].values())
    built = measure_next.build(FULL)
    assert column(built, "decision")[0] == "ai"


def test_the_flips_of_asks_come_from_their_verdicts() -> None:
    ask = Ask("hall-4", Action.BUILD, WORLD.scope, "zhou")
    gates = next(world for world in WORLDS if world.name == "capacity").gates
    full = replace(FULL, set_limits={(one.name, EVERYTHING): one.limits for one in gates.values()})
    verdicts = []
    for gate in gates.values():
        scope = WORLD.scope.narrowed(gate.per)
        days = periods_of(full, gate, scope)
        verdicts.append(judge(gate, ask, scope, full.at, days, Rule(), gate.limits))
    built = flip.build(replace(FULL, asks=(ask,), verdicts=tuple(verdicts)))
    mine = [row for row in built.rows if row[0] == "hall-4"]
    assert {row[1] for row in mine} >= set(gates)
    assert built.sentence.startswith("hall-4 is held")


def test_headroom_is_recoverable_less_carrying_over_carrying() -> None:
    reading = FULL.reading(impairment_headroom, WORLD.scope, WINDOW)
    facts = dict(reading.facts)
    assert facts["carrying"] == 1_500_000 - 41_667 * 18
    assert reading.value == pytest.approx((facts["recoverable"] - facts["carrying"]) / facts["carrying"], abs=1e-4)
    assert 0 < facts["starts_at"] < facts["share_now"]


def test_a_pool_carried_above_what_it_brings_is_impaired() -> None:
    """Carried at a hundred times as much."""
    rows = FULL.tables["asset_month"]
    dear = without(
        "asset_month", carrying_amount=[None if one is None else 100 * one for one in rows.columns["carrying_amount"]]
    )
    reading = dear.reading(impairment_headroom, WORLD.scope, WINDOW)
    assert dict(reading.facts)["p_impairment"] == 1
    assert reading.high is not None
    assert reading.high < 0
    assert "2 of 2 pools are carried above" in impairment.build(dear).sentence


def test_a_forecast_says_how_often_it_was_right() -> None:
    built = forecast.build(FULL)
    assert column(built, "pool") == ["c", "a", "b"] or sorted(column(built, "pool")) == ["a", "b", "c"]
    low, middle, high = (column(built, f"in 12 months {end}") for end in ("low", "middle", "high"))
    assert all(a <= b <= c for a, b, c in zip(low, middle, high, strict=True))
    assert "of 18 forecasts" in built.sentence.lower()


def test_machines_that_draw_power_have_no_worth_without_its_price() -> None:
    """Power is not free because nobody said what it costs; its usage effectiveness is assumed here."""
    drawing = without("vintage", kilowatts=[1.3] * FULL.tables["vintage"].count)
    found = assemble(drawing, "ai")
    assert found.programme is None
    assert found.because == "power_price: vintages draw power; bring it in drivers, or say it under assumptions"


def test_a_pool_is_productive_for_what_is_asked_of_it_and_at_most_for_what_it_can_be() -> None:
    """88 GPUs are asked for of 100; 75 of 85 that are held are productive, and all are available."""
    facts = dict(FULL.reading(impairment_headroom, WORLD.scope, WINDOW).facts)
    assert facts["reachable"] == pytest.approx(75 / 85, abs=1e-6)
    assert facts["share_now"] == pytest.approx(0.88 * 75 / 85, abs=1e-6)
