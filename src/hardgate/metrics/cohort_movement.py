"""How the revenue of the customers of a year ago moved: expansion, contraction and churn of the closed cohort.

The last complete month is held against the same month of the year before, base and AI features together. An account
of that month whose revenue is not known now leaves the whole unknown. Wrong when prices moved with exchange rates:
amounts are converted at the rate of their own month.

>>> from hardgate.models.account_retention import Movement
>>> Closed(Movement(100.0, 30.0, 8.0, 5.0), 117.0, 12, Window(date(2025, 7, 1), date(2026, 8, 1)), "").closes
True
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_REVENUE, accounts
from hardgate.metrics.account_revenue import months_before, revenue
from hardgate.models.account_retention import Movement, movement

MONTHS = 13
CENT = 0.01


@dataclass(frozen=True, slots=True)
class Closed:
    """How a closed cohort moved, what it pays in the last month, and how many accounts it holds; or `why` not."""

    moved: Movement
    pays: float
    accounts: int
    window: Window
    why: str

    @property
    def closes(self) -> bool:
        """Tell whether start and movements add up to what the same accounts pay at the end."""
        return abs(self.moved.end - self.pays) < CENT


def closed(evidence: Evidence, scope: Scope, end: date) -> Closed:
    """Return how the cohort of a year ago moved up to the last complete month before a day."""
    window = months_before(end, MONTHS)
    names = None if scope.narrowed(("region", "segment", "account")) == EVERYTHING else accounts(evidence, scope)
    found = revenue(evidence, EVERYTHING, window, names)
    nobody = Movement(0.0, 0.0, 0.0, 0.0)
    if len(found.months) < MONTHS:
        return Closed(nobody, 0.0, 0, window, f"{len(found.months)} of {MONTHS} months of recurring revenue in {scope}")
    before, after = found.total[:, 0], found.total[:, -1]
    if np.isnan(before).any() or np.isnan(after[before > 0]).any():
        return Closed(nobody, 0.0, 0, window, "; ".join(found.gaps) or "an amount is not known")
    moved = movement(before.tolist(), after.tolist())
    why = "" if moved.start > 0 else f"no revenue of {scope} in {window.start:%Y-%m}"
    return Closed(moved, float(after[before > 0].sum()), int((before > 0).sum()), window, why)


def read(  # noqa: PLR0913  a reading has this many parts
    metric: Metric, evidence: Evidence, scope: Scope, window: Window, found: Closed, value: float | None
) -> Reading:
    """Return net or gross retention as a reading; `value` None is unknown."""
    if found.why or value is None:
        return nothing(metric, scope, found.window, found.why, BRING_REVENUE)
    value, moved = round(value, metric.digits), found.moved
    parts = (("start", moved.start), ("expansion", moved.expansion), ("contraction", moved.contraction))
    return Reading(
        metric.name, scope, found.window, metric.unit, value, value, value,
        facts=(
            *((name, round(amount, 2)) for name, amount in (*parts, ("churn", moved.churn))),
            ("accounts", float(found.accounts)),
        ),
        status=Status.REPORTED,
        sql=f"select account, day, currency, sum(amount) as amount from revenue_month where day in "
        f"(date '{found.window.start}', date '{months_before(window.end, 1).start}') group by 1, 2, 3 order by 1, 2",
        batches=evidence.batches("revenue_month", found.window),
        because=f"{found.window.start:%Y-%m} to {months_before(window.end, 1).start:%Y-%m}, closed cohort",
    )  # fmt: skip
