"""Retention, sales hours, time to value and the effect of adopting: by hand, and what makes each unknown."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from hardgate.core.days import Window, add_months
from hardgate.core.terms import EVERYTHING, Scope, Status
from hardgate.metrics.contribution_share import metric as contribution_share
from hardgate.metrics.expansion import DETRENDED, RANDOMISED, effects, panel
from hardgate.metrics.expansion_contribution_per_hour import metric as expansion_contribution_per_hour
from hardgate.metrics.expansion_effect import metric as expansion_effect
from hardgate.metrics.gross_revenue_retention import metric as gross_revenue_retention
from hardgate.metrics.net_revenue_retention import metric as net_revenue_retention
from hardgate.metrics.new_logo_contribution_per_hour import metric as new_logo_contribution_per_hour
from hardgate.metrics.time_to_value import metric as time_to_value
from tests.adoption import world
from tests.evidence import Tables, rows_of, table

TODAY = date(2026, 9, 7)
YEAR = Window(date(2025, 9, 1), date(2026, 9, 1))
WINDOW = Window(date(2026, 7, 13), TODAY)
HEAD = "day account product feature currency amount variable_cost gpu_ms"


def paying(**by_account: tuple[Any, Any]) -> Tables:
    """Revenue of August 2025 and of August 2026; the months between are as the first."""
    lines = [HEAD]
    for name, (before, after) in by_account.items():
        for i in range(13):
            amount = after if i == 12 else before
            if amount != 0:
                lines.append(f"{add_months(date(2025, 8, 1), i)} {name} gpu - RMB {amount} - -")
    return Tables(TODAY, {"revenue_month": table("\n".join(lines))})


def test_the_golden_retention_of_a_closed_cohort() -> None:
    """Start 100, expansion 30, contraction 8, churn 5; a newcomer with 50 counts for nothing."""
    found = paying(grows=(40, 70), shrinks=(55, 47), leaves=(5, 0), comes=(0, 50))
    net, gross = (found.reading(one, EVERYTHING, YEAR) for one in (net_revenue_retention, gross_revenue_retention))
    assert (net.value, net.low, net.high, gross.value) == (1.17, 1.17, 1.17, 0.87)
    facts = dict(net.facts)
    assert [facts[one] for one in ("start", "expansion", "contraction", "churn", "accounts")] == [100, 30, 8, 5, 3]


def test_an_amount_that_is_not_known_makes_retention_unknown() -> None:
    found = paying(grows=(40, 70), doubt=(55, "-"))
    reading = found.reading(net_revenue_retention, EVERYTHING, YEAR)
    assert (reading.value, reading.missing) == (None, 1.0)
    assert "amount is null on 2026-08-01" in reading.because


def test_a_year_is_needed_for_retention() -> None:
    short = Tables(TODAY, {"revenue_month": table(f"{HEAD}\n2026-08-01 k1 gpu - RMB 5 - -")})
    assert "1 of 13 months" in short.reading(net_revenue_retention, EVERYTHING, YEAR).because


def deals(*lines: str, revenue: str = "2026-01-01 k1 gpu - RMB 100 40 -") -> Tables:
    head = "day opportunity account kind region segment product closed_on stage amount hours cost currency"
    rows = table("\n".join([head, *lines]))
    people = table("day account region segment eligible_from\n2025-01-01 k1 north big 2025-01-01")
    return Tables(TODAY, {"account": people, "opportunity": rows, "revenue_month": table(f"{HEAD}\n{revenue}")})


EIGHT = [
    f"2026-01-01 o{i} k1 expansion north big gpu 2026-02-01 {'won' if i < 4 else 'lost'} 1000 10 - RMB"
    for i in range(8)
]


def test_an_hour_on_a_lost_deal_is_an_hour() -> None:
    """Four of eight won, 1000 each at a contribution share of .6: 2,400 over 80 hours."""
    reading = deals(*EIGHT).reading(expansion_contribution_per_hour, Scope.of(region="north", segment="big"), YEAR)
    assert reading.value == 30.0
    # half of the interval: t(7, 95 %) 1.8946 x sqrt(8 x 300^2 / 56) / 10
    assert reading.high == pytest.approx(30 + 1.8946 * (8 * 300**2 / 56) ** 0.5 / 10, abs=0.01)
    assert dict(reading.facts)["won"] == 4


def test_spend_on_new_logos_is_taken_off_won_or_not() -> None:
    lines = [line.replace("expansion", "new").replace("10 - RMB", "10 100 RMB") for line in EIGHT]
    reading = deals(*lines).reading(new_logo_contribution_per_hour, EVERYTHING, YEAR)
    assert reading.value == pytest.approx((2400 - 800) / 80)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([*EIGHT[:7]], "7 closed opportunities of kind 'expansion'"),
        ([*EIGHT, EIGHT[0].replace("o0", "o9").replace(" 10 - ", " - - ")], "o9 has no hours"),
        ([*EIGHT, EIGHT[0].replace("o0", "o9").replace(" expansion ", " - ")], "o9 has no kind or no stage"),
        ([*EIGHT, EIGHT[0].replace("o0", "o9").replace("RMB", "USD")], "no rate from USD to RMB"),
    ],
)  # fmt: skip
def test_what_an_hour_brings_is_unknown_where_a_deal_is(lines: list[str], said: str) -> None:
    assert said in deals(*lines).reading(expansion_contribution_per_hour, EVERYTHING, YEAR).because


def test_contribution_is_assumed_where_revenue_does_not_tell_its_cost() -> None:
    found = deals(*EIGHT, revenue="2026-01-01 k1 gpu - RMB 100 - -")
    assert "set contribution_share" in found.reading(expansion_contribution_per_hour, EVERYTHING, YEAR).because
    assumed = replace(found, assumptions={"contribution_share": 0.5}).reading(
        expansion_contribution_per_hour, EVERYTHING, YEAR
    )
    assert (assumed.value, assumed.status) == (25.0, Status.ASSUMED)
    assert deals(*EIGHT).reading(contribution_share, EVERYTHING, YEAR).value == 0.6


def waiting(*days: int | None) -> Tables:
    """Accounts that had access on the first of April, and paid so many days later; None is still waiting."""
    access = date(2026, 4, 1)
    people = ["day account region segment eligible_from eligible_to access_granted architecture offer offered_on"]
    rows = ["day account feature rung events paid_events trial_events"]
    rows += [f"{access + timedelta(days=d)} heart chat inference 0 0 0" for d in range((TODAY - access).days)]
    for i, wait in enumerate(days):
        people.append(f"2026-01-01 k{i} north big 2026-01-01 - {access} - - -")
        if wait is not None:
            rows.append(f"{access + timedelta(days=wait)} k{i} chat inference 2 2 0")
            rows += [f"{access + timedelta(days=0)} early{i} chat inference 1 1 0"] if i == 0 else []
    return Tables(TODAY, {"account": table("\n".join(people)), "feature_usage_day": table("\n".join(rows))})


def test_half_are_there_after_so_many_days_with_those_waiting_kept() -> None:
    reading = waiting(5, 10, 20, 30, None, None).reading(time_to_value, EVERYTHING, WINDOW)
    assert reading.value == 20.0
    assert "only 4 got there" in reading.because


def test_without_half_of_them_there_is_no_median() -> None:
    reading = waiting(5, None, None).reading(time_to_value, EVERYTHING, WINDOW)
    assert reading.value is None
    assert "1 of 3 accounts of everything got there" in reading.because


def test_the_bar_is_so_many_paid_events_on_a_day() -> None:
    strict = replace(waiting(5, 10, 20), assumptions={"value_events": 3.0})
    assert strict.reading(time_to_value, EVERYTHING, WINDOW).value is None


def test_an_effect_that_is_there_is_found_and_one_that_is_not_is_not_made() -> None:
    for effect in (0.10, 0.0):
        found = Tables(TODAY, world.operator(effect=effect, seed=3)).reading(expansion_effect, EVERYTHING, WINDOW)
        assert found.low is not None
        assert found.high is not None
        assert found.low <= effect <= found.high
        assert found.high - found.low < 0.05


def bent() -> Tables:
    """The same accounts, whose revenue bends up in the three months before each adopts."""
    tables = dict(world.operator(seed=3))
    rows = tables["revenue_month"]
    first: dict[Any, date] = {}
    uses = tables["feature_usage_day"].columns
    for name, day, paid in zip(uses["account"], uses["day"], uses["paid_events"], strict=True):
        if paid and day < first.get(name, date.max):
            first[name] = day
    amounts = []
    for name, month, amount in zip(rows.columns["account"], rows.columns["day"], rows.columns["amount"], strict=True):
        begun = first.get(name)
        near = 0 if begun is None else 3 + (month.year - begun.year) * 12 + month.month - begun.month
        amounts.append(round(amount * float(np.exp(0.04 * min(max(near, 0), 3))), 2))
    tables["revenue_month"] = rows_of(
        [
            dict(zip(rows.columns, line, strict=True))
            for line in zip(*{**rows.columns, "amount": amounts}.values(), strict=True)
        ],
        tuple(rows.columns),
    )
    return Tables(TODAY, tables)


def test_an_association_has_no_value_for_any_gate() -> None:
    found = bent()
    reading = found.reading(expansion_effect, EVERYTHING, WINDOW)
    assert (reading.value, reading.low, reading.missing) == (None, None, 1.0)
    assert reading.because.startswith("associational (detrended): placebo before adopting")
    known = panel(found, EVERYTHING, TODAY)
    assert not isinstance(known, str)
    told = effects(found, known)
    assert not isinstance(told, str)
    assert [(one.method, one.causal) for one in told] == [(DETRENDED, False)]


def drawn(*gone: int) -> Tables:
    """Forty accounts; the even ones were offered the features in August 2025 and all adopted. Some pay nothing in 2026."""
    start, months = date(2024, 3, 1), 30
    rng = np.random.default_rng(2)
    people, paid, used = [], [], []
    for i in range(40):
        offered = i % 2 == 0
        people.append(
            (
                start,
                f"k{i:02d}",
                "north",
                "big",
                start,
                None,
                None,
                None,
                "offered" if offered else "holdout",
                date(2025, 8, 1),
            )
        )
        level = 9 + rng.normal(0, 0.4)
        for m in range(months):
            month = add_months(start, m)
            if i in gone and month >= date(2026, 1, 1):
                continue
            lift = 0.15 if offered and month >= date(2025, 8, 1) else 0.0
            paid.append(
                (
                    month,
                    f"k{i:02d}",
                    "gpu",
                    None,
                    "RMB",
                    round(float(np.exp(level + 0.01 * m + lift + rng.normal(0, 0.02))), 2),
                    None,
                    None,
                )
            )
        used.append((date(2025, 8, 20), f"k{i:02d}", "chat", "inference", 1, 1 if offered else 0, 0))
    used += [(date(2025, 8, 1) + timedelta(days=d), "heart", "chat", "inference", 0, 0, 0) for d in range(402)]
    return Tables(TODAY, {
        "account": rows_of([dict(zip(world.ACCOUNT, one, strict=True)) for one in people], world.ACCOUNT),
        "revenue_month": rows_of([dict(zip(world.REVENUE, one, strict=True)) for one in paid], world.REVENUE),
        "feature_usage_day": rows_of([dict(zip(world.FEATURE, one, strict=True)) for one in used], world.FEATURE),
    })  # fmt: skip


def test_a_drawn_offer_comes_first_and_counts_per_adopter() -> None:
    found = drawn()
    known = panel(found, EVERYTHING, TODAY)
    assert not isinstance(known, str)
    told = effects(found, known)
    assert not isinstance(told, str)
    first = told[0]
    assert (first.method, first.treated, first.controls, first.causal) == (RANDOMISED, 20, 20, True)
    assert first.low < np.expm1(0.15) < first.high


@pytest.mark.parametrize(("gone", "causal"), [((0, 2, 1, 3), True), ((0, 2, 4, 6, 8), False)])
def test_accounts_that_leave_one_group_more_than_the_other_undo_the_draw(gone: tuple[int, ...], causal: bool) -> None:
    """Two of each leave, or five of the offered and nobody else: as uneven by luck in 2.5 % of draws."""
    found = drawn(*gone)
    known = panel(found, EVERYTHING, TODAY)
    assert not isinstance(known, str)
    told = effects(found, known)
    assert not isinstance(told, str)
    first = told[0]
    offered = sum(1 for one in gone if one % 2 == 0)
    assert (first.treated, first.controls, first.left) == (20 - offered, 20 - len(gone) + offered, len(gone))
    assert first.checks[0][0].startswith("20 offered and 20 held out:")
    assert first.checks[2][0].startswith(f"{offered} offered and {len(gone) - offered} held out have left since")
    assert first.causal is causal
