"""Was a forecast any good? Whether its interval held what came, and how far its whole distribution was from it.

The continuous ranked probability score is in the unit of what was forecast: for a forecast that is sure of one figure
it is the distance to what came, and a wider forecast pays for its width. Lower is better. Wrong when forecasts of one
series overlap: they miss together, and their coverage says less than their count.

Demand of 100 is forecast with a volatility of 20 % over a year, and 120 comes:

>>> forecast = Lognormal(math.log(100), 0.2)
>>> [round(one, 1) for one in forecast.interval(0.9)], round(forecast.score(120), 2)
([72.0, 139.0], 11.7)

Sources: Gneiting & Raftery (2007), Journal of the American Statistical Association 102; Baran & Lerch (2015), Quarterly
Journal of the Royal Meteorological Society 141, for the lognormal.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A forecast whose logarithm is normal, with this mean and deviation."""

    centre: float
    deviation: float

    @classmethod
    def of_growth(cls, level: float, growth: float, volatility: float, years: float) -> "Lognormal":
        """Return the forecast of what grows and moves at annual rates, continuously compounded, so many years ahead."""
        return cls(math.log(level) + (growth - volatility**2 / 2) * years, volatility * math.sqrt(years))

    @property
    def median(self) -> float:
        """As likely to be passed as not."""
        return math.exp(self.centre)

    def interval(self, confidence: float) -> tuple[float, float]:
        """Return the interval that leaves equal chances on both sides."""
        reach = _NORMAL.inv_cdf((1 + confidence) / 2) * self.deviation
        return math.exp(self.centre - reach), math.exp(self.centre + reach)

    def score(self, came: float) -> float:
        """Return the continuous ranked probability score of what came, which must be positive."""
        if self.deviation <= 0:
            return abs(came - self.median)
        z = (math.log(came) - self.centre) / self.deviation
        mean = math.exp(self.centre + self.deviation**2 / 2)
        spread = _NORMAL.cdf(z - self.deviation) + _NORMAL.cdf(self.deviation / math.sqrt(2)) - 1
        return came * (2 * _NORMAL.cdf(z) - 1) - 2 * mean * spread
