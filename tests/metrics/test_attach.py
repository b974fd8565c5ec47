"""Attach rates by hand: the base, what is paid, what is not known, and where the trend leads."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Action, Ask, Reading, Rows, Scope
from hardgate.metrics.attach_at_live import metric as attach_at_live
from hardgate.metrics.attach_case import metric as attach_case
from hardgate.metrics.attach_case import stated
from hardgate.metrics.attach_cohort_90d import metric as attach_cohort_90d
from hardgate.metrics.attach_revenue import metric as attach_revenue
from hardgate.metrics.attach_unit import metric as attach_unit
from hardgate.metrics.attach_weekly_active import metric as attach_weekly_active
from tests.evidence import Tables, rows_of, table

TODAY = date(2026, 9, 7)
WINDOW = Window(date(2026, 7, 13), TODAY)
ACCOUNTS = """
    day         account region segment eligible_from eligible_to access_granted architecture offer offered_on
    2025-01-01  k1      north  big     2025-01-01    -           2026-01-10     rag          -     -
    2025-01-01  k2      north  big     2025-01-01    -           2026-02-10     -            -     -
    2025-01-01  k3      north  small   2025-01-01    -           2026-08-10     -            -     -
    2025-01-01  k4      south  small   2025-01-01    -           -              -            -     -
    2025-01-01  k5      south  small   2025-01-01    2026-08-01  2026-01-10     -            -     -
    2026-10-01  k6      south  small   2026-10-01    -           -              -            -     -
