"""Of the GPU-hours in demand, the share that waited and was not served.

Near nothing it says that capacity did not bind; well above, that usage understates demand. Wrong when the same work is
queued in several places, or when nobody queues since everybody knows it is full.

Source: METHODS 1 (usage is censored demand).

>>> metric.formula(50.0, 100.0)
0.3333333333333333
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import BRING, lost_days, nothing, rowless, rowless_gaps
from hardgate.metrics.columns import HOUR_MS, days, whole
from hardgate.metrics.ratio import blocks_of, from_blocks, sql, window_of
from hardgate.metrics.rungs import ALLOCATED, QUEUED, Span, spans


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the queued share of demand over a window."""
    from dataclasses import replace

    rows, window, monthly = window_of(evidence, scope, window)
    if rows.count == 0:
        return nothing(metric, scope, window, f"no live pool in {scope} from {window}", BRING["pool_day"])
    queued, allocated = whole(rows, QUEUED), spans(rows, ALLOCATED)
    top = Span(queued.values, queued.values, 0 * queued.values, queued.known, ~queued.known)
    bottom = Span(
        allocated.low + queued.values,
        allocated.high + queued.values,
        0 * queued.values,
        allocated.bounded,
        allocated.never,
    )
    bounded = queued.known & allocated.bounded
    gone = rowless(evidence, scope, window)
    gaps, missing_days = lost_days(rows, ~bounded, ~queued.known, QUEUED)
    blocks = blocks_of(days(rows), top, bottom, bottom.high, monthly=monthly)
    reading = from_blocks(metric, scope, window, blocks, evidence.confidence, bounded=bool(bounded.all()) and not gone)
    gaps += rowless_gaps(gone)
    return replace(
        reading,
        facts=(
            ("queued_gpu_hours", round(int(queued.values.sum()) / HOUR_MS, 3)),
            ("demanded_gpu_hours", round(int(bottom.low.sum()) / HOUR_MS, 3)),
        ),
        gaps=gaps,
        whole_days_missing=missing_days,
        sql=sql(metric, scope, window),
        batches=evidence.batches("pool_day", window),
        because="; ".join([*([reading.because] if reading.because else []), *gaps]),
    )


def _waiting(queued: float, allocated: float) -> float:
    return queued / (queued + allocated)


metric = Metric(
    name="queued_share",
    meaning="queued of demanded GPU-hours",
    unit="share",
    better=Better.LOWER,
    denominator="demanded GPU-hours",
    facts=(Fact("pool_day", QUEUED), Fact("pool_day", ALLOCATED)),
    formula=_waiting,
    compute=compute,
    at_most_one=True,
    status=Status.REPORTED,
)
