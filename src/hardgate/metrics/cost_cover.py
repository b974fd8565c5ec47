"""How many times what a product brought covers what serving it cost, by the bill and its share of idle hours.

Revenue of the last three complete months (what was charged, the list price of what was used, fees of seats) over
inference, orchestration and storage in the same months, on the allocation basis. The interval comes from that of the
productive share. Wrong when one month's seats pay for another month's usage.

Source: METHODS 4; unit economics of the FinOps Foundation; OpenCost for the allocation basis.

>>> metric.formula(120.0, 100.0), metric.denominator
(1.2, 'cost of serving')
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.ai_usage import MONTHS
from hardgate.metrics.columns import share
from hardgate.metrics.cost_source import months_paid
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import UNITS, Offer, offer
from hardgate.metrics.plain_cost import PLAIN, plain_cost
from hardgate.metrics.product_cost import batches, served

BRING = "bring usage_events, what it was sold for, and what serving it costs"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read how many times revenue covers the cost of serving."""
    listed = offer(evidence, scope["product"], evidence.as_of) if "product" in scope else ""
    if isinstance(listed, Offer) and listed.unit in PLAIN:
        return _of_plain(evidence, scope, window, listed)
    found = served(evidence, scope, window.end, as_billed, billed=True)
    if isinstance(found, str):
        return nothing(metric, scope, window, found, BRING)
    cost, brought = found.cost, found.brought.total
    gaps = (*found.gaps, *found.brought.gaps)
    if cost is None or brought is None or not cost.low > 0:
        return nothing(metric, scope, found.window, "; ".join(gaps[:3]) or "serving it cost nothing", BRING)
    low, value, high = (round(share(brought, one), metric.digits) for one in (cost.high, cost.total, cost.low))
    return Reading(
        metric.name, scope, found.window, metric.unit, value, low, high,
        facts=(("revenue", round(brought, 2)), ("cost", round(cost.total, 2)), ("gpu_hours", round(cost.gpu_hours, 3))),
        status=Status.weakest((found.brought.status, metric.status)),
        sql=(
            "select * from ai_usage_month"
            f" where day >= date '{found.window.start}' and day < date '{found.window.end}'"
        ),
        batches=batches(evidence, found.window, found.rates),
        because=f"{found.window}; productive share of installed GPU-hours as measured",
    )  # fmt: skip


def _of_plain(evidence: Evidence, scope: Scope, window: Window, listed: Offer) -> Reading:
    """Read how many times the list price of a unit that is no call of a model covers its cost."""
    months = months_paid(evidence, evidence.cost_source, MONTHS) or window
    rate, price = plain_cost(evidence, listed, months, as_billed), listed.prices.get(listed.unit)
    if isinstance(rate, str) or price is None or not rate.low > 0:
        return nothing(metric, scope, months, rate if isinstance(rate, str) else "no price", BRING)
    low, value, high = (round(share(price, one), metric.digits) for one in (rate.high, rate.value, rate.low))
    return Reading(
        metric.name, scope, months, metric.unit, value, low, high,
        facts=(("price", round(price, 6)), ("cost", round(rate.value, 6))),
        status=metric.status,
        batches=tuple(sorted({*rate.batches, *evidence.batches("list_price")})),
        because=f"list price over the cost of one {UNITS[listed.unit]}, {months}",
    )  # fmt: skip


metric = Metric(
    name="cost_cover",
    meaning="revenue over the cost of serving",
    unit="x",
    better=Better.HIGHER,
    denominator="cost of serving",
    facts=(Fact("ai_usage_month", "input_tokens"), Fact("seat_month", "fee")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
