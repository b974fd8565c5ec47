"""The economic trigger in one formula: for a last GPU that earns for ever and may be ordered at any moment, for ever.

A hand check of `trigger.economic`, which with a small tranche, a long life and a long horizon comes to `monthly` of it.
Wrong for a real tranche: a finite life makes ordering early dearer, a large tranche is not full on its first day.

Growth 5 %, volatility 30 %, discount 12 %, cost half the margin; at once, and with a lead time of nine months:

>>> f"{ratio(0.05, 0.3, 0.12, 0.5):.4f} {ratio(0.05, 0.3, 0.12, 0.5, lead_years=0.75):.4f}"
'1.5072 1.5745'

Sources: Dixit & Pindyck (1994), Investment under Uncertainty, chapters 6 and 11; Bar-Ilan & Strange (1996), American
Economic Review 86, for lead times; Broadie, Glasserman & Kou (1997), Mathematical Finance 7, for looking once a month.
"""

import math

from hardgate.models.optimal_stop import LOOK, MONTH, Motion


def ratio(growth: float, volatility: float, discount: float, cost_share: float, lead_years: float = 0.0) -> float:
    """Demand over capacity at which the unit is ordered: u with e^(-rL) (Phi(d) - c/m) = u^b Phi(d + b s sqrt L).

    There d = (ln u + (a - s^2/2) L) / (s sqrt L), and b is the negative root of s^2 b (b - 1)/2 + a b - r = 0. Without
    lead time u = (1 - c/m)^(1/b).

    Args:
        growth: of mean demand, a; annual, continuously compounded, as all rates here.
        volatility: of log demand, s.
        discount: r.
        cost_share: cost of owning over margin, c/m.
        lead_years: from the order to live, L.

    Raises:
        ValueError: volatility or discount are not positive, or the cost share is not between 0 and 1.

    """
    if not (volatility > 0 and discount > 0 and 0 < cost_share < 1 and lead_years >= 0):
        found = f"volatility {volatility}, discount {discount}, cost share {cost_share}, lead {lead_years}"
        raise ValueError(f"{found}: expected positive rates, a share between 0 and 1 and no negative lead")
    motion = Motion(growth, volatility)
    root = -(motion.drift + math.sqrt(motion.drift**2 + 2 * discount * volatility**2)) / volatility**2
    if lead_years == 0:
        return math.pow(1 - cost_share, 1 / root)
    deviation = volatility * math.sqrt(lead_years)

    def too_early(log_ratio: float) -> bool:
        d = (log_ratio + motion.drift * lead_years) / deviation
        earned = math.exp(-discount * lead_years) * (_normal(d) - cost_share)
        return earned < math.exp(root * log_ratio) * _normal(d + root * deviation)

    low, high = -1.0, 1.0
    while not too_early(low):
        low *= 2
    while too_early(high):
        high *= 2
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if too_early(middle) else (low, middle)
    return math.exp(high)


def monthly(ratio: float, volatility: float) -> float:
    """The trigger of one who looks once a month, from that of one who looks all the time.

    >>> f"{monthly(1.5072, volatility=0.3):.4f}"
    '1.4330'
    """
    return ratio * math.exp(-LOOK * volatility * math.sqrt(MONTH))


def _normal(z: float) -> float:
    """The standard normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2
