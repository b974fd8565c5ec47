"""The price below which one more unit is worse than none: full cost, or what its GPU-hours would earn, and a margin.

A GPU-hour costs its capital, running cost and power at the productive share of what is installed, or the pool's shadow
price where that is higher: average cost is not marginal cost when a pool is full. Hosted models, orchestration and
storage come on top, and `floor_margin` of the assumptions (none by default). The interval comes from that of the
productive share. A deal of an account that uses the product has the floor of its own usage. Wrong when the pool's
machines will be replaced by cheaper ones before the price ends.

Source: METHODS 4; Short, Packey & Holt 1995 for levelized cost.

>>> metric.formula(0.5, 8.0, 1.0)
5.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.ai_revenue import sold_units
from hardgate.metrics.ai_usage import months_used
from hardgate.metrics.gpu_hour import Rate, by_design, shadow_price
from hardgate.metrics.offers import UNITS, Offer, offer
from hardgate.metrics.plain_cost import PLAIN, plain_cost
from hardgate.metrics.product_cost import batches, served

BRING = (
    "bring usage_events, throughputs, hosted_prices and capacity, and set hurdle_rate, opex_share, power_price and pue"
)


def floored(gpu_hours: float, gpu_hour: float, beside: float) -> float:
    """Return the cost of a unit from its GPU-hours and what it needs beside."""
    return gpu_hours * gpu_hour + beside


def margin(evidence: Evidence, scope: Scope) -> float:
    """Return the margin that policy wants above the full cost; none where it says nothing."""
    assumed = evidence.assumption("floor_margin", scope)
    return 0.0 if assumed is None else assumed.value


def scarce(evidence: Evidence, scope: Scope, window: Window) -> Rate | str:
    """Return what a GPU-hour costs by design or, in a full pool, would earn elsewhere."""
    rate = by_design(evidence, scope, window)
    return rate if isinstance(rate, str) else rate.at_least(shadow_price(evidence, scope, window))


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the floor of one unit, in the reporting currency."""
    if "product" not in scope:
        return nothing(metric, scope, window, "floors of different products do not add up", "name a product")
    listed = offer(evidence, scope["product"], evidence.as_of)
    if isinstance(listed, str):
        return nothing(metric, scope, window, listed, BRING)
    if listed.unit in PLAIN:
        return _of_plain(evidence, scope, window, listed)
    found = served(evidence, scope, window.end, scarce, billed=False)
    if isinstance(found, str):
        return nothing(metric, scope, window, found, BRING)
    cost = found.cost
    units = 0.0 if cost is None else sold_units(found.usage, found.brought.seats, listed.unit, cost.gpu_hours)
    if cost is None or not units > 0:
        return nothing(metric, scope, found.window, "; ".join(found.gaps[:3]) or "nothing was sold", BRING)
    whose = "of the account's own usage" if found.of_account else "of the usage of all accounts"
    return _read(
        evidence, scope, found.window, (cost.low / units, cost.total / units, cost.high / units),
        (("gpu_hours_per_unit", round(cost.gpu_hours / units, 6)), ("units", round(units, 6))),
        batches(evidence, found.window, found.rates), f"of one {UNITS[listed.unit]}, {whose}, {found.window}",
    )  # fmt: skip


def _of_plain(evidence: Evidence, scope: Scope, window: Window, listed: Offer) -> Reading:
    months = months_used(evidence, window.end) or window
    rate = plain_cost(evidence, listed, months, scarce)
    if isinstance(rate, str):
        return nothing(metric, scope, months, rate, BRING)
    ends, papers = (rate.low, rate.value, rate.high), (*rate.batches, *evidence.batches("list_price"))
    return _read(
        evidence, scope, months, ends, (("units", 1.0),), tuple(sorted(set(papers))), f"of one {UNITS[listed.unit]}"
    )


def _read(  # noqa: PLR0913  the parts of a reading
    evidence: Evidence,
    scope: Scope,
    window: Window,
    ends: tuple[float, float, float],
    facts: tuple[tuple[str, float], ...],
    papers: tuple[str, ...],
    words: str,
) -> Reading:
    left = margin(evidence, scope)
    low, value, high = (round(one / (1 - left), metric.digits) for one in ends)
    said = f"{words}; {100 * left:.0f} % margin" if left else words
    return Reading(
        metric.name, scope, window, metric.unit, value, low, high,
        facts=facts, status=metric.status, batches=papers, because=said,
    )  # fmt: skip


metric = Metric(
    name="price_floor",
    meaning="price below which a unit does not pay for itself",
    unit="currency per unit",
    better=Better.LOWER,
    denominator="units sold",
    facts=(
        Fact("ai_usage_month", "input_tokens"),
        Fact("list_price", "price"),
        Fact("throughput", "tokens_per_second"),
        Fact("inventory", "capex"),
    ),
    formula=floored,
    compute=compute,
    interval="model",
    status=Status.ASSUMED,
)
