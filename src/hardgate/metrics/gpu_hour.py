"""What a productive GPU-hour of a pool costs: as billed, and as its capital, running cost and power make it.

An hour that is not productive is paid for by those that are, so the cost falls with the productive share of what is
installed, and its interval comes from that share's. `used` is the cost at full use: the rest is the price of idleness.
Wrong when a pool's machines were bought at very different prices: the mean of the inventory is taken.

>>> rate = over(2.5, Share(0.48, 0.5, 0.52), variable=0.1)
>>> rate.value, rate.used
(5.0, 2.5)
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Reading, Scope, Status
from hardgate.metrics.columns import HOUR_MS, absent, amounts, cells, dates, whole
from hardgate.metrics.cost_source import SOURCES, cost
from hardgate.metrics.ownership_cost import life_months
from hardgate.metrics.productive_of_installed import metric as productive_of_installed
from hardgate.metrics.reporting_currency import convert
from hardgate.metrics.rungs import INSTALLED
from hardgate.metrics.shadow_price import metric as earned

PLACE = ("region", "accelerator", "pool")


@dataclass(frozen=True, slots=True)
class Share:
    """The productive share of installed GPU-hours, with its interval."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Rate:
    """Cost of a productive GPU-hour in the reporting currency; `used` at full use.

    `variable` is what goes with the work: its power, NaN where that is not known.
    """

    low: float
    value: float
    high: float
    used: float
    variable: float
    share: Share
    status: Status = Status.DERIVED
    batches: tuple[str, ...] = ()

    def at_least(self, shadow: Reading | None) -> "Rate":
        """Return the rate or, where its hours would earn more elsewhere, what they would earn."""
        if shadow is None or shadow.value is None or shadow.low is None or shadow.high is None:
            return self
        return Rate(
            max(self.low, shadow.low), max(self.value, shadow.value), max(self.high, shadow.high), self.used,
            self.variable, self.share, Status.weakest((self.status, shadow.status)), self.batches,
        )  # fmt: skip


def over(installed_hour: float, share: Share, *, variable: float, beside: float = 0.0) -> Rate:
    """Return what a productive hour costs where an installed one costs so much, and `beside` comes on top of each."""
    low, value, high = (installed_hour / one + beside for one in (share.high, share.value, share.low))
    return Rate(low, value, high, installed_hour + beside, variable, share)


def productive_share(evidence: Evidence, scope: Scope, window: Window) -> Share | str:
    """Return the productive share of a pool, or what is missing for it."""
    found = evidence.reading(productive_of_installed, scope, window)
    if found.value is None or found.low is None or found.high is None or found.low <= 0:
        return f"{scope}: productive share of installed GPU-hours is not known: {found.because or 'nothing ran'}"
    return Share(found.low, found.value, found.high)


def as_billed(evidence: Evidence, scope: Scope, window: Window) -> Rate | str:
    """Return the cost by the declared cost source, or what is missing for it."""
    spent = cost(evidence, evidence.cost_source, window, scope)
    rows = evidence.rows("pool_day", scope, window)
    installed = whole(rows, INSTALLED)
    hours = int(installed.values.sum()) / HOUR_MS
    if spent.total is None or hours <= 0 or not installed.known.all():
        why = "; ".join(spent.gaps) or f"no {SOURCES[evidence.cost_source].words} or no live GPU-hours"
        return f"{scope}: {why} from {window}; bring {evidence.cost_source} and capacity"
    share = productive_share(evidence, scope, window)
    if isinstance(share, str):
        return share
    power = _power(evidence, scope, window.end)
    rate = over(float(spent.total) / hours, share, variable=power if isinstance(power, float) else float("nan"))
    return Rate(
        rate.low, rate.value, rate.high, rate.used, rate.variable, share, Status.DERIVED, _batches(evidence, window)
    )


