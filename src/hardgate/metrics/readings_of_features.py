"""How a figure of one feature's experiment becomes a reading: what it rests on, and why there is none.

>>> less(0.08, 0.03)
0.05
"""

from collections.abc import Callable
from dataclasses import dataclass

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.readout import Readout, readout

REGISTER = (
    "bring experiments: window, metrics, minimum effect, looks and guardrails, registered before the first exposure"
)
QUOTE = "'"
COUNT = "bring exposures and orders, or experiment_results"
ANEW = "register it anew, under a name of its own, before anyone is shown it"
SPLIT = "mend the assignment, or the export of exposures"


@dataclass(frozen=True, slots=True)
class Ends:
    """A figure with its ends; None is open. `facts` and `said` go with it."""

    value: float
    low: float | None
    high: float | None
    facts: tuple[tuple[str, float], ...] = ()
    said: str = ""


def less(value: float, than: float) -> float:
    """Return a difference, rounded as a share is."""
    return round(value - than, 4)


def of_feature(
    evidence: Evidence, scope: Scope, window: Window, metric: Metric, figure: Callable[[Readout], Ends | None]
) -> Reading:
    """Read a figure of a feature's result; none where its registration is void or its sums cannot be trusted."""

    def trusted(found: Readout) -> Ends | None:
        return None if found.refused else figure(found)

    return of_registration(evidence, scope, window, metric, trusted)


def of_registration(
    evidence: Evidence, scope: Scope, window: Window, metric: Metric, figure: Callable[[Readout], Ends | None]
) -> Reading:
    """Read a figure of a registered feature."""
    feature = scope.as_mapping().get("feature")
    if feature is None:
        return nothing(metric, scope, window, f"{scope} names no feature", REGISTER)
    found = readout(evidence, feature)
    if isinstance(found, str):
        return nothing(metric, scope, window, found, REGISTER)
    ends = figure(found)
    if ends is None:
        bring = ANEW if found.registered.void else SPLIT if found.uneven else COUNT
        return nothing(metric, scope, window, found.refused or "no sums of its metrics", bring)
    value, low, high = (None if one is None else round(one, metric.digits) for one in (ends.value, ends.low, ends.high))
    if value is not None and low is not None and high is not None:
        value = min(max(value, low), high)
    mine = Window(found.registered.starts_on, found.registered.ends_on)
    return Reading(
        metric.name, scope, mine, metric.unit, value, low, high,
        facts=(*ends.facts, ("looks_done", float(found.looks_done)), ("looks", float(found.registered.looks))),
        status=metric.status,
        sql=f"select * from feature_day where feature = '{feature.replace(QUOTE, QUOTE * 2)}' order by day, arm",
        batches=tuple(
            sorted(
                {batch for rollup in ("experiment", "exposure_day") for batch in evidence.batches(rollup)}
                | {*evidence.batches("feature_day", mine)}
            )
        ),
        because="; ".join(filter(None, (ends.said, f"registration {found.registered.digest}"))),
    )  # fmt: skip
