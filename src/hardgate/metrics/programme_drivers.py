"""What a programme takes the world to be: each driver with its interval and its source, our own readings first.

A driver that the table `drivers` states for the programme is taken as stated; else growth, volatility, price and the
productive share are read from our own evidence; else policy.yaml assumes it. What is in none of them is missing, and is
never taken as nothing; the few that are neutral where nobody states them are named in `NEUTRAL`.

>>> round(Given("growth", 0.3, 0.2, 0.4, "reading", Status.DERIVED).deviation, 4)
0.0608

Source: METHODS 11.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Reading, Scope, Status
from hardgate.metrics.columns import cells
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.volatility import metric as volatility

STATED = 0.9
"""The confidence of the intervals of the table `drivers`."""
NEUTRAL = {
    "price_volatility": 0.0, "correlation": 0.0, "capex": 1.0, "delay": 0.0, "opex": 1.0, "losses": 0.0,
    "idle_power": 1.0,
}  # fmt: skip
"""What holds where nobody states a driver, printed with the programme."""
NEEDED = ("growth", "volatility", "price_erosion", "tax_rate", "working_capital")
READ = {"growth": demand_growth, "volatility": volatility}
ADDED = frozenset({"growth", "price_erosion", "delay"})


@dataclass(frozen=True, slots=True)
class Given:
    """One driver: where it is, the ends of its interval where they are known, and where that comes from."""

    name: str
    value: float
    low: float | None
    high: float | None
    source: str
    status: Status
    confidence: float = STATED

    @property
    def deviation(self) -> float:
        """The standard deviation of the driver itself; 0 where no interval is known."""
        return 0.0 if self.low is None or self.high is None else (self.high - self.low) / self._width

    @property
    def relative(self) -> float:
        """The standard deviation of the driver's logarithm; 0 where no interval above nothing is known."""
        if self.low is None or self.high is None or self.low <= 0:
            return 0.0
        return log(self.high / self.low) / self._width

    @property
    def _width(self) -> float:
        """How many standard deviations the interval is wide."""
        return 2 * NormalDist().inv_cdf((1 + self.confidence) / 2)


@dataclass(frozen=True, slots=True)
class Drivers:
    """All drivers of one programme by name, and what is missing."""

    given: Mapping[str, Given]
    gaps: tuple[str, ...]
    neutral: tuple[str, ...]


def drivers(evidence: Evidence, programme: str, scope: Scope, window: Window) -> Drivers:
    """Return the drivers of a programme."""
    found = {one.name: one for one in _stated(evidence, programme)}
    gaps = []
    for name in (*NEEDED, *NEUTRAL, "power_price", "pue", "finance_rate", "reinvestment_rate"):
        if name in found:
            continue
        one = _read(evidence, name, scope, window) or _assumed(evidence, name, scope)
        if one is not None:
            found[name] = one
        elif name in NEEDED:
            gaps.append(_gap(evidence, name, scope, window))
    neutral = tuple(name for name in NEUTRAL if name not in found)
    found |= {name: Given(name, NEUTRAL[name], None, None, "not stated", Status.ASSUMED) for name in neutral}
    return Drivers(found, tuple(gaps), neutral)


def _stated(evidence: Evidence, programme: str) -> Iterable[Given]:
    rows = evidence.rows("driver")
    columns = [cells(rows, name) for name in ("programme", "driver", "value", "low", "high", "source")]
    for mine, name, value, low, high, source in sorted(zip(*columns, strict=True), key=str):
        if mine == programme and name is not None and value is not None:
            bottom, top = (None if one is None else float(one) for one in (low, high))
            yield Given(str(name), float(value), bottom, top, str(source or "drivers"), Status.ASSUMED)


def _read(evidence: Evidence, name: str, scope: Scope, window: Window) -> Given | None:
    if name not in READ:
        return None
    return of_reading(name, evidence.reading(READ[name], scope, window), evidence.confidence)


def of_reading(name: str, found: Reading, confidence: float) -> Given | None:
    """Return what a reading says of a driver; None where it has no value."""
    if found.value is None:
        return None
    source = f"reading {found.metric} of {found.scope}"
    return Given(name, found.value, found.low, found.high, source, found.status, confidence)


def _assumed(evidence: Evidence, name: str, scope: Scope) -> Given | None:
    """Return what policy.yaml assumes of a driver, of those that it may assume for all programmes."""
    found = [
        evidence.assumption(driver, scope)
        for driver in (
            "price_erosion",
            "price_volatility",
            "tax_rate",
            "working_capital",
            "power_price",
            "pue",
            "finance_rate",
            "reinvestment_rate",
        )
        if driver == name
    ]
    return next((Given(name, one.value, None, None, one.source, Status.ASSUMED) for one in found if one), None)


def _gap(evidence: Evidence, name: str, scope: Scope, window: Window) -> str:
    why = f" ({evidence.reading(READ[name], scope, window).because})" if name in READ else ""
    return f"no {name}{why}; bring drivers, or set it under assumptions"
