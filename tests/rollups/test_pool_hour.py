"""Two devices, four samples an hour."""

from datetime import date, datetime
from typing import Any

import pytest

HOUR = 3_600_000
COLUMNS = ("hour", "pool", "held", "bin", "high_bin", "gpu_ms", "sampled_gpu_ms")
NOON = datetime(2026, 3, 1, 12)


@pytest.fixture
def seen(operator: Any, owned_by: Any) -> Any:
    return owned_by(operator, "accelerator_samples", "cluster", one="p1", two="p2")


def test_an_hour_is_split_by_samples_into_held_and_free(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.9    job
    d1      one      2026-03-01T12:15  1002   0.7    job
    d1      one      2026-03-01T12:30  1002   0.5    job
    d1      one      2026-03-01T12:45  1002   0.01   -
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", *COLUMNS) == [
        (NOON, "p1", False, 1, 1, HOUR // 4, HOUR // 4),
        (NOON, "p1", True, 70, 70, HOUR * 3 // 4, HOUR * 3 // 4),
    ]


def test_an_hour_with_half_of_its_samples_is_labelled_and_with_fewer_is_not(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.6    job
    d1      one      2026-03-01T12:15  1002   0.8    job
    d2      two      2026-03-01T12:00  1002   0.9    job
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", *COLUMNS) == [
        (NOON, "p1", True, 70, 85, HOUR, HOUR // 2),
        (NOON, "p2", False, -1, -1, HOUR, 0),
    ]


def test_what_does_not_divide_is_left_in_bin_minus_one(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   1      job
    d1      one      2026-03-01T12:10  1002   1      job
    d1      one      2026-03-01T12:20  1002   1      job
    d1      one      2026-03-01T12:30  1002   0      -
    d1      one      2026-03-01T12:40  1002   0      -
    d1      one      2026-03-01T12:50  1002   0      -
    d1      one      2026-03-01T12:59  1002   0      -
    """
    seen.build("pool_hour")
    found = seen.table("pool_hour", "held", "bin", "gpu_ms")
    assert found == [(False, -1, 1), (False, 0, 2_057_142), (True, 100, 1_542_857)]
    assert sum(row[2] for row in found) == HOUR


def test_a_null_or_impossible_value_is_no_sample(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   -      job
    d1      one      2026-03-01T12:15  1002   1.5    job
    d1      one      2026-03-01T12:30  1002   nan    job
    d1      one      2026-03-01T12:45  1002   0.5    job
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", "bin", "gpu_ms") == [(-1, HOUR)]


def test_fields_are_never_mixed(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  203    0.99   job
    d1      one      2026-03-01T12:30  203    0.99   job
    d1      one      2026-03-01T12:00  1002   0.50   job
    d1      one      2026-03-01T12:30  1002   0.50   job
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", "field", "bin", "gpu_ms") == [(203, 99, HOUR), (1002, 50, HOUR)]


def test_a_device_that_no_rule_matches_stays_unallocated(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      three    2026-03-01T12:00  1002   0.5    job
    d1      three    2026-03-01T12:30  1002   0.5    job
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", "pool", "region", "gpu_ms") == [(None, None, HOUR)]


def test_samples_that_come_later_make_a_second_version_of_the_hour(seen: Any) -> None:
    """
    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.5    job

    accelerator_samples @ 2026-03-09
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:15  1002   0.9    job
    d1      one      2026-03-01T12:30  1002   0.9    job
    d1      one      2026-03-01T12:45  1002   0.9    job
    """
    seen.build("pool_hour")
    assert seen.table("pool_hour", "known", "bin", as_of=date(2026, 3, 8)) == [(date(2026, 3, 2), -1)]
    assert seen.table("pool_hour", "known", "bin", as_of=date(2026, 3, 9)) == [(date(2026, 3, 9), 80)]
