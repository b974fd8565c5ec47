from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Metric, Reading, Scope
from hardgate.metrics import (
    activity,
    allocated_utilization,
    productive_gpu_hours,
    productive_of_installed,
    productive_utilization,
    productivity,
    unlabelled_gpu_hours,
)
from tests.evidence import DAY, Tables, day_rows, pool_days, table

START = date(2026, 7, 13)
WINDOW = Window(START, START + timedelta(weeks=8))


def read(metric: Metric, *pools: list[dict[str, Any]], window: Window = WINDOW, scope: Scope = EVERYTHING) -> Reading:
    return Tables(window.end, {"pool_day": day_rows(*pools)}).reading(metric, scope, window)


def steps(values: list[float]) -> Callable[[int], float]:
    return lambda i: values[i % len(values)]


def test_the_worked_numbers_of_the_methods() -> None:
    """METHODS 12: ten days, .60792 .61815 .62837 at 90 %."""
    x, y = [60, 62, 58, 65, 63, 61, 59, 66, 64, 62], [100, 101, 99, 102, 100, 98, 100, 103, 101, 99]
    rows = table("day pool available_gpu_ms active_gpu_ms productive_gpu_ms unlabelled_gpu_ms\n" + "\n".join(
        f"{START + timedelta(days=i)} a {y[i]} {x[i]} {x[i]} 0" for i in range(10)
    ))  # fmt: skip
    window = Window(START, START + timedelta(days=10))
    found = Tables(window.end, {"pool_day": rows}).reading(productive_utilization.metric, EVERYTHING, window)
    assert (found.low, found.value, found.high) == (0.6079, 0.6181, 0.6284)
    assert (found.missing, found.bounds, found.because) == (0.0, None, "")


def test_a_steady_pool_is_read_exactly() -> None:
    found = read(productive_utilization.metric, pool_days("a", START, 56, productive=0.75))
    assert (found.low, found.value, found.high) == (0.75, 0.75, 0.75)
    assert found.facts == (("productive_gpu_hours", 100800.0), ("available_gpu_hours", 134400.0))
    assert found.batches == ("batch-of-pool_day",)
    assert found.sql.startswith("select day, sum(productive_gpu_ms) as productive_gpu_ms, sum(available_gpu_ms)")


def test_a_lost_day_is_unknown_not_idle() -> None:
    """One of 56 days without telemetry: named, and the reading reaches from that day idle to that day busy."""
    lost = lambda i: 0.0 if i == 20 else 0.75  # noqa: E731
    found = read(
        productive_utilization.metric,
        pool_days("a", START, 56, productive=lost, active=lost, unlabelled=lambda i: 1.0 if i == 20 else 0.0),
    )
    assert found.value == 0.75
    assert found.bounds == (round(0.75 * 55 / 56, 4), round((0.75 * 55 + 1) / 56, 4))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.bounds[0] < 0.75 < found.bounds[1] < found.high
    assert found.whole_days_missing == (date(2026, 8, 2),)
    assert found.gaps == ("a: no telemetry on 2026-08-02",)
    assert found.missing == round(1 / 56, 6)


def test_a_lost_week_is_named_as_one_run() -> None:
    found = read(
        productive_utilization.metric,
        pool_days(
            "a", START, 56, productive=lambda i: 0.0 if 7 <= i < 14 else 0.75, unlabelled=lambda i: float(7 <= i < 14)
        ),
    )
    assert found.gaps == ("a: no telemetry on 2026-07-20 to 2026-07-26",)
    assert (found.missing, len(found.whole_days_missing)) == (0.125, 7)


def test_with_allocation_alone_the_productive_rung_lies_between_none_and_all_of_it() -> None:
    found = read(
        productive_utilization.metric, pool_days("a", START, 56, active=None, productive=None, unlabelled=None)
    )
    assert (found.low, found.value, found.high) == (0.0, None, 0.9)
    assert (found.missing, found.bounds) == (1.0, (0.0, 0.9))
    assert found.because == "a: no telemetry on any day; bring accelerator_samples (DCGM field 1002)"


