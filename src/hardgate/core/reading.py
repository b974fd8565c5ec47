"""One number with all its papers: where it comes from, its interval, and what is missing of it.

>>> str(Status.weakest([Status.MEASURED, Status.ASSUMED]))
'assumed'
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hardgate.core.days import Window
from hardgate.core.scope import Scope


class Status(StrEnum):
    """Where a number comes from, strongest first; a result is as good as its weakest input."""

    MEASURED = "measured"
    REPORTED = "reported"
    DERIVED = "derived"
    ASSUMED = "assumed"

    @classmethod
    def weakest(cls, statuses: Iterable["Status"]) -> "Status":
        """Return the weakest of some statuses; of none, `ASSUMED`."""
        order = list(cls)
        return max(statuses, key=order.index, default=cls.ASSUMED)


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric, one scope, one window, and all that is needed to recompute it.

    `value` None with bounds: only the bounds are known. Without bounds: nothing is. `missing` is the share of the
    window without evidence, `gaps` names what is missing. `facts` are the named sums the value came from.
    `bounds`, where something is missing, is the value with all of the missing part idle and with all of it busy.
    `says` stands beside the number wherever it is judged, whatever the verdict.
    """

    metric: str
    scope: Scope
    window: Window
    unit: str
    value: float | None
    low: float | None
    high: float | None
    facts: tuple[tuple[str, float], ...] = ()
    missing: float = 0.0
    gaps: tuple[str, ...] = ()
    whole_days_missing: tuple[date, ...] = ()
    status: Status = Status.MEASURED
    sql: str = ""
    batches: tuple[str, ...] = ()
    because: str = ""
    bounds: tuple[float, float] | None = None
    says: str = ""

    @property
    def known(self) -> bool:
        """Tell whether there are bounds to judge on."""
        return self.low is not None and self.high is not None

    @property
    def exact(self) -> bool:
        """Tell whether the reading has no uncertainty of its own."""
        return self.known and self.low == self.high
