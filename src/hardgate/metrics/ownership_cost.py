"""What one GPU-month costs to own, used or not: depreciation, capital, fixed power and space.

Of a tranche: its price by the capital recovery factor at the discount rate over `life_months` (48), and
`fixed_cost_per_gpu_month`, else the power of the inventory at `power_price` and `pue`. Without a price, what the
declared cost source says an installed GPU-month has cost. Wrong when the next GPUs cost much less than the last.

Source: METHODS 3 (own) and 4; the capital recovery factor of engineering economics.

>>> round(metric.formula(48_000.0, 0.3155 / 12, 100.0))
1362
"""

from datetime import date
from math import exp

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import HOUR_MS, HOURS_PER_MONTH, cells, whole
from hardgate.metrics.cost_source import SOURCES, cost, months_paid
from hardgate.metrics.planned import Planned, meant
from hardgate.metrics.reporting_currency import convert
from hardgate.metrics.rungs import INSTALLED

LIFE_MONTHS = 48
MONTHS = 12
BRING = "give the tranche an amount, and set discount_rate and fixed_cost_per_gpu_month under assumptions"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the cost of owning a GPU-month, in the reporting currency."""
    planned = meant(evidence, scope)
    rate = evidence.assumption("discount_rate", scope)
    return owned(evidence, scope, window, planned, None if rate is None else exp(rate.value) - 1)


def owned(evidence: Evidence, scope: Scope, window: Window, planned: Planned | None, rate: float | None) -> Reading:
    """Read the cost of owning a GPU-month of a tranche at a rate of return, effective per year."""
    from hardgate.models.price_floor import capital_recovery

    price = None if planned is None else price_per_gpu(evidence, planned, evidence.as_of)
    fixed = fixed_cost(evidence, scope)
    if price is None or rate is None or fixed is None:
        return _realised(evidence, scope, window)
    life = life_months(evidence, scope)
    recovery = capital_recovery(rate, life / 12) / 12
    value = round(price * recovery + fixed, metric.digits)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("price_per_gpu", round(price, 2)), ("recovery", round(recovery, 6)), ("fixed", round(fixed, 2))),
        status=Status.ASSUMED,
        batches=evidence.batches("tranche"),
        because=f"over {life:.0f} months at {100 * rate:.1f} % a year",
    )  # fmt: skip


def life_months(evidence: Evidence, scope: Scope) -> int:
    """Return the useful life that is assumed, 48 months by default."""
    life = evidence.assumption("life_months", scope)
    return int(life.value) if life else LIFE_MONTHS


def price_per_gpu(evidence: Evidence, planned: Planned, day: date) -> float | None:
    """Return the capital of one GPU of a tranche in the reporting currency; None without an amount or a rate."""
    money = convert(evidence, [(planned.amount, planned.currency or None, day)], "amount").total
    return None if money is None or planned.gpus <= 0 else float(money) / planned.gpus


def fixed_cost(evidence: Evidence, scope: Scope) -> float | None:
    """Return fixed power and space of a GPU-month: assumed, else the power of the inventory, else None."""
    assumed = evidence.assumption("fixed_cost_per_gpu_month", scope)
    if assumed is not None:
        return assumed.value
    price, pue = (evidence.assumption(name, scope) for name in ("power_price", "pue"))
    rows = evidence.rows("inventory", scope)
    known = [
        (float(kilowatts), float(gpus))
        for kilowatts, gpus in zip(cells(rows, "kilowatts"), cells(rows, "gpus"), strict=True)
        if kilowatts is not None and gpus
    ]
    if price is None or pue is None or not known:
        return None
    kilowatts_per_gpu = sum(one for one, _ in known) / sum(gpus for _, gpus in known)
    return kilowatts_per_gpu * pue.value * price.value * HOURS_PER_MONTH


def _realised(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what an installed GPU-month has cost over the last complete months."""
    paid = months_paid(evidence, evidence.cost_source, MONTHS)
    if paid is None:
        return nothing(metric, scope, window, f"no price of a tranche and no cost of {scope}", BRING)
    where = scope.narrowed(("region", "accelerator", "pool"))
    spent = cost(evidence, evidence.cost_source, paid, where)
    rows = evidence.rows("pool_day", where, paid)
    installed = whole(rows, INSTALLED)
    months = int(installed.values.sum()) / HOUR_MS / HOURS_PER_MONTH
    if spent.total is None or months <= 0 or not installed.known.all():
        return nothing(metric, scope, paid, "; ".join(spent.gaps) or f"no cost of {scope} from {paid}", BRING)
    value = round(float(spent.total) / months, metric.digits)
    return Reading(
        metric.name, scope, paid, metric.unit, value, value, value,
        facts=(("cost", round(float(spent.total), 2)), ("installed_gpu_months", round(months, 3))),
        status=Status.DERIVED,
        batches=evidence.batches(SOURCES[evidence.cost_source].rollup, paid),
        because=f"{SOURCES[evidence.cost_source].words} over installed GPU-months, {paid}",
    )  # fmt: skip


def _own(price: float, recovery: float, fixed: float) -> float:
    return price * recovery + fixed


metric = Metric(
    name="ownership_cost",
    meaning="cost of owning a GPU-month, used or not",
    unit="currency per GPU-month",
    better=Better.LOWER,
    denominator="GPU-months",
    digits=2,
    facts=(Fact("tranche", "amount"), Fact("tranche", "gpus")),
    formula=_own,
    compute=compute,
    interval="exact",
    status=Status.DERIVED,
)
