"""What one more used GPU-month would earn: the pool's shadow price where the pool is full, else what sales earned.

A pool is full where the plan would use one GPU more. Then the next GPU earns what the best of those turned away pay,
not what sales earned on average: a full pool of work worth little justifies nothing. Where GPUs are left, their price
of today is 0 and says nothing of what later demand will pay; how little of a tranche would be used is counted by the
demand of the trigger already, so sales decide. `margin_from_sales: 1` under assumptions lets sales decide everywhere.
Several pools are full where each of them is. The interval runs over the plan's scenarios of demand; on a day that
leaves GPUs sales decide there, too. Wrong when the requests leave out what will be asked for once the tranche
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
from hardgate.metrics.allotment import Allotment, allotment, otherwise
from hardgate.metrics.columns import HOURS_PER_MONTH
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.shadow_price import inside, price_of
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
    price = evidence.reading(shadow_price, scope, window)
    return _priced(evidence, price, sold, _ends(evidence, plan, pools, sold) if price.low is not None else (None, None))


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


def _ends(evidence: Evidence, plan: Allotment, pools: list[int], sold: Reading) -> tuple[float | None, float | None]:
    """Return the least and the most that a GPU-month earns over the scenarios: by sales on a day that leaves GPUs."""
    lows: list[float | None] = []
    highs: list[float | None] = []
    for one in (plan, *otherwise(evidence, plan.wishes)):
        full = all(one.full(at) for at in pools)
        lows.append(per_month(price_of(one, pools)) if full else sold.low)
        highs.append(per_month(price_of(one, pools)) if full else sold.high)
    low, high = ([one for one in side if one is not None] for side in (lows, highs))
    return (min(low) if len(low) == len(lows) else None), (max(high) if len(high) == len(highs) else None)


def _priced(evidence: Evidence, price: Reading, sold: Reading, ends: tuple[float | None, float | None]) -> Reading:
    all_ = (ends[0], None if price.value is None else per_month(price.value), ends[1])
    low, value, high = (None if one is None else round(one, 2) for one in all_)
    earned = "" if sold.value is None else f", where sales earned {sold.value / HOURS_PER_MONTH:,.2f}"
    return replace(
        price, metric=contribution_margin.name, unit=contribution_margin.unit, value=value, low=low, high=high,
        facts=() if value is None else ((PRICE, value),),
        because=price.because if price.value is None or price.low is None
        else f"one GPU more earns {evidence.currency} {price.value:,.2f} an hour (shadow price){earned}",
    )  # fmt: skip
