"""What a unit costs that is not made of calls of a model: a GPU-hour of a pool, or a month of storage.

A GPU-hour costs what its pool's rate says, storage what its dated price says. Wrong when a product of GPU-hours is
served from several pools: give each a product of its own.

>>> PLAIN
('gpu_hour', 'gb_month')
"""

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.columns import cells
from hardgate.metrics.gpu_hour import PLACE, Rate, Share
from hardgate.metrics.offers import Offer
from hardgate.metrics.product_cost import Rates
from hardgate.metrics.serving_cost import ORCHESTRATION, Prices

PLAIN = ("gpu_hour", "gb_month")
ALL = Share(1.0, 1.0, 1.0)


def plain_cost(evidence: Evidence, listed: Offer, window: Window, rate: Rates) -> Rate | str:
    """Return the cost of one unit, or what is missing for it."""
    if listed.unit == "gb_month":
        price = Prices.of(evidence).at(None, ORCHESTRATION, "storage_gb_month", window.start)
        if price is None:
            return f"{listed.product}: no price of storage_gb_month in {window.start:%Y-%m}; bring hosted_prices"
        return Rate(price, price, price, price, price, ALL, batches=evidence.batches("hosted_price"))
    rows = evidence.rows("inventory", Scope.of(pool=listed.pool or ""))
    where = [cells(rows, name) for name in PLACE]
    if not rows.count or any(one[0] is None for one in where):
        return (
            f"{listed.product} is sold by the GPU-hour of {listed.pool or 'no pool'}, which is not live; bring capacity"
        )
    return rate(evidence, Scope.of(**{name: str(one[0]) for name, one in zip(PLACE, where, strict=True)}), window)
