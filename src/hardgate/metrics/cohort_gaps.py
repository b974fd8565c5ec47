"""What is not known of the cohorts of each city, by week, with the order at fault where one is known to be.

A gap is a matter of its own city: the others are read as if it were not there. Wrong as a list of orders to correct:
one order is named for each day.

>>> said(("contribution",), "nanjing", [date(2026, 7, 20)], ())
'contribution of nanjing in the week of 2026-07-20 is not known'
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.overpaid_refunds import NAMED, Place, orders_at

AMOUNTS = ("orders", "paid_orders", "customers", "lapsed", "contribution", "subsidy")
WHAT = (*AMOUNTS, "cohort", "rate of exchange")
"""What a row may lack: each has one bit."""
COUNTS = sum(1 << WHAT.index(name) for name in ("customers", "subsidy", "cohort", "rate of exchange"))
"""The bits without which the new customers of a market and what was given to them do not add up."""
MONDAY = date(1970, 1, 5)
"""Of week 0, as a panel counts them: a Monday's days since 1970, in sevens."""


def lacking(
    evidence: Evidence, city: NDArray[np.object_], week: NDArray[np.int64], lacks: NDArray[np.int64]
) -> dict[str, tuple[str, ...]]:
    """Return what is not known of each city; cities of which all is known are not among the keys.

    `week` is the number of the week as a panel counts them, `lacks` has a bit for each of WHAT.
    """
    found: dict[str, dict[int, set[int]]] = {}
    for at in np.flatnonzero(lacks).tolist():
        found.setdefault(str(city[at] or ""), {}).setdefault(int(lacks[at]), set()).add(int(week[at]))
    return {
        name: tuple(_of_city(evidence, name, bits, sorted(weeks)) for bits, weeks in sorted(mine.items()))
        for name, mine in sorted(found.items())
    }


def _of_city(evidence: Evidence, city: str, bits: int, weeks: Sequence[int]) -> str:
    mondays = [MONDAY + timedelta(weeks=one) for one in weeks]
    days: set[Place] = {(city, day + timedelta(days=at)) for day in mondays for at in range(7)}
    orders = orders_at(evidence, days) if bits & (1 << WHAT.index("contribution")) else ()
    return said([name for at, name in enumerate(WHAT) if bits & (1 << at)], city, mondays, orders)


def said(what: Sequence[str], city: str, mondays: Sequence[date], orders: Sequence[str]) -> str:
    """Write what is not known of a city in some weeks, and which orders were paid back more than they took."""
    weeks = ", ".join(map(str, mondays[:NAMED])) + (f" and {len(mondays) - NAMED} more" if len(mondays) > NAMED else "")
    number = "week" if len(mondays) == 1 else "weeks"
    told = f" (order {', order '.join(orders[:NAMED])}: refund larger than the order)" if orders else ""
    verb = "is" if len(what) == 1 else "are"
    return f"{' and '.join(what)} of {city or 'no city'} in the {number} of {weeks} {verb} not known{told}"