"""


def uses(*lines: str, events: Any = None) -> Rows:
    """Paid events by account and day, and a row without events on every day from January on."""
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range((TODAY - date(2026, 1, 1)).days)]
    rows = [(day, "k4", "chat", "inference", 0, 0, 0) for day in days]
    for line in lines:
        name, day, feature, paid, *trial = line.split()
        count = int(paid) if events is None else events
        rows.append((date.fromisoformat(day), name, feature, "inference", count, count, int(trial[0]) if trial else 0))
    names = ("day", "account", "feature", "rung", "events", "paid_events", "trial_events")
    return rows_of([dict(zip(names, row, strict=True)) for row in rows], names)


def evidence(*lines: str, **more: Any) -> Tables:
    return Tables(TODAY, {"account": table(ACCOUNTS), "feature_usage_day": uses(*lines), **more})


def counts(reading: Reading) -> tuple[float, float]:
    facts = dict(reading.facts)
    return facts["attached_accounts"], facts["base_accounts"]


def test_a_numerator_is_a_subset_of_the_base_at_the_same_date() -> None:
    """Of k1 to k4 two paid in the window; k5 paid, but left in August, and k6 is not yet eligible."""
    found = evidence("k1 2026-08-01 chat 5", "k2 2026-09-01 search 1", "k5 2026-07-20 chat 9", "k6 2026-09-01 chat 9")
    reading = found.reading(attach_unit, EVERYTHING, WINDOW)
    assert counts(reading) == (2, 4)
    # Wilson at 90 %: .5 -+ 1.6449 sqrt(.25/4 + 1.6449^2/64) / (1 + 1.6449^2/4)
    assert (reading.value, reading.low, reading.high) == (0.5, 0.1824, 0.8176)


def test_trial_and_free_use_does_not_count() -> None:
    found = evidence("k1 2026-08-01 chat 0 7", "k2 2026-07-01 chat 4")
    assert counts(found.reading(attach_unit, EVERYTHING, WINDOW)) == (0, 4)


def test_region_segment_and_feature_narrow_the_rate() -> None:
    found = evidence("k1 2026-08-01 chat 5", "k2 2026-09-01 search 1")
    read = {
        str(scope): counts(found.reading(attach_unit, scope, WINDOW))
        for scope in (Scope.of(region="north"), Scope.of(segment="small"), Scope.of(feature="search"))
    }
    assert read == {"north": (2, 3), "small": (0, 2), "search": (1, 4)}


def test_weekly_active_looks_at_the_last_week_alone() -> None:
    found = evidence("k1 2026-08-30 chat 5", "k2 2026-08-31 chat 1")
    reading = found.reading(attach_weekly_active, EVERYTHING, WINDOW)
    assert counts(reading) == (1, 4)
    assert reading.window == Window(date(2026, 8, 31), TODAY)


def test_a_cohort_younger_than_90_days_is_left_out_and_named() -> None:
    """k1 paid on day 89, k2 on day 90; k5 was given access too and never paid; k3 is four weeks old."""
    found = evidence("k1 2026-04-09 chat 5", "k2 2026-05-11 chat 1", "k3 2026-08-11 chat 9")
    reading = found.reading(attach_cohort_90d, EVERYTHING, WINDOW)
    assert counts(reading) == (1, 3)
    assert "1 accounts are younger than 90 days" in reading.because
    young = replace(
        found,
        tables={
            **found.tables,
            "account": table("\n".join(ACCOUNTS.strip().splitlines()[:1] + ACCOUNTS.strip().splitlines()[3:4])),
        },
    )
    late = young.reading(attach_cohort_90d, EVERYTHING, WINDOW)
    assert late.value is None
    assert "1 are younger than that" in late.because


def test_revenue_of_features_is_held_against_that_of_the_base() -> None:
    """Ten accounts, base 100 and AI 10 + i each, over three months: 145/1000."""
    lines = ["day account product feature currency amount variable_cost gpu_ms"]
    people = ["day account region segment eligible_from eligible_to access_granted architecture offer offered_on"]
    for i in range(10):
        people.append(f"2025-01-01 k{i} north big 2025-01-01 - - - - -")
        for month in ("2026-06-01", "2026-07-01", "2026-08-01"):
            lines += [f"{month} k{i} gpu - RMB 100 50 -", f"{month} k{i} gpu chat RMB {10 + i} 5 -"]
    found = Tables(TODAY, {"account": table("\n".join(people)), "revenue_month": table("\n".join(lines))})
    reading = found.reading(attach_revenue, EVERYTHING, WINDOW)
    assert reading.value == 0.145
    # sd of 10..19 is 3.0277; t(9, 95 %) = 1.8331: 1.8331 x 3.0277 / sqrt(10) / 100
    assert (reading.low, reading.high) == pytest.approx((0.145 - 0.01755, 0.145 + 0.01755), abs=1e-4)
    assert found.reading(attach_revenue, Scope.of(feature="other"), WINDOW).value == 0.0


def test_a_month_without_revenue_makes_the_rate_unknown_and_not_smaller() -> None:
    lines = "day account product feature currency amount variable_cost gpu_ms\n2026-06-01 k1 gpu - RMB 100 50 -\n2026-08-01 k1 gpu - RMB 100 50 -"
    found = Tables(TODAY, {"account": table(ACCOUNTS), "revenue_month": table(lines)})
    reading = found.reading(attach_revenue, EVERYTHING, WINDOW)
    assert reading.value is None
    assert "no recurring revenue in 2026-07" in reading.because


def test_a_missing_day_may_hold_anybody() -> None:
    found = evidence("k1 2026-08-01 chat 5")
    rows = found.tables["feature_usage_day"]
    kept = [i for i, day in enumerate(rows.columns["day"]) if day != date(2026, 8, 20)]
    less = Rows({name: [values[i] for i in kept] for name, values in rows.columns.items()}, len(kept))
    reading = replace(found, tables={**found.tables, "feature_usage_day": less}).reading(
        attach_unit, EVERYTHING, WINDOW
    )
    assert (reading.value, reading.bounds) == (0.25, (0.25, 1.0))
    assert reading.high == 1.0
    assert reading.whole_days_missing == (date(2026, 8, 20),)
    assert reading.missing == pytest.approx(1 / 56, abs=1e-6)


def test_a_count_that_is_not_known_leaves_its_account_in_doubt() -> None:
    found = evidence("k1 2026-08-01 chat 5")
    rows = found.tables["feature_usage_day"]
    more = {
        name: [*values, {"day": date(2026, 8, 2), "account": "k2", "feature": "chat", "rung": "inference"}.get(name)]
        for name, values in rows.columns.items()
    }
    reading = replace(found, tables={**found.tables, "feature_usage_day": Rows(more, rows.count + 1)}).reading(
        attach_unit, EVERYTHING, WINDOW
    )
    assert reading.bounds == (0.25, 0.5)
    assert "events without a count for 1 accounts" in reading.because


def test_the_case_is_that_of_the_ask_or_of_the_plan() -> None:
    plan = table("day tranche region attach_rate\n2026-11-01 hall-4 north 0.25\n2026-12-01 hall-5 south -")
    found = Tables(TODAY, {"tranche": plan})
    assert found.reading(attach_case, Scope.of(tranche="hall-4"), WINDOW).value == 0.25
    silent = found.reading(attach_case, Scope.of(tranche="hall-5"), WINDOW)
    assert silent.value is None
    assert "names no attach rate: state attach_rate in capacity_plan, or in the ask" in silent.because
    ask = Ask("hall-5", Action.RELEASE, Scope.of(tranche="hall-5"), "ada", terms=(("attach_rate", "30%"),))
    asked = replace(found, asks=(ask,)).reading(attach_case, Scope.of(tranche="hall-5"), WINDOW)
    assert asked.value == 0.3
    assert [stated(one) for one in ("x", True, 1)] == [None, None, 1.0]


def climbing(*, up: int) -> Tables:
    """A hundred accounts; of 50 that pay in the first of 13 periods, `up` more (or fewer) do in each later one."""
    start = TODAY - timedelta(weeks=52)
    people = ["day account region segment eligible_from eligible_to access_granted architecture offer offered_on"]
    people += [f"2024-01-01 k{i:03d} north big 2024-01-01 - - - - -" for i in range(100)]
    rows = ["day account feature rung events paid_events trial_events"]
    rows += [f"{start + timedelta(days=d)} k099 chat inference 0 0 0" for d in range(364)]
    for period in range(13):
        day = start + timedelta(weeks=4 * period, days=5)
        rows += [f"{day} k{i:03d} chat inference 1 1 0" for i in range(50 + up * period)]
    plan = "day tranche pool region gpus amount currency commit_date live_date ramp_months released_share attach_rate\n"
    plan += f"2026-11-01 hall-4 a north 8 1 RMB 2026-11-01 {TODAY + timedelta(weeks=24)} - - 0.4"
    return Tables(
        TODAY,
        {"account": table("\n".join(people)), "feature_usage_day": table("\n".join(rows)), "tranche": table(plan)},
    )


def test_a_line_is_drawn_on_to_the_day_the_tranche_goes_live() -> None:
    """From .50 by .02 a period to .74, and six periods on: .86; by -.02 it is .14."""
    scope = Scope.of(region="north", tranche="hall-4")
    rising, falling = (climbing(up=up).reading(attach_at_live, scope, WINDOW) for up in (2, -2))
    assert (rising.value, falling.value) == (0.86, 0.14)
    assert rising.low is not None
    assert rising.high is not None
    assert 0.7 < rising.low < 0.86 < rising.high <= 1.0
    assert dict(rising.facts)["change_in_four_weeks"] == pytest.approx(0.02)
    assert dict(rising.facts)["four_weeks_ahead"] == 6.0


def test_without_a_tranche_or_with_few_accounts_no_line_is_drawn() -> None:
    found = climbing(up=1)
    assert "no tranche" in found.reading(attach_at_live, Scope.of(region="south"), WINDOW).because
    few = replace(found, tables={**found.tables, "account": table(ACCOUNTS)})
    assert "at least 20" in few.reading(attach_at_live, Scope.of(tranche="hall-4"), WINDOW).because
