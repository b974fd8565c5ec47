"""What one unit is to be sold for: by the price list, or by the deal that is asked for.

Tokens have one price a million at the mix that was used in the last months. A deal has its own price, or the list price
less its discount. Wrong when a rebate stands outside of the deal.

Source: the price list and the deals as stated; METHODS 4.

>>> round(metric.formula(30.0, 0.2), 2)
24.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.ai_usage import months_used, used
from hardgate.metrics.columns import absent, amounts, cells, dates
from hardgate.metrics.offers import UNITS, offer
from hardgate.metrics.reporting_currency import convert

BRING = "bring price_list, deals and usage_events"


def discounted(price: float, discount: float) -> float:
    """Return a price less a discount, as a share of it."""
    return price * (1 - discount)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the price of one unit, in the reporting currency."""
    deal = evidence.rows("deal", Scope.of(deal=scope["deal"])) if "deal" in scope else Rows()
    if "product" not in scope or ("deal" in scope and not deal.count):
        found = "no deal of that name" if "deal" in scope else "prices of different products do not add up"
        return nothing(metric, scope, window, found, BRING)
    listed = _listed(evidence, scope, window)
    price = listed if not deal.count else _of_deal(evidence, deal, listed)
    if isinstance(price, str):
        return nothing(metric, scope, window, price, BRING)
    value, words = price
    value = round(value, metric.digits)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("price", value),),
        status=metric.status,
        batches=tuple(sorted({*evidence.batches("list_price"), *evidence.batches("deal")})),
        because=words,
    )  # fmt: skip


def _listed(evidence: Evidence, scope: Scope, window: Window) -> tuple[float, str] | str:
    one = offer(evidence, scope["product"], evidence.as_of)
    if isinstance(one, str):
        return one
    months = months_used(evidence, window.end, scope=scope.narrowed(("product",)))
    if one.unit == "tokens" and months is None:
        return f"no usage of {one.product} to take the mix of tokens from"
    price = one.price(used(evidence, scope.narrowed(("product",)), months or window).tokens.sum(axis=0))
    if price is None:
        return f"{one.product}: no price of input and output, or tokens are missing"
    return price, f"of one {UNITS[one.unit]}"


def _of_deal(evidence: Evidence, deal: Rows, listed: tuple[float, str] | str) -> tuple[float, str] | str:
    price, discount = amounts(deal, "price")[0], cells(deal, "discount")[0]
    if price is not None:
        worth = convert(
            evidence,
            [(price, cells(deal, "currency")[0], min(dates(deal, "day")[0] or evidence.as_of, evidence.as_of))],
            "price",
        ).total
        return (
            f"no rate or no currency for the price of {cells(deal, 'deal')[0]}"
            if worth is None
            else (float(worth), "as offered")
        )
    if isinstance(listed, str):
        return listed
    if absent(discount):
        return f"{cells(deal, 'deal')[0]} has neither a price nor a discount"
    cut = float(discount)
    return discounted(listed[0], cut), f"{listed[1]}, {100 * cut:.1f} % off a list price of {listed[0]:,.4f}"


metric = Metric(
    name="selling_price",
    meaning="price of one unit",
    unit="currency per unit",
    better=Better.HIGHER,
    denominator="units sold",
    facts=(Fact("list_price", "price"), Fact("deal", "discount")),
    formula=discounted,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
