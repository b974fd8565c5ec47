"""A ratio of sums over a window, with an interval from its daily blocks and bounds from what was not seen.

The numerator of a day lies between what was seen and what was seen plus what was not; the interval is drawn round both
extremes, so that it covers the noise of the days and the missing part. Monthly counts are read by whole months: the
window becomes the last twelve complete months and a block is a month. Wrong when the blocks are dependent over more
days than the lag of the interval allows.

Source: METHODS 12; Newey & West 1987 for the variance of dependent blocks.

>>> point(6.0, 8.0, digits=2)
0.75
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import Evidence, Metric, Reading, Rows, Scope
from hardgate.metrics.absence import BRING, lost_days, nothing, rowless, rowless_gaps
from hardgate.metrics.columns import HOUR_MS, Days, Mask, Whole, days, whole
from hardgate.metrics.rungs import AVAILABLE, Span, spans

FEWEST_BLOCKS = 8
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sums by block (a day or a month), in order: the numerator and denominator of the lowest and highest ratio."""

    low: tuple[Whole, Whole]
    high: tuple[Whole, Whole]
    seen: tuple[float, float]
    missing: float
    word: str


def read(metric: Metric) -> Callable[[Evidence, Scope, Window], Reading]:
    """Return how a metric that is a formula over facts is read: a sum, or the ratio of its first two facts."""
    return partial(_ratio if len(metric.facts) > 1 else _total, metric)


def point(numerator: float, denominator: float, digits: int) -> float:
    """Return a ratio, rounded."""
    return round(numerator / denominator, digits)


def window_of(evidence: Evidence, scope: Scope, window: Window) -> tuple[Rows, Window, bool]:
    """Return the rows of pool_day to read, their window, and whether blocks are months.

    Where any row of the window comes from a monthly count, the window is the last twelve complete months.
    """
    rows = evidence.rows("pool_day", scope, window)
    if not whole(rows, "monthly").values.any():
        return rows, window, False
    last = month_of(window.end)
    months = Window(add_months(last, -MONTHS), last)
    return evidence.rows("pool_day", scope, months), months, True


def _ratio(metric: Metric, evidence: Evidence, scope: Scope, window: Window) -> Reading:
    rows, window, monthly = window_of(evidence, scope, window)
    if rows.count == 0:
        return nothing(metric, scope, window, f"no live pool in {scope} from {window}", BRING["pool_day"])
    top, bottom = (spans(rows, fact.column) for fact in metric.facts[:2])
    papers = _papers(metric, evidence, scope, window, rows, top, bottom.bounded)
    blocks = blocks_of(days(rows), top, bottom, whole(rows, AVAILABLE).values, monthly=monthly)
    reading = from_blocks(metric, scope, window, blocks, evidence.confidence, bounded=papers.bounded)
    said = [f"whole months {window}"] if monthly else []
    said += [reading.because] if reading.because else []
    return papers.on(replace(reading, facts=_facts(metric, top, bottom)), said)


@dataclass(frozen=True, slots=True)
class Papers:
    """What goes with a reading: its gaps, its query, its batches, and whether the missing part has bounds."""

    gaps: tuple[str, ...]
    missing_days: tuple[date, ...]
    sql: str
    batches: tuple[str, ...]
    bounded: bool

    def on(self, reading: Reading, said: Sequence[str] = ()) -> Reading:
        """Return the reading with its papers."""
        return replace(
            reading,
            gaps=self.gaps,
            whole_days_missing=self.missing_days,
            sql=self.sql,
            batches=self.batches,
            because="; ".join([*said, *self.gaps]),
        )


def _papers(  # noqa: PLR0913  what is known of the question
    metric: Metric, evidence: Evidence, scope: Scope, window: Window, rows: Rows, span: Span, bounded: Mask
) -> Papers:
    bounded = bounded & span.bounded
    available = whole(rows, AVAILABLE).values
    lost = (span.missing >= available) & (available > 0) | ~bounded
    gaps, missing_days = lost_days(rows, lost, span.never & (span.missing > 0), metric.facts[0].column)
    gone = rowless(evidence, scope, window)
    missing_days = tuple(sorted({*missing_days, *(day for when in gone.values() for day in when)}))
    return Papers(
        gaps + rowless_gaps(gone),
        missing_days,
        sql(metric, scope, window),
        evidence.batches("pool_day", window),
        bool(bounded.all()) and not gone,
    )


