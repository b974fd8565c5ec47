"""What one more used GPU-month would earn: from sales, or the pool's shadow price where policy says so.

With `margin_from_shadow_price: 1` under assumptions, and requests brought, the margin of a tranche is what one GPU more
would earn now: a full pool of work worth little justifies nothing. Without requests it is what sales earned, as before.
Wrong when the requests leave out what will be asked for once the tranche is live.

>>> per_month(2.0)
1460.0
"""

from dataclasses import replace

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Reading, Scope
from hardgate.metrics.columns import HOURS_PER_MONTH
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.shadow_price import metric as shadow_price


def per_month(price: float) -> float:
    """Return the worth of a GPU-month from that of a GPU-hour."""
    return price * HOURS_PER_MONTH


def margin(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the margin of one more used GPU-month, under the name of the contribution margin."""
    sold = evidence.reading(contribution_margin, scope, window)
    wished = evidence.assumption("margin_from_shadow_price", scope)
    if wished is None or wished.value < 1 or not evidence.rows("request").count:
        return sold
    price = evidence.reading(shadow_price, scope, window)
    if price.value is None:
        return replace(price, metric=contribution_margin.name, unit=contribution_margin.unit)
    low, value, high = (
        None if one is None else round(per_month(one), 2) for one in (price.low, price.value, price.high)
    )
    earned = "" if sold.value is None else f", where sales earned {sold.value / HOURS_PER_MONTH:,.2f}"
    return replace(
        price, metric=contribution_margin.name, unit=contribution_margin.unit, value=value, low=low, high=high,
        because=f"one GPU more earns {evidence.currency} {price.value:,.2f} an hour (shadow price){earned}",
    )  # fmt: skip
