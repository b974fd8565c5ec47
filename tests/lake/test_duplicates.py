"""Keys that stand twice, found by slots of time as well as one by one."""

from datetime import datetime, timedelta

import pytest

from hardgate.lake import duplicates
from tests.lake.conftest import Desk

HEAD = "device,time,field,value"
START = datetime(2026, 8, 1)


def samples(every: int, count: int = 500) -> list[str]:
    """Return samples of two devices, one every so many seconds."""
    return [f"GPU-{device},{START + timedelta(seconds=at * every)},1002,0.5" for device in "ab" for at in range(count)]


@pytest.fixture(autouse=True)
def by_slots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for duplicates in small files as in large ones."""
    monkeypatch.setattr(duplicates, "_MANY", 0)


@pytest.mark.parametrize("every", [1, 10, 15, 60, 1800])
def test_a_sample_that_stands_twice_is_found_at_any_rate(desk: Desk, every: int) -> None:
    rows = samples(every)
    again = rows[123]
    other = rows[321].replace("0.5", "0.6")
    report = desk.bring("accelerator_samples", "\n".join([HEAD, *rows, again, other]))
    assert (report.rows, report.duplicates, report.rejected) == (999, 1, 2)
    assert [one.line for one in desk.rejected()] == [323, 1003]


def test_no_sample_is_suspected_when_all_lie_in_slots_of_their_own(desk: Desk) -> None:
    report = desk.bring("accelerator_samples", "\n".join([HEAD, *samples(60)]))
    assert (report.rows, report.duplicates) == (1000, 0)
    assert desk.engine.rows("select count(*) from ingest_blocks") == [(0,)]


@pytest.mark.parametrize(("extra", "suspected"), [([], 0), ([590], 1)])
def test_samples_out_of_step_are_looked_at_one_by_one_and_stay(desk: Desk, extra: list[int], suspected: int) -> None:
    seconds = [60 * at + at * 17 % 7 - 3 for at in range(1, 400)] + extra
    rows = [f"GPU-a,{START + timedelta(seconds=second)},1002,0.5" for second in seconds]
    report = desk.bring("accelerator_samples", "\n".join([HEAD, *rows]))
    assert (report.rows, report.duplicates, report.rejected) == (len(rows), 0, 0)
    assert desk.engine.rows("select count(*) from ingest_blocks") == [(suspected,)]
