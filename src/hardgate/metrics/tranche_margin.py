"""What one more used GPU-month would earn: the pool's shadow price where the pool is full, else what sales earned.

A pool is full where the plan would use one GPU more. Then the next GPU earns what the best of those turned away pay,
not what sales earned on average: a full pool of work worth little justifies nothing. Where GPUs are left, their price
of today is 0 and says nothing of what later demand will pay; how little of a tranche would be used is counted by the
demand of the trigger already, so sales decide. `margin_from_sales: 1` under assumptions lets sales decide everywhere.
Several pools are full where each of them is. Wrong when the requests leave out what will be asked for once the tranche
is live, and where what is asked for lasts longer than its contract says: the price weighs by durability.

Source: METHODS 3 (margin) and 7 (shadow price).

>>> per_month(2.0)
1460.0
"""

from dataclasses import replace

from hardgate.core.days import Window
from hardgate.core.money import short
from hardgate.core.terms import Evidence, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.allotment import Allotment, allotment
from hardgate.metrics.columns import HOURS_PER_MONTH
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.shadow_price import inside
from hardgate.metrics.shadow_price import metric as shadow_price

PRICE = "shadow_price_per_gpu_month"
"""The fact that a margin carries where it is a shadow price."""


def per_month(price: float) -> float:
    """Return the worth of a GPU-month from that of a GPU-hour."""
    return price * HOURS_PER_MONTH


def margin(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the margin of one more used GPU-month, under the name of the contribution margin."""
    sold = evidence.reading(contribution_margin, scope, window)
    overruled = evidence.assumption("margin_from_sales", scope)
    plan = None if overruled is not None and overruled.value >= 1 else allotment(evidence)
    if plan is None:
        return sold
    pools = inside(plan, scope)
    why = _undecided(plan, pools)
    if why:
        return nothing(contribution_margin, scope, window, f"whether {scope} is full is not known", why)
    if not pools or not all(plan.full(at) for at in pools):
        return sold
    return _priced(evidence, evidence.reading(shadow_price, scope, window), sold)


def in_money(evidence: Evidence, earned: Reading, own: float | None) -> str:
    """Say what one GPU more of a full pool is worth and what owning it costs; nothing where sales decide."""
    worth = dict(earned.facts).get(PRICE)
    if worth is None or own is None:
        return ""
    said = (
        f"pool full; one GPU more is worth {short(round(worth, 2), evidence.currency)} per GPU-month, "
        f"owning it costs {short(round(own, 2), evidence.currency)}"
    )
    return f"{said}: no tranche" if worth < own else said


def _undecided(plan: Allotment, pools: list[int]) -> str:
    """Say what to correct before anybody knows whether some pools are full; nothing where it is known."""
    if pools and plan.conflict:
        return plan.conflict
    unread = [
        one.why
        for one in plan.wishes.unread
        if any(one.reaches(plan.wishes.pools[at].region, plan.wishes.pools[at].accelerator) for at in pools)
    ]
    return "; ".join(unread)


def _priced(evidence: Evidence, price: Reading, sold: Reading) -> Reading:
    ends = (price.low, price.value, price.high)
    low, value, high = (None if one is None else round(per_month(one), 2) for one in ends)
    earned = "" if sold.value is None else f", where sales earned {sold.value / HOURS_PER_MONTH:,.2f}"
    return replace(
        price, metric=contribution_margin.name, unit=contribution_margin.unit, value=value, low=low, high=high,
        facts=() if value is None else ((PRICE, value),),
        because=price.because if price.value is None or price.low is None
        else f"one GPU more earns {evidence.currency} {price.value:,.2f} an hour (shadow price){earned}",
    )  # fmt: skip
