"""What cancelling a tranche would cost at its dearest, as a share of its amount.

The largest fee that is due on any day from committing until it goes live. Unknown where no fee is stated that is due
by the commit date: what is known only for later days says nothing of the day after signing. Wrong when what is
owed to others than the supplier (power, space) is not among the fees.

Source: METHODS 3, cancel-cost curve.

>>> metric.formula(30.0, 100.0)
0.3
"""

from datetime import date
from decimal import Decimal

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import cells, dates
from hardgate.metrics.planned import Planned, meant
from hardgate.metrics.reporting_currency import convert, converted

BRING = "bring cancel_fees with a row that holds from the commit date"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the dearest cancel fee of a tranche over its amount."""
    planned = meant(evidence, scope)
    if planned is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    steps = curve(evidence, planned)
    price = convert(evidence, [(planned.amount, planned.currency or None, evidence.as_of)], "amount").total
    due = [fee for day, fee in steps if day <= planned.live_date]
    if not steps or steps[0][0] > planned.commit_date or any(fee is None for fee in due):
        return nothing(metric, scope, window, f"no cancel fee of {planned.tranche} by {planned.commit_date}", BRING)
    if not price:
        return nothing(metric, scope, window, f"no amount of {planned.tranche}", "bring the amount in capacity_plan")
    dearest = max((fee for fee in due if fee is not None), default=Decimal(0))
    value = round(float(dearest) / float(price), metric.digits)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("cancel_fee", float(dearest)), ("amount", float(price))),
        status=metric.status,
        batches=tuple(sorted({*evidence.batches("cancel_fee"), *evidence.batches("tranche")})),
    )  # fmt: skip


def curve(evidence: Evidence, planned: Planned) -> list[tuple[date, Decimal | None]]:
    """Return the fees of a tranche by the first day each is due, in the reporting currency; None without a rate."""
    rows = evidence.rows("cancel_fee")
    fees = converted(evidence, rows, "fee").amounts
    found = zip(cells(rows, "tranche"), dates(rows, "day"), fees, strict=True)
    return sorted((day, fee) for name, day, fee in found if name == planned.tranche and day is not None)


def fee_on(steps: list[tuple[date, Decimal | None]], day: date) -> Decimal | None:
    """Return the fee that is due on a day; None before the first day that one is stated for."""
    held = [fee for start, fee in steps if start <= day]
    return held[-1] if held else None


def _share(fee: float, amount: float) -> float:
    return fee / amount


metric = Metric(
    name="cancel_share",
    meaning="dearest cancel fee of the tranche's amount",
    unit="share",
    better=Better.LOWER,
    denominator="amount of the tranche",
    facts=(Fact("cancel_fee", "fee"), Fact("tranche", "amount")),
    formula=_share,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
