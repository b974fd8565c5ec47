"""The demand over position at which the next tranche goes: the lower of what pays and what can be carried.

The economic trigger says when ordering beats waiting; the ceiling says how busy the pool can get before work waits.
Where only the ceiling is known, the trigger is at most that. A number explained well is nearly optimal when it is
computed and badly wrong when it is guessed. Wrong where a tranche loses money at any demand and the pool is full: then
the ceiling alone asks for it here, the line beside it says in money why not, and capacity.tranche fails.

Source: METHODS 3.

>>> metric.formula(0.95, 1.08)
0.95
"""

from math import inf

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.ceiling_trigger import metric as ceiling_trigger
from hardgate.metrics.economic_trigger import metric as economic_trigger


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the lower of the ceiling and the economic trigger."""
    return lower(*(evidence.reading(one, scope, window) for one in (ceiling_trigger, economic_trigger)))


def lower(ceiling: Reading, economic: Reading) -> Reading:
    """Return the lower of two readings: known below only where both are, known above where one is."""
    highs = [one.high for one in (ceiling, economic) if one.high is not None]
    low = None if ceiling.low is None or economic.low is None else min(ceiling.low, economic.low)
    value = None if ceiling.value is None or economic.value is None else min(ceiling.value, economic.value)
    unknown = [one for one in (ceiling, economic) if one.value is None]
    said = [f"{one.metric}: {one.because}" for one in unknown] or [
        one.because for one in (ceiling, economic) if one.because
    ]
    return Reading(
        metric.name, economic.scope, economic.window, metric.unit, value, low, min(highs, default=None),
        facts=(*economic.facts, *((one.metric, one.value) for one in (ceiling, economic) if one.value is not None)),
        missing=0.0 if not unknown else 1.0,
        gaps=tuple(gap for one in unknown for gap in one.gaps),
        status=Status.weakest((ceiling.status, economic.status)),
        sql=economic.sql or ceiling.sql,
        batches=tuple(sorted({*ceiling.batches, *economic.batches})),
        because="; ".join(said),
        says=_says(economic),
    )  # fmt: skip


def _says(economic: Reading) -> str:
    alone = "; only the ceiling asks for it" if economic.says and economic.value == inf else ""
    return economic.says + alone


metric = Metric(
    name="trigger",
    meaning="demand over position at which the next tranche goes",
    unit="share",
    better=Better.NEITHER,
    denominator="GPUs of the capacity position",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms"), Fact("inventory", "gpus")),
    formula=min,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
