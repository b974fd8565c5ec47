"""What is left of a unit of recurring revenue after the cost that goes away with it, over the last twelve months.

Where recurring revenue does not say its variable cost, `contribution_share` of the assumptions stands in, and the
reading is assumed. Wrong when cost is booked on other accounts than revenue.

Source: METHODS 8.

>>> metric.formula(45.0, 100.0)
0.45
"""

from decimal import Decimal

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_REVENUE, accounts
from hardgate.metrics.account_revenue import ROLLUP, months_before, of_accounts
from hardgate.metrics.columns import share
from hardgate.metrics.reporting_currency import converted

MONTHS = 12


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the contribution of recurring revenue in the twelve complete months before a window's end."""
    months = months_before(window.end, MONTHS)
    rows = evidence.rows(ROLLUP, EVERYTHING, months)
    if scope.narrowed(("region", "segment", "account")) != EVERYTHING:
        rows = of_accounts(rows, accounts(evidence, scope).keys())
    money, cost = (converted(evidence, rows, name) for name in ("amount", "variable_cost"))
    pairs = list(zip(money.amounts, cost.amounts, strict=True))
    known = [(amount, spent) for amount, spent in pairs if amount is not None and spent is not None]
    revenue = sum((amount for amount, _ in known), Decimal(0))
    if known and len(known) == len(pairs) and revenue > 0:
        left = revenue - sum((spent for _, spent in known), Decimal(0))
        value = round(float(left / revenue), metric.digits)
        return Reading(
            metric.name, scope, months, metric.unit, value, value, value,
            facts=(("contribution", round(float(left), 2)), ("revenue", round(float(revenue), 2))),
            status=metric.status,
            sql=f"select account, currency, sum(amount) as amount, sum(variable_cost) as variable_cost from {ROLLUP} "
            f"where day >= date '{months.start}' and day < date '{months.end}' group by 1, 2 order by 1, 2",
            batches=evidence.batches(ROLLUP, months),
        )  # fmt: skip
    why = f"no variable cost of all recurring revenue of {scope} from {months}"
    assumed = evidence.assumption("contribution_share", scope)
    if assumed is None:
        return nothing(metric, scope, months, why, f"{BRING_REVENUE}, or set contribution_share")
    value = round(assumed.value, metric.digits)
    return Reading(
        metric.name, scope, months, metric.unit, value, value, value,
        gaps=(why,), status=Status.ASSUMED, because=f"{why}; assumed in {assumed.source}",
    )  # fmt: skip


metric = Metric(
    name="contribution_share",
    meaning="contribution of recurring revenue",
    unit="share",
    better=Better.HIGHER,
    denominator="recurring revenue",
    facts=(Fact("revenue_month", "amount"), Fact("revenue_month", "variable_cost")),
    formula=share,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.REPORTED,
)
