"""What a tranche earns once it is ordered: margin on what demand uses of it, ownership on all of it, for its life.

Costs are linear in capacity, so a plan splits into layers: a tranche is used when demand exceeds the position below it,
whatever is built above. Wrong when a tranche is not filled last (a region of its own, a newer chip that customers
prefer): then its demand is not what exceeds the position.

Demand stays at 1,050 against a position of 1,000: of 100 GPUs ordered half are used, at 30 a month and a cost of 10,
so a month earns 500 and two months, the second discounted, 995:

>>> order = Tranche(1000, 100, lead_months=0, life_months=2, discount=0.12, gain=30, own=10)
>>> order.value_if_ordered(np.array([900, 1050]), Motion(growth=0, volatility=0)).round()
array([[-1000.,   500.],
       [-1990.,   995.]])

Sources: Black & Scholes (1973), Journal of Political Economy 81, since a month's use is a call on demand at the
position less one above the tranche; Savage (1951), Journal of the American Statistical Association 46, for regret.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.optimal_stop import MONTH, Motion

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tranche:
    """What one order buys, earns and costs.

    Attributes:
        position: GPUs live, under construction and firmly ordered before it.
        size: GPUs that it adds.
        lead_months: from the order to live.
        life_months: how long it earns.
        discount: annual rate, continuously compounded.
        gain: of a used GPU-month.
        own: cost of a GPU-month, used or not.

    Raises:
        ValueError: a figure is outside its range.

    """

    position: float
    size: float
    lead_months: float
    life_months: int
    discount: float
    gain: float
    own: float

    def __post_init__(self) -> None:
        if not (0 < self.position < math.inf and 0 < self.size < math.inf):
            raise ValueError(f"a tranche of {self.size} GPUs on a position of {self.position}: both must be positive")
        if not (0 <= self.lead_months < math.inf and self.life_months >= 1):
            raise ValueError(f"lead {self.lead_months}, life {self.life_months} months: expected at least 0 and 1")
        if not 0 < self.discount < math.inf:
            raise ValueError(f"discount {self.discount}: expected a positive rate, or waiting would cost nothing")
        if not (0 <= self.own < math.inf and math.isfinite(self.gain)):
            raise ValueError(
                f"a GPU-month gains {self.gain} and costs {self.own}: expected figures, the cost not negative"
            )

    def value_if_ordered(self, demand: Floats, motion: Motion) -> Floats:
        """The present value of ordering now, at each demand, for a tranche that earns 1, 2, ... months of its life.

        Args:
            demand: GPUs in demand today, positive, shape (points,).
            motion: of demand.

        Returns:
            money, shape (life_months, points).

        """
        months = self.lead_months + np.arange(self.life_months, dtype=np.float64)
        years = months[:, np.newaxis] * MONTH
        above_tranche = _excess(demand, self.position + self.size, motion, years)
        used = _excess(demand, self.position, motion, years) - above_tranche
        earned = (self.gain * used - self.own * self.size) * np.exp(-self.discount * years)
        return np.cumsum(earned, axis=0)

    def months_live(self, horizon_months: int) -> NDArray[np.int64]:
        """How many months it earns if ordered in each month that lets it earn one before the horizon.

        >>> Tranche(1000, 100, lead_months=2, life_months=3, discount=0.1, gain=3, own=1).months_live(7)
        array([3, 3, 3, 2, 1])
        """
        left = np.arange(math.ceil(horizon_months - self.lead_months), 0, -1, dtype=np.int64)
        return np.minimum(left, self.life_months)


def hindsight_bound(demand: ArrayLike, first: Tranche, count: int) -> float:
    """The most that anyone could have earned on this demand by ordering up to `count` equal tranches: all known before.

    Each layer has its own best month of order, and none is ordered that would lose; regret is measured from here.
    Earnings after the last month count nothing.

    Args:
        demand: GPUs in demand, one figure a month, shape (months,).
        first: the first tranche, with its lead in whole months; the next stands on it, and so on.
        count: how many may be ordered.

    """
    path = np.asarray(demand, dtype=np.float64)
    floors = first.position + first.size * np.arange(count)[:, np.newaxis]
    earned = first.gain * np.clip(path - floors, 0, first.size) - first.own * first.size
    earned *= np.exp(-first.discount * MONTH * np.arange(path.size))
    until = np.pad(np.cumsum(earned, axis=1), ((0, 0), (1, 0)))
    live = np.arange(min(math.ceil(first.lead_months), path.size), path.size + 1)
    retired = np.minimum(live + first.life_months, path.size)
    return float(np.sum(np.max(until[:, retired] - until[:, live], axis=1)))


def _excess(demand: Floats, strike: float, motion: Motion, years: Floats) -> Floats:
    """The mean of what demand has over the strike after so many years."""
    from scipy.special import ndtr

    deviation = np.maximum(motion.volatility * np.sqrt(years), 1e-12)
    d = (np.log(demand / strike) + motion.drift * years) / deviation
    excess: Floats = demand * np.exp(motion.growth * years) * ndtr(d + deviation) - strike * ndtr(d)
    return excess