def by_design(evidence: Evidence, scope: Scope, window: Window, share: Share | None = None) -> Rate | str:
    """Return the cost that capital recovery, running cost and power make, or what is missing for it.

    `share` stands in for the productive share that was measured: a target, or all of it.
    """
    from hardgate.models.price_floor import per_gpu_hour

    machine, terms = _machine(evidence, scope, window.end), _terms(evidence, scope)
    power = _power(evidence, scope, window.end)
    measured = share or productive_share(evidence, scope, window)
    for one in (machine, terms, power, measured):
        if isinstance(one, str):
            return one
    assert isinstance(machine, tuple) and isinstance(terms, tuple)  # noqa: S101, PT018  for the type checker alone
    assert isinstance(measured, Share) and isinstance(power, float)  # noqa: S101, PT018  as above
    capex, kilowatts = machine
    rate, opex, price, pue = terms
    years = life_months(evidence, scope) / 12

    def cost_at(busy: float) -> float:
        return per_gpu_hour(capex, rate, years, opex, min(busy, 1.0), kilowatts, pue, price)

    return Rate(
        cost_at(measured.high), cost_at(measured.value), cost_at(measured.low), cost_at(1.0), power, measured,
        Status.ASSUMED, tuple(sorted({*evidence.batches("inventory"), *evidence.batches("pool_day", window)})),
    )  # fmt: skip


def shadow_price(evidence: Evidence, scope: Scope, window: Window) -> Reading | None:
    """Return what one more GPU-hour of a pool would earn; None where nobody knows who asks for it.

    This is the only place of pricing that reads it. Where the pool is not full it is worth nothing.
    """
    found = evidence.reading(earned, scope.narrowed(PLACE), window)
    return found if found.value is not None else None


def _terms(evidence: Evidence, scope: Scope) -> tuple[float, ...] | str:
    found = {term: evidence.assumption(term, scope) for term in ("hurdle_rate", "opex_share", "power_price", "pue")}
    lacking = [term for term, one in found.items() if one is None]
    if lacking:
        return f"{scope}: no {' and no '.join(lacking)}; set them under assumptions in policy.yaml"
    return tuple(one.value for one in found.values() if one is not None)


def _power(evidence: Evidence, scope: Scope, day: date) -> float | str:
    """Return what the power of a used GPU-hour costs, in the reporting currency."""
    machine = _machine(evidence, scope, day, priced=False)
    price, pue = (evidence.assumption(name, scope) for name in ("power_price", "pue"))
    if isinstance(machine, str):
        return machine
    if price is None or pue is None:
        return f"{scope}: no power_price or no pue; set them under assumptions in policy.yaml"
    return machine[1] * pue.value * price.value


def _machine(evidence: Evidence, scope: Scope, day: date, *, priced: bool = True) -> tuple[float, float] | str:
    """Return capital and kilowatts of one GPU of what is live: the means of the inventory."""
    rows = evidence.rows("inventory", scope)
    live = [
        i
        for i, (start, end) in enumerate(zip(dates(rows, "day"), dates(rows, "retire_date"), strict=True))
        if start is not None and start < day and (end is None or end >= day)
    ]
    gpus, kilowatts = cells(rows, "gpus"), cells(rows, "kilowatts")
    count = sum(int(gpus[i]) for i in live if not absent(gpus[i]))
    if not count or any(absent(gpus[i]) or absent(kilowatts[i]) for i in live):
        return f"{scope}: no live GPUs with their kilowatts in the inventory; bring capacity with kilowatts"
    if not priced:
        return 0.0, sum(float(kilowatts[i]) for i in live) / count
    money, currency = amounts(rows, "capex"), cells(rows, "currency")
    paid = convert(evidence, ((money[i], currency[i], day - timedelta(days=1)) for i in live), "capex")
    if paid.total is None or paid.total <= Decimal(0):
        return f"{scope}: {'; '.join(paid.gaps) or 'no capex'}; bring capacity with capex"
    return float(paid.total) / count, sum(float(kilowatts[i]) for i in live) / count


def _batches(evidence: Evidence, window: Window) -> tuple[str, ...]:
    rollup = SOURCES[evidence.cost_source].rollup
    return tuple(sorted({*evidence.batches("pool_day", window), *evidence.batches(rollup, window)}))
