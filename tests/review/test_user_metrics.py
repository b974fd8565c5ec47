"""A user's own metric: what its comment lines say, and the sums that stand under its reading."""

from datetime import date, timedelta

import pytest

from hardgate.core.days import Window
from hardgate.core.errors import Misconfigured
from hardgate.core.terms import EVERYTHING, Rows
from hardgate.report import words
from hardgate.review.user_metrics import parse
from tests.evidence import Tables

SELECT = "select pool, day, queued_gpu_ms as numerator, allocated_gpu_ms + queued_gpu_ms as denominator from pool_day"
WEEK = [date(2026, 3, 2) + timedelta(days=at) for at in range(8)]


def facts(*lines: str) -> dict[str, float]:
    """The sums of 8 days with 1 of 4 GPU-hours queued on each."""
    one = parse("waiting", "\n".join([*lines, SELECT]), {})
    rows = Rows({"day": WEEK, "numerator": [3_600_000] * 8, "denominator": [14_400_000] * 8}, 8)
    assert one.metric.compute is not None
    found = one.metric.compute(
        Tables(date(2026, 3, 10), {"user.waiting": rows}), EVERYTHING, Window(WEEK[0], date(2026, 3, 10))
    )
    assert found.value == 0.25
    return dict(found.facts)


def test_sums_that_are_called_gpu_ms_are_shown_in_gpu_hours() -> None:
    found = facts("-- sums: queued_gpu_ms, demanded_gpu_ms")
    assert found == {"queued_gpu_hours": 8.0, "demanded_gpu_hours": 32.0}
    assert words.facts({"facts": found}, "RMB") == "queued 8 GPU-hours, demanded 32 GPU-hours"


def test_sums_that_nobody_called_anything_keep_their_figures() -> None:
    assert facts() == {"numerator": 28_800_000.0, "denominator": 115_200_000.0}


@pytest.mark.parametrize("said", ["queued_gpu_ms", "a, a", "a, b, c"])
def test_sums_are_two_names(said: str) -> None:
    with pytest.raises(Misconfigured, match=f"sums: found '{said}', expected two names"):
        parse("waiting", f"-- sums: {said}\n{SELECT}", {})
