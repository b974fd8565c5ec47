"""What one unit of a product costs to serve: a seat and month, a call, or a million tokens at the mix that is used.

Inference, orchestration, storage and the share of idle hours, by the bill; the interval comes from that of the
productive share. Wrong when the months hold a launch.

Source: METHODS 4; FinOps Foundation, cost per inference; OpenCost for the allocation basis.

>>> metric.formula(5_000.0, 2_000.0)
2.5
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.ai_revenue import sold_units
from hardgate.metrics.columns import share
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import UNITS, offer
from hardgate.metrics.product_cost import batches, served

BRING = "bring usage_events, price_list and what serving costs"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the cost of one unit, in the reporting currency."""
    if "product" not in scope:
        return nothing(metric, scope, window, "units of different products do not add up", "name a product")
    listed = offer(evidence, scope["product"], evidence.as_of)
    found = served(evidence, scope, window.end, as_billed, billed=True)
    if isinstance(listed, str) or isinstance(found, str):
        return nothing(metric, scope, window, listed if isinstance(listed, str) else str(found), BRING)
    cost = found.cost
    units = 0.0 if cost is None else sold_units(found.usage, found.brought.seats, listed.unit, cost.gpu_hours)
    if cost is None or not units > 0:
        return nothing(metric, scope, found.window, "; ".join(found.gaps[:3]) or "nothing was sold", BRING)
    low, value, high = (round(share(one, units), metric.digits) for one in (cost.low, cost.total, cost.high))
    return Reading(
        metric.name, scope, found.window, metric.unit, value, low, high,
        facts=(("cost", round(cost.total, 2)), ("units", round(units, 6)), ("gpu_hours", round(cost.gpu_hours, 3))),
        status=metric.status,
        batches=batches(evidence, found.window, found.rates),
        because=f"of one {UNITS[listed.unit]}, {found.window}",
    )  # fmt: skip


metric = Metric(
    name="unit_cost",
    meaning="cost of serving one unit sold",
    unit="currency per unit",
    better=Better.LOWER,
    denominator="units sold",
    facts=(Fact("ai_usage_month", "input_tokens"), Fact("seat_month", "seats"), Fact("list_price", "price")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
