"""Whom to call first: GPU-hours at their shadow price, and what a call adds where it was given by lot."""

from dataclasses import replace

import numpy as np
import pytest

from hardgate.adoption import targets
from hardgate.adoption.target_model import HISTORY, HORIZON, Facts, evaluation, payers_of, worth
from hardgate.adoption.target_prices import a_used_hour, prices
from hardgate.adoption.target_uplift import FEWEST, Lot, added, cases, scored
from hardgate.core.days import window_ending
from hardgate.core.terms import Scope
from hardgate.metrics.shadow_price import metric as shadow_price
from tests.adoption.world import ASSUMPTIONS, TABLES
from tests.allocation.world import TABLES as ALLOCATION
from tests.capacity.world import TABLES as CAPACITY
from tests.capacity.world import TODAY
from tests.evidence import Tables

MONTHS, DRAWN = 18, 12


def operator(accounts: int = 800, seed: int = 3) -> tuple[Facts, Lot]:
    """Accounts with a small base come anyhow, half of those with a large one come if they are called, and not else."""
    rng = np.random.default_rng(seed)
    large = np.arange(accounts) % 2 == 0
    called = np.arange(accounts) % 4 < 2
    chance = np.where(large, np.where(called, 0.55, 0.05), 0.65)
    pays = rng.random(accounts) < chance
    month = DRAWN + rng.integers(0, HORIZON, accounts)
    early = rng.random(accounts) < np.where(large, 0.05, 0.35)  # paid before the draw: what a list is learned from
    adopted = np.where(early, rng.integers(HISTORY, DRAWN, accounts), np.where(pays, month, np.inf))
    base = np.where(large, 9_000.0, 1_000.0)[:, None] * np.exp(rng.normal(0, 0.1, (accounts, MONTHS)))
    zero = np.zeros((accounts, MONTHS))
    facts = Facts(base, zero, np.zeros(accounts), adopted.astype(float), np.zeros((accounts, 1)), zero + 100, zero)
    return facts, Lot(np.full(accounts, float(DRAWN)), called)


def test_only_accounts_that_stood_on_the_list_when_drawn_are_cases() -> None:
    facts, lot = operator()
    found = cases(facts, lot)
    assert len(found.who) == int((facts.adopted >= DRAWN).sum())
    assert found.paid.sum() == int(np.isfinite(facts.adopted[facts.adopted >= DRAWN]).sum())
    no_access = replace(facts, access=np.full(800, DRAWN))
    assert cases(no_access, lot).who.size == 0


def test_a_call_adds_a_half_where_it_moves_and_nothing_where_they_come_anyhow() -> None:
    facts, lot = operator()
    found = cases(facts, lot)
    model = added(found)
    assert model is not None
    adds, large = model.to(found.features), found.who % 2 == 0
    assert adds[large].mean() == pytest.approx(0.5, abs=0.1)
    assert adds[~large].mean() == pytest.approx(0.0, abs=0.15)


def test_the_list_by_what_a_call_adds_beats_the_list_by_chance() -> None:
    told = scored(cases(*operator()))
    assert told is not None
    assert told["added"] > 0.1
    assert told["chance"] < -0.1
    assert told["called"] + told["held_out"] == len(cases(*operator()).who)


def test_few_that_were_drawn_or_groups_that_ended_alike_say_nothing() -> None:
    facts, lot = operator(accounts=2 * FEWEST - 10)
    assert added(cases(facts, lot)) is None
    facts, lot = operator()
    nobody = replace(facts, adopted=np.where(lot.called, facts.adopted, np.inf))
    assert added(cases(nobody, lot)) is None
    assert scored(cases(nobody, lot)) is None


def plain(*, drawn: bool) -> dict[str, object]:
    facts, lot = operator()
    rows = [
        {
            "name": f"k{at:03d}", "access": 0, "adopted": None if np.isinf(facts.adopted[at]) else facts.adopted[at],
            "groups": [0.0], "base": facts.base[at].tolist(), "brought": facts.contribution[at].tolist(),
            "took": facts.gpu_hours[at].tolist(), "tried": facts.tried[at].tolist(), "price": 0.0, "alive": True,
            "drawn": float(DRAWN) if drawn else None, "called": bool(lot.called[at]),
        }
        for at in range(len(facts.adopted))
    ]  # fmt: skip
    return {"accounts": rows}


def test_where_there_was_a_lot_the_list_goes_by_what_a_call_adds() -> None:
    """Large accounts hardly ever come by themselves, and are first all the same, since a call moves them."""
    by_chance, by_lot = (targets._told(plain(drawn=one)) for one in (False, True))
    assert by_chance is not None
    assert by_lot is not None
    assert by_chance["lot"] is None
    assert "fewer than 40 accounts" in targets._by_lot(by_chance["lot"])
    assert by_lot["lot"]["added"] > by_lot["lot"]["chance"]
    worth = {row[0]: (row[1], row[6]) for row in by_lot["ranked"]}
    assert all(row[5] == pytest.approx(row[6] * row[3], rel=1e-3, abs=1.0) for row in by_lot["ranked"])
    first = [int(row[0][1:]) % 2 == 0 for row in by_lot["ranked"][:50]]
    assert all(first)
    assert all(adds > 0.3 for _, adds in list(worth.values())[:50])


FULL = {**CAPACITY, **ALLOCATION, **TABLES}
EVIDENCE = Tables(TODAY, FULL, assumptions=ASSUMPTIONS)


def test_a_gpu_hour_costs_its_shadow_price_where_requests_are_known() -> None:
    found = prices(EVIDENCE, ["north"], TODAY)
    reading = EVIDENCE.reading(shadow_price, Scope.of(region="north"), window_ending("8w", TODAY))
    assert reading.value is not None
    assert found.by_region == {"north": max(reading.value, 0.0)}
    assert found.notes[0].startswith("a GPU-hour at its shadow price, ")
    assert set(reading.batches) <= set(found.batches)


def test_without_requests_it_is_what_a_used_hour_earns_where_a_region_is_full() -> None:
    without = Tables(TODAY, {**CAPACITY, **TABLES}, assumptions=ASSUMPTIONS)
    assert prices(without, ["north"], TODAY).by_region == {"north": 0.0}
    assert (a_used_hour(0.85, 1_460.0), a_used_hour(0.84, 1_460.0), a_used_hour(0.9, -5.0)) == (2.0, 0.0, 0.0)


def test_what_nobody_knows_is_unknown_and_not_nothing() -> None:
    """Half of the payers without cost leave the worth as it is; without any of them there is no list."""
    facts, _ = operator()
    months = np.arange(len(facts.adopted))
    whole = worth(facts, months, MONTHS)[0]
    half = replace(facts, contribution=np.where((months % 8 < 4)[:, None], facts.contribution, np.nan))
    assert payers_of(half, MONTHS)[1] == int(((facts.adopted < MONTHS - HORIZON) & (months % 8 >= 4)).sum())
    assert worth(half, months, MONTHS)[0].sum() == pytest.approx(whole.sum(), rel=0.2)
    assert not np.array_equal(worth(half, months, MONTHS)[0], whole)
    none = replace(facts, contribution=np.full_like(facts.contribution, np.nan))
    assert np.isnan(worth(none, months, MONTHS)[0]).all()
    assert evaluation(none, np.zeros(len(months))) is None
    silent = plain(drawn=False)
    for row in silent["accounts"]:  # type: ignore[attr-defined]
        row["brought"] = [None] * MONTHS
    assert targets._told(silent) == {"ranked": None}