def test_without_outcomes_what_was_active_may_have_been_lost() -> None:
    found = read(productive_utilization.metric, pool_days("a", START, 56, productive=None))
    assert (found.bounds, found.missing, found.value) == ((0.0, 0.8), 0.8, None)
    assert found.because == "a: no record of how workloads end on any day; bring workload_allocations with outcome"


def test_a_day_without_allocation_lies_between_idle_and_full() -> None:
    found = read(allocated_utilization.metric, pool_days("a", START, 56, allocated=lambda i: None if i == 0 else 0.9))
    assert found.bounds == (round(0.9 * 55 / 56, 4), round((0.9 * 55 + 1) / 56, 4))
    assert (found.value, found.gaps) == (
        0.9,
        ("a: no allocation on 2026-07-13; bring workload_allocations or pool_usage",),
    )


def test_a_null_in_what_is_available_leaves_no_bounds() -> None:
    found = read(productive_utilization.metric, pool_days("a", START, 56, available=lambda i: None if i == 3 else 1.0))
    assert (found.low, found.value, found.high, found.known) == (None, None, None, False)
    assert found.whole_days_missing == (date(2026, 7, 16),)


def test_seven_days_are_too_few_for_an_interval() -> None:
    found = read(
        productive_utilization.metric, pool_days("a", START, 7), window=Window(START, START + timedelta(days=7))
    )
    assert (found.value, found.low, found.high) == (0.75, None, None)
    assert found.because == "7 days of evidence, at least 8 are needed"


def test_no_rows_is_no_reading_and_says_what_to_bring() -> None:
    found = read(productive_utilization.metric)
    assert (found.value, found.low, found.high, found.missing) == (None, None, None, 1.0)
    assert found.because.startswith("no live pool in everything from 2026-07-13 to 2026-09-06: bring capacity")


def test_a_pool_known_from_counts_alone_whose_rows_stop_is_a_gap() -> None:
    found = read(allocated_utilization.metric, pool_days("a", START, 56), pool_days("b", START, 50))
    assert (found.value, found.known) == (None, False)
    assert found.gaps == (
        "b: no row on 2026-09-01 to 2026-09-06; bring pool_usage of those days, or its retire date in capacity",
    )


def test_a_pool_that_the_inventory_lists_is_live_on_the_days_that_have_rows() -> None:
    inventory = table("day pool gpus live_date retire_date\n2026-07-13 b 100 2026-07-13 2026-09-01")
    rows = day_rows(pool_days("a", START, 56), pool_days("b", START, 50))
    evidence = Tables(WINDOW.end, {"pool_day": rows, "inventory": inventory})
    rows_of_b = evidence.reading(allocated_utilization.metric, Scope.of(pool="b"), WINDOW)
    assert (rows_of_b.value, rows_of_b.gaps) == (0.9, ())


def test_monthly_counts_are_read_by_whole_months() -> None:
    year = pool_days("a", date(2025, 8, 1), 396, allocated=lambda i: 0.8 + 0.01 * (i % 3), monthly=1)
    found = read(allocated_utilization.metric, year, window=Window(date(2026, 7, 10), date(2026, 9, 4)))
    assert found.window == Window(date(2025, 9, 1), date(2026, 9, 1))
    assert found.because == "whole months 2025-09-01 to 2026-08-31"
    assert (found.value, found.known) == (0.81, True)


def test_seven_months_of_counts_are_too_few() -> None:
    found = read(
        allocated_utilization.metric,
        pool_days("a", date(2026, 2, 1), 212, monthly=1),
        window=Window(date(2026, 7, 10), date(2026, 9, 4)),
    )
    assert (found.value, found.known) == (0.9, False)
    assert found.because == "whole months 2025-09-01 to 2026-08-31; 7 months of evidence, at least 8 are needed"


def test_lost_work_without_a_checkpoint_lies_between_nothing_and_all_of_it() -> None:
    found = read(productive_utilization.metric, pool_days("a", START, 56, productive=0.75, lost_unknown=0.05))
    assert (found.bounds, found.missing) == ((0.70, 0.75), 0.05)


