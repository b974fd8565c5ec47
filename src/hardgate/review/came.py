"""What came of a tranche that was once asked for: what demand used of it, at what margin, month by month.

Demand, capacity and margin are read as they are known now; what owning a GPU-month costs is what the ask said on its
day. A tranche that was built is taken out of the capacity again, so that going and holding are valued against the same
rest. Months without known demand or sales end what can be valued. Wrong when a tranche went live on another day than
the plan last said, when its customers would have stayed away from the pool without it, and a little too low where
demand swings within a month: its mean is what counts.

Source: METHODS 14.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of, months_between, window_ending
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics import demand
from hardgate.metrics.columns import DAY_MS, dates, whole
from hardgate.metrics.ownership_cost import life_months
from hardgate.metrics.ownership_cost import metric as ownership_cost
from hardgate.metrics.planned import Planned
from hardgate.metrics.rungs import INSTALLED
from hardgate.metrics.sold import sold

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.regret import Order

PLACE = ("region", "accelerator", "pool")
Series = dict[date, float]


@dataclass(frozen=True, slots=True)
class Came:
    """What came, by month from the first review of the ask on; `missing` says why it cannot be valued.

    `gain` is the margin of a used GPU-month; money is in the reporting currency.
    """

    start: date
    demand: tuple[float, ...] = ()
    position: tuple[float, ...] = ()
    gain: tuple[float, ...] = ()
    order: "Order | None" = None
    missing: str = ""

    def worth(self, days: Sequence[date]) -> tuple[float, ...]:
        """Return what going on each of some days would have earned so far."""
        from hardgate.models.regret import by_month

        if self.order is None:
            return ()
        values = by_month(self.demand, self.position, self.gain, self.order)
        return tuple(float(values[months_between(self.start, day)]) for day in days)

    def used(self, day: date) -> tuple[int, float, float, float]:
        """Return months seen live, GPUs used on average, margin earned and cost of owning, had it gone on a day."""
        if self.order is None:
            return 0, 0.0, 0.0, 0.0
        live = months_between(self.start, day) + self.order.lead_months
        seen = slice(live, live + self.order.life_months)
        above = np.subtract(self.demand[seen], self.position[seen])
        taken = np.clip(above, 0, self.order.size)
        earned = float(np.dot(taken, self.gain[seen]))
        return len(taken), float(taken.mean()), earned, self.order.own * self.order.size * len(taken)


def came(now: Evidence, then: Evidence, planned: Planned, final: Planned, scope: Scope, first: date) -> Came:  # noqa: PLR0913  what was asked and what came
    """Return what came of a tranche, as known now, from the month of its first review on.

    `planned` is the tranche as asked for in `then`, the evidence of its last review; `final` as the plan has it now.
    Nothing is valued before a month is known in which the tranche would be live if it had gone on the last review.
    """
    from hardgate.models.regret import Order

    start, place = month_of(first), scope.narrowed(PLACE)
    window = window_ending("4w", then.last_complete("pool_day") + timedelta(days=1))
    own, rate = then.reading(ownership_cost, scope, window), then.assumption("discount_rate", scope)
    if own.value is None or rate is None:
        return Came(start, missing=own.because if own.value is None else "no discount_rate: set it under assumptions")
    lead = round(planned.lead_months)
    asked = dict(demand.months(now, place, now.last_complete("pool_day") + timedelta(days=1)))
    gain, why = _gain(now, place, start)
    there = _position(now, place, start, final)
    live, last = add_months(start, lead), add_months(then.as_of, lead)
    end = add_months(max(asked, default=start), 1)
    seen = [add_months(start, i) for i in range(months_between(start, end))]
    known = list(takewhile(lambda month: month < live or all(month in one for one in (asked, gain, there)), seen))
    if last not in known:
        first_gap = add_months(start, len(known))
        return Came(start, missing=_nothing_yet(last, first_gap, asked, gain, why))
    asked_of, there_was, earned = (tuple(one.get(month, 0.0) for month in known) for one in (asked, there, gain))
    order = Order(planned.gpus, lead, life_months(then, scope), rate.value, own.value)
    return Came(start, asked_of, there_was, earned, order)


def _nothing_yet(last: date, gap: date, asked: Series, gain: Series, why: str) -> str:
    """Say what is missing in the first month that cannot be valued."""
    if gap not in asked:
        return f"it would be live in {last:%Y-%m}, and demand of {gap:%Y-%m} is not known"
    if gap not in gain:
        return why or f"it would be live in {last:%Y-%m}, and sales of {gap:%Y-%m} are not known"
    return f"no capacity known in {gap:%Y-%m}"


def _gain(now: Evidence, place: Scope, start: date) -> tuple[Series, str]:
    """Return the margin of a used GPU-month by month, and what is missing of it."""
    end = month_of(now.as_of)
    found = sold(now, place, end, max(months_between(start, end), 1))
    if found.months and not found.gaps:
        used = [one for one in found.months if one.used_gpu_hours > 0]
        return {one.month: float(one.contribution) / one.used_gpu_months for one in used}, ""
    assumed = now.assumption("margin_per_gpu_month", place)
    if assumed is None:
        return {}, "; ".join(found.gaps) or f"no sales of {place}: bring sales, or set margin_per_gpu_month"
    months = (add_months(start, i) for i in range(months_between(start, end)))
    return dict.fromkeys(months, assumed.value), ""


def _position(now: Evidence, place: Scope, start: date, final: Planned) -> Series:
    """Return the GPUs installed by month without the tranche; months with an unknown day are left out."""
    rows = now.rows("pool_day", place, Window(start, month_of(now.as_of)))
    installed, when = whole(rows, INSTALLED), np.asarray(dates(rows, "day"), dtype="datetime64[D]")
    months = when.astype("datetime64[M]")
    found: Series = {}
    for month in np.unique(months):
        mine = months == month
        if installed.known[mine].all():
            first = month.astype("datetime64[D]").item()
            there = int(installed.values[mine].sum()) / (DAY_MS * (add_months(first, 1) - first).days)
            found[first] = max(there - _own_part(when[mine], first, final), 0.0)
    return found


def _own_part(when: NDArray[np.datetime64], month: date, final: Planned) -> float:
    """Return the GPUs of the tranche itself in a month, where it was built."""
    days = (add_months(month, 1) - month).days
    live = int(np.count_nonzero(np.unique(when) >= np.datetime64(final.live_date)))
    return final.gpus * final.released_share * live / days
