"""The revenue that a tranche needs in its first months for its net present value to be zero at the hurdle rate.

Capital of the plan, fixed power and space of every GPU, and the variable cost of what is used, over `life_months` (48);
with a ramp the load rises evenly over its months. Wrong when the tranche can be sold at the end of its life: no
residual value is counted.

Source: METHODS 3, revenue needed; equivalent annual cost of corporate finance.

>>> ramp(4)
(0.2, 0.4, 0.6, 0.8)
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import HOURS_PER_MONTH
from hardgate.metrics.commitments import coverage_window
from hardgate.metrics.ownership_cost import fixed_cost, life_months, price_per_gpu
from hardgate.metrics.planned import Planned, meant
from hardgate.metrics.sold import sold

BRING = {
    "amount": "give the tranche an amount",
    "hurdle rate": "set hurdle_rate under assumptions",
    "fixed cost": "set fixed_cost_per_gpu_month under assumptions",
    "variable cost": "bring sales with variable cost, or set variable_cost_per_gpu_hour under assumptions",
}
"""What to do about each thing that the need cannot do without."""


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the revenue needed in the months that the tranche's backlog is held against."""
    planned = meant(evidence, scope)
    if planned is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan")
    monthly = per_month(evidence, scope, window, planned)
    if isinstance(monthly, str):
        found, _, bring = monthly.rpartition(": ")
        return nothing(metric, scope, window, found, bring)
    span = coverage_window(evidence, scope, planned)
    value = round(monthly * loaded_months(planned, months_of(span)), metric.digits)
    return Reading(
        metric.name, scope, span, metric.unit, value, value, value,
        facts=(("revenue_needed_a_month", round(monthly, 2)), ("months", float(months_of(span)))),
        status=Status.ASSUMED,
        batches=evidence.batches("tranche"),
    )  # fmt: skip


def per_month(evidence: Evidence, scope: Scope, window: Window, planned: Planned) -> float | str:
    """Return the revenue a month at full load, in the reporting currency, or what is missing and what to bring."""
    from hardgate.models.backlog import revenue_needed

    hurdle = evidence.assumption("hurdle_rate", scope)
    price, fixed = price_per_gpu(evidence, planned, evidence.as_of), fixed_cost(evidence, scope)
    variable, gaps = variable_cost(evidence, scope, window)
    if price is None or hurdle is None or fixed is None or variable is None:
        have = dict(zip(BRING, (price, hurdle, fixed, variable), strict=True))
        lacking = [name for name, one in have.items() if one is None]
        why = f" ({'; '.join(gaps)})" if variable is None else ""
        return f"no {', no '.join(lacking)}{why}: {', and '.join(BRING[name] for name in lacking)}"
    return revenue_needed(
        price * planned.gpus,
        (fixed + variable) * planned.gpus,
        hurdle.value,
        life_months(evidence, scope),
        planned.lead_months,
        ramp(planned.ramp_months or 0),
    )


def variable_cost(evidence: Evidence, scope: Scope, window: Window) -> tuple[float | None, tuple[str, ...]]:
    """Return the variable cost of a used GPU-month, of sales, else assumed, else None; and what sales lack for it."""
    found = sold(evidence, scope.narrowed(("region", "accelerator", "pool")), window.end)
    used = sum(one.used_gpu_months for one in found.months)
    if used > 0 and not found.gaps:
        return float(sum(one.variable_cost for one in found.months)) / used, ()
    gaps = found.gaps or (f"no sales from {found.window}",)
    assumed = evidence.assumption("variable_cost_per_gpu_hour", scope)
    return None if assumed is None else assumed.value * HOURS_PER_MONTH, gaps


def ramp(months: int) -> tuple[float, ...]:
    """Return the share of full load in the first months, rising evenly to full after them."""
    return tuple(round((i + 1) / (months + 1), 6) for i in range(months))


def loaded_months(planned: Planned, months: int) -> float:
    """Return months of full load in the first months of a tranche."""
    rising = ramp(planned.ramp_months or 0)[:months]
    return sum(rising) + months - len(rising)


def months_of(window: Window) -> int:
    """Return how many months a window of whole months has."""
    return (window.end.year - window.start.year) * 12 + window.end.month - window.start.month


metric = Metric(
    name="revenue_needed",
    meaning="revenue that makes the tranche worth its capital at the hurdle rate",
    unit="currency",
    better=Better.LOWER,
    digits=2,
    facts=(Fact("tranche", "amount"),),
    compute=compute,
    interval="exact",
    status=Status.ASSUMED,
)
