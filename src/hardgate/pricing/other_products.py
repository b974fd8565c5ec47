"""What was sold beside AI in a quarter, with what it cost: the rest of the pools' bill, by the hours that were sold.

A product is sold from a pool: its unit is the GPU-hour, its price what was charged. It carries the pool's bill without
AI's part, so that both together are the bill, and the share of hours used is that sold of those AI leaves. A product
without a pool costs what `sales` says that it does. Wrong where sales of one pool are served from another.

>>> BRING
'bring sales and what serving costs'
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.columns import HOUR_MS, absent, cells, whole
from hardgate.metrics.gpu_hour import PLACE, as_billed
from hardgate.metrics.reporting_currency import converted
from hardgate.metrics.rungs import INSTALLED
from hardgate.pricing.margin_state import State

BRING = "bring sales and what serving costs"
Key = tuple[str, tuple[str, str, str] | None]
"""A product, and the region, accelerator and pool that it was sold from."""


@dataclass(slots=True)
class _Sold:
    revenue: float = 0.0
    hours: float = 0.0
    cost: float = 0.0
    lacking: set[str] = field(default_factory=set)


def others(
    evidence: Evidence, window: Window, of_ai: frozenset[str], hours_of_ai: Mapping[str, float]
) -> dict[str, State] | str:
    """Return every product sold beside AI; none where no sales are known; or what is missing."""
    sales = _sales(evidence, window, of_ai)
    if isinstance(sales, str):
        return sales
    found: dict[str, State] = {}
    for where in sorted({place for _, place in sales if place is not None}):
        mine = {product: one for (product, place), one in sales.items() if place == where}
        lacking = next((product for product, one in sorted(mine.items()) if "hours" in one.lacking), None)
        sold = sum(one.hours for one in mine.values())
        if lacking is not None or not sold > 0:
            return f"{lacking or 'sales'} in {where[2]}: no GPU-hours sold from {window}; bring quantity in sales"
        left = _left(evidence, window, where, hours_of_ai)
        if isinstance(left, str):
            return left
        paid, installed = left
        pools = {where[2]: (1.0, paid, sold / installed)}
        found |= {
            f"{product} in {where[2]}": State(one.hours, one.revenue / one.hours, 0.0, 0.0, pools)
            for product, one in mine.items()
            if one.hours > 0
        }
    for (product, place), one in sorted(sales.items(), key=lambda pair: pair[0][0]):
        if place is None:
            units = one.hours if one.hours > 0 and "hours" not in one.lacking else one.revenue
            if "cost" in one.lacking or not units > 0:
                return f"{product} without a pool: what it cost is not known from {window}; bring its variable_cost"
            found[product] = State(units, one.revenue / units, 0.0, one.cost / units, {})
    return found


def _left(
    evidence: Evidence, window: Window, where: tuple[str, str, str], hours_of_ai: Mapping[str, float]
) -> tuple[float, float] | str:
    """Return what an installed hour of a pool cost, and how many hours AI leaves to the rest; or what is missing."""
    scope = Scope(tuple(zip(PLACE, where, strict=True)))
    rate = as_billed(evidence, scope, window)
    if isinstance(rate, str):
        return rate
    installed = int(whole(evidence.rows("pool_day", scope, window), INSTALLED).values.sum()) / HOUR_MS
    taken = hours_of_ai.get(where[2], 0.0) / (installed * rate.share.value)
    if not taken < 1.0:
        return f"{where[2]}: AI takes more GPU-hours than were productive from {window}; measure throughputs again"
    return rate.used, installed * (1.0 - taken)


def _sales(evidence: Evidence, window: Window, of_ai: frozenset[str]) -> dict[Key, _Sold] | str:
    """Add up what was sold by product and pool; what AI's own usage tells already is left out."""
    rows = evidence.rows("sales_month", EVERYTHING, window)
    money = converted(evidence, rows, "net_revenue")
    if money.gaps:
        return f"sales: {money.gaps[0]}"
    spent = converted(evidence, rows, "variable_cost").amounts
    places = [cells(rows, name) for name in PLACE]
    found: dict[Key, _Sold] = {}
    for at, (product, hours) in enumerate(zip(cells(rows, "product"), cells(rows, "gpu_ms"), strict=True)):
        where = tuple(None if one[at] is None else str(one[at]) for one in places)
        if str(product) in of_ai:
            continue
        place = None if where[2] is None else (where[0] or "unknown", where[1] or "unknown", where[2])
        one = found.setdefault((str(product), place), _Sold())
        one.revenue += float(money.amounts[at] or 0)
        for name, cell in (("hours", None if absent(hours) else hours / HOUR_MS), ("cost", spent[at])):
            if cell is None:
                one.lacking.add(name)
            else:
                setattr(one, name, getattr(one, name) + float(cell))
    return found