def test_the_factors_of_the_ladder_multiply_to_the_whole() -> None:
    pool = pool_days("a", START, 56, available=0.95, allocated=0.8, active=0.6, productive=0.5)
    from hardgate.metrics import allocation, availability

    factors = [read(one.metric, pool).value or 0.0 for one in (availability, allocation, activity, productivity)]
    assert factors == [0.95, 0.8421, 0.75, 0.8333]
    assert read(productive_of_installed.metric, pool).value == 0.5
    assert factors[0] * factors[1] * factors[2] * factors[3] == pytest.approx(0.5, abs=2e-4)


def test_hours_are_exact_where_all_was_seen_and_bounds_where_not() -> None:
    seen = read(productive_gpu_hours.metric, pool_days("a", START, 56))
    assert (seen.value, seen.low, seen.high) == (100800.0, 100800.0, 100800.0)
    part = read(productive_gpu_hours.metric, pool_days("a", START, 56, unlabelled=0.1))
    assert (part.value, part.low, part.high, part.missing) == (None, 100800.0, 114240.0, 0.1)
    never = read(unlabelled_gpu_hours.metric, pool_days("a", START, 56, active=None, productive=None, unlabelled=None))
    assert (never.value, never.low, never.high) == (134400.0, 134400.0, 134400.0)


@given(
    days=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=8, max_size=30),
    removed=st.lists(st.integers(0, 10), min_size=30, max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_removing_a_sample_never_adds_to_idle(days: list[tuple[int, int]], removed: list[int]) -> None:
    """Productive hours that lose their samples become unlabelled: the bounds only widen, on both sides."""

    def bounds(cut: list[int]) -> tuple[float, float]:
        productive = [max(p - c, 0) / 100 for (p, _), c in zip(days, cut, strict=False)]
        unlabelled = [(u + min(p, c)) / 100 for (p, u), c in zip(days, cut, strict=False)]
        found = read(
            productive_utilization.metric,
            pool_days("a", START, len(days), productive=steps(productive), unlabelled=steps(unlabelled)),
            window=Window(START, START + timedelta(days=len(days))),
        )
        whole = found.value if found.value is not None else 0.0
        return found.bounds or (whole, whole)

    before, after = bounds([0] * len(days)), bounds(removed)
    assert after[0] <= before[0]
    assert after[1] == pytest.approx(before[1], abs=1e-9)


@given(shares=st.lists(st.floats(0, 0.9), min_size=8, max_size=40), more=st.floats(0, 0.1))
@settings(max_examples=100, deadline=None)
def test_more_productive_hours_never_read_as_less(shares: list[float], more: float) -> None:
    window = Window(START, START + timedelta(days=len(shares)))
    one, two = (
        read(productive_utilization.metric, pool_days("a", START, len(shares), productive=steps(each)), window=window)
        for each in (shares, [share + more for share in shares])
    )
    assert (two.value or 0) >= (one.value or 0)


def test_sums_are_whole_numbers_of_gpu_milliseconds() -> None:
    """A million GPUs over a year: 3.15e16 GPU-milliseconds, beyond what a double counts one by one."""
    found = read(
        allocated_utilization.metric,
        pool_days("a", START, 56, gpus=1_000_000, allocated=lambda i: 1 / 3 + 1e-13 * i),
    )
    assert found.value == 0.3333
    assert DAY * 1_000_000 * 365 > 2**53


def test_columns_may_come_as_lists_arrays_or_masked_arrays() -> None:
    import numpy as np

    from hardgate.core.terms import Rows
    from hardgate.metrics.columns import cells, whole

    forms: list[Any] = [
        [1, None, 3],
        np.array([1.0, np.nan, 3.0]),
        np.array([1, None, 3], dtype=object),
        np.ma.masked_array([1, 7, 3], mask=[False, True, False]),
    ]
    for form in forms:
        numbers = whole(Rows({"a": form}, 3), "a")
        assert (numbers.values.tolist(), numbers.known.tolist()) == ([1, 0, 3], [True, False, True])
        assert cells(Rows({"a": form}, 3), "a") == [1, None, 3]
