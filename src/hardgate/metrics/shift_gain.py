"""What the best alternative to ordering now is worth more than ordering, over the tranche's amount.

Alternatives are waiting a quarter, another pool of the same region or accelerator, and a lease; the cancel fee that is
due today is taken off each. The interval runs over the ends of demand and margin, with the same draws at each. Wrong
when an alternative was left out for want of a figure: the table of outlook.shift names those.

Source: METHODS 13.

>>> metric.formula(300_000.0, 10_000_000.0)
0.03
"""

from dataclasses import replace

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import share
from hardgate.metrics.shift_options import options


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the gain of the best alternative."""
    found = options(evidence, scope, window)
    if found.missing or not found.alternatives:
        why = found.missing or f"nothing else can be compared: {'; '.join(found.left_out)}"
        return replace(nothing(metric, scope, window, why, "see its own evidence"), because=why)
    best = max(found.alternatives, key=lambda one: one.gain)
    ends = (best.gain, *(max(getattr(one, end) for one in found.alternatives) for end in ("gain_low", "gain_high")))
    value, low, high = (round(share(one, found.amount), metric.digits) for one in ends)
    facts = [(one.name.replace(" ", "_"), round(one.value, 2)) for one in found.worths]
    return Reading(
        metric.name, scope, found.inputs[0].window, metric.unit, value, min(low, value), max(high, value),
        facts=(("gain", round(best.gain, 2)), ("amount", round(found.amount, 2)), *facts),
        missing=found.inputs[0].missing,
        gaps=found.inputs[0].gaps,
        status=Status.weakest((Status.ASSUMED, *(one.status for one in found.inputs))),
        sql=found.inputs[0].sql,
        batches=tuple(sorted({b for one in found.inputs for b in one.batches} | set(evidence.batches("cancel_fee")))),
        because=f"best is to {best.name}",
    )  # fmt: skip


metric = Metric(
    name="shift_gain",
    meaning="value of the best alternative less that of ordering now, of the tranche's amount",
    unit="share",
    better=Better.NEITHER,
    denominator="amount of the tranche",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("inventory", "gpus"), Fact("cancel_fee", "fee")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
