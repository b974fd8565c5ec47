"""What a pool's demand is expected to be in a later month, from its level, growth and volatility as known on a date.

The same geometric Brownian motion that the trigger stands on, so that scoring this forecast checks the trigger's own
view of demand. Wrong for demand that jumps, or whose growth fades within the lead time.

Source: METHODS 3 and 14.

>>> round(ahead(100.0, 0.3, 0.2, 12).median, 1)
132.3
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hardgate.core.days import months_between, window_ending
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.demand import months
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.volatility import metric as volatility

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.forecast_score import Lognormal

WINDOW = "4w"


def forecast(evidence: Evidence, place: Scope, month: date) -> "Lognormal | None":
    """Return the forecast of mean demand in a month; None where level, growth or volatility is not known."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    growth, moves = (evidence.reading(one, place, window).value for one in (demand_growth, volatility))
    known = months(evidence, place, window.end)
    if growth is None or moves is None or not known:
        return None
    last, level = known[-1]
    return ahead(level, growth, moves, months_between(last, month))


def ahead(level: float, growth: float, moves: float, count: int) -> "Lognormal":
    """Return the forecast so many months ahead of a level."""
    from hardgate.models.forecast_score import Lognormal

    return Lognormal.of_growth(level, growth, moves, count / 12)
