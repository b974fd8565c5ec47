"""What a programme adds at the hurdle rate: the net present value of its cash over all simulated courses.

The interval holds the middle of the courses, at the confidence of policy; the standard error is that of the mean.
Wrong when what is decided on the way would stop it: the courses run to the end.

Source: METHODS 11.

>>> metric.unit
'currency'
"""

from collections.abc import Callable

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.programme_model import meant, names
from hardgate.metrics.programme_outcome import Outcome, outcome

Read = Callable[[Outcome], tuple[float | None, float | None, float | None, tuple[tuple[str, float], ...]]]
FACTS = (Fact("vintage", "amount"), Fact("driver", "value"))


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the net present value."""
    return of_programme(metric, evidence, scope, window, _npv)


def of_programme(which: Metric, evidence: Evidence, scope: Scope, window: Window, take: Read) -> Reading:
    """Read one figure of what may come of the programme that a scope means."""
    name = meant(evidence, scope)
    if name is None:
        known = names(evidence)
        found = f"{len(known)} programmes, none named by {scope}" if known else "no programme"
        return nothing(which, scope, window, found, "bring programmes, or name a tranche of one")
    made, came = outcome(evidence, name)
    if came is None:
        why = made.because or "no hurdle_rate"
        return nothing(which, scope, window, f"programme {name}: {why}", "see hardgate show outlook.programme")
    value, low, high, facts = take(came)
    middle, bottom, top = (None if one is None else round(one, which.digits) for one in (value, low, high))
    return Reading(
        which.name, scope, window, which.unit, middle, bottom, top,
        facts=tuple((key, round(one, 6)) for key, one in facts),
        status=Status.weakest((made.status, Status.DERIVED)),
        batches=made.batches,
        because=f"programme {name}, {16 * 1024:,} courses",
    )  # fmt: skip


def _npv(came: Outcome) -> tuple[float, float, float, tuple[tuple[str, float], ...]]:
    return came.npv.value, came.npv_fan[0], came.npv_fan[-1], (("npv", came.npv.value), ("error", came.npv.error))


metric = Metric(
    name="programme_npv",
    meaning="net present value of the programme at the hurdle rate",
    unit="currency",
    better=Better.HIGHER,
    digits=2,
    facts=FACTS,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
