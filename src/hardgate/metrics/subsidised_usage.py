"""The share of usage, by what serving it costs, of accounts that bring less than they cost.

An account is under cost where its seats and charges of the last three months are below the cost of serving it in them.
The interval comes from that of the productive share: at its ends more or fewer accounts are under cost. Wrong when an
account is new: its seats are paid from the first day and used from the second month.

Source: METHODS 5.

>>> metric.formula(30.0, 120.0)
0.25
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_margin import accounts
from hardgate.metrics.columns import share
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.product_cost import batches, served

BRING = "bring usage_events, seats, price_list and what serving costs"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of usage that is sold under its cost."""
    found = served(evidence, scope, window.end, as_billed, billed=True)
    if isinstance(found, str) or found.gaps or found.brought.gaps:
        why = found if isinstance(found, str) else "; ".join((*found.gaps, *found.brought.gaps)[:3])
        return nothing(metric, scope, window, why, BRING)
    ends = []
    for end in ("low", "value", "high"):
        each = accounts(found, end)
        under, total = sum(one.cost for one in each if one.margin < 0), sum(one.cost for one in each)
        if not total > 0:
            return nothing(metric, scope, found.window, "serving it cost nothing", BRING)
        ends.append((under, total, round(share(under, total), metric.digits)))
    under, total, value = ends[1]
    return Reading(
        metric.name, scope, found.window, metric.unit, value, min(ends[0][2], value), max(ends[2][2], value),
        facts=(("cost_under_price", round(under, 2)), ("cost", round(total, 2))),
        status=metric.status,
        batches=batches(evidence, found.window, found.rates),
        because=f"{found.window}",
    )  # fmt: skip


metric = Metric(
    name="subsidised_usage",
    meaning="usage sold under its cost, of the cost of all",
    unit="share",
    better=Better.LOWER,
    denominator="cost of serving",
    facts=(Fact("ai_usage_month", "input_tokens"), Fact("seat_month", "fee")),
    formula=share,
    compute=compute,
    interval="model",
    at_most_one=True,
    status=Status.DERIVED,
)