def blocks_of(when: Days, top: Span, bottom: Span, available: Whole, *, monthly: bool) -> Blocks:
    """Add up the extremes of a ratio of two rungs by day or by month.

    The lowest ratio has the least on top and the most below; the highest the most on top, and no less than that below.
    """
    keys = when.astype("datetime64[M]") if monthly else when
    found, block = np.unique(keys, return_inverse=True)
    add = partial(_add, block, len(found))
    share = np.divide(np.minimum(top.missing, available), available, out=np.zeros(len(when)), where=available > 0)
    seen = bottom.low - (bottom.low * share).round().astype(np.int64)
    known = np.where(top.never, 0, 1)
    total = int(available.sum())
    return Blocks(
        (add(top.low), add(np.maximum(bottom.high, top.low))),
        (add(top.high), add(np.maximum(bottom.low, top.high))),
        (float((top.low * known).sum()), float((np.maximum(seen, top.low) * known).sum())),
        float(np.minimum(top.missing, available).sum() / total) if total else 0.0,
        "month" if monthly else "day",
    )


def _add(block: NDArray[np.intp], count: int, values: Whole) -> Whole:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, block, values)
    return sums


def from_blocks(  # noqa: PLR0913  a reading has this many parts
    metric: Metric, scope: Scope, window: Window, blocks: Blocks, confidence: float, *, bounded: bool = True
) -> Reading:
    """Make a reading of a ratio from sums by block: its value over what was seen, its interval round both extremes."""
    extremes = [(n.sum(), d.sum()) for n, d in (blocks.low, blocks.high)]
    if any(d <= 0 for _, d in extremes):
        return nothing(metric, scope, window, f"no {metric.denominator} in {scope} from {window}", BRING["pool_day"])
    numerator, denominator = blocks.seen
    value = point(numerator, denominator, metric.digits) if denominator > 0 and blocks.missing < 1 else None
    bounds = tuple(point(float(n), float(d), metric.digits) for n, d in extremes)
    low, high, words = (
        _interval(metric, blocks, confidence) if bounded else (None, None, "no bounds for the missing part")
    )
    return Reading(
        metric.name, scope, window, metric.unit, value if bounded else None, low, high,
        missing=round(blocks.missing, 6), status=metric.status, because=words,
        bounds=(bounds[0], bounds[1]) if blocks.missing > 0 and bounded else None,
    )  # fmt: skip


def _interval(metric: Metric, blocks: Blocks, confidence: float) -> tuple[float | None, float | None, str]:
    from hardgate.models import intervals

    count = len(blocks.low[0])
    low, high = (intervals.ratio(n.astype(float), d.astype(float), confidence) for n, d in (blocks.low, blocks.high))
    if low is None or high is None:
        return (
            None,
            None,
            f"{count} {blocks.word}{'s' if count != 1 else ''} of evidence, at least {FEWEST_BLOCKS} are needed",
        )
    bottom, top = (max(low.low, 0.0), min(high.high, 1.0)) if metric.at_most_one else (low.low, high.high)
    return round(bottom, metric.digits), round(top, metric.digits), ""


def _facts(metric: Metric, top: Span, bottom: Span) -> tuple[tuple[str, float], ...]:
    """Return the sums that the reading came from, in GPU-hours."""
    found = [(metric.facts[0].column, top.low), (metric.facts[1].column, bottom.low)]
    if top.missing.any():
        found.append(("not_seen_gpu_ms", top.missing))
    return tuple((name.replace("_gpu_ms", "_gpu_hours"), round(int(sums.sum()) / HOUR_MS, 3)) for name, sums in found)


def _total(metric: Metric, evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read a sum of GPU-hours: exact where everything was seen, else between its bounds."""
    rows = evidence.rows("pool_day", scope, window)
    if rows.count == 0:
        return nothing(metric, scope, window, f"no live pool in {scope} from {window}", BRING["pool_day"])
    span = spans(rows, metric.facts[0].column)
    papers = _papers(metric, evidence, scope, window, rows, span, span.bounded)
    available = int(whole(rows, AVAILABLE).values.sum())
    low, high = (round(int(sums.sum()) / HOUR_MS, metric.digits) for sums in (span.low, span.high))
    missing = round(int(span.missing.sum()) / available, 6) if available else 0.0
    reading = Reading(
        metric.name, scope, window, metric.unit,
        low if papers.bounded and low == high else None,
        low if papers.bounded else None,
        high if papers.bounded else None,
        facts=((metric.facts[0].column.replace("_gpu_ms", "_gpu_hours"), low),),
        missing=missing,
        status=metric.status,
        bounds=(low, high) if papers.bounded and missing else None,
    )  # fmt: skip
    return papers.on(reading)


def sql(
    metric: Metric, scope: Scope, window: Window, dimensions: Sequence[str] = ("region", "accelerator", "pool")
) -> str:
    """Return the query over the rollup that a reading's sums can be checked with."""
    facts = ", ".join(f"{fact.how}({fact.column}) as {fact.column}" for fact in metric.facts)
    where = [f"{name} = {_quoted(value)}" for name, value in scope.parts if name in dimensions]
    where += [f"day >= date '{window.start}'", f"day < date '{window.end}'"]
    return f"select day, {facts} from {metric.facts[0].table} where {' and '.join(where)} group by day order by day"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
