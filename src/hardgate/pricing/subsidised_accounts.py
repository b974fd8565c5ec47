"""Who is subsidised: what each product, feature and account brings and costs, and what price or quota would cover it.

A sort of the accounts by what they bring less what they cost, no model needed. The price of a seat that covers its
cost, and the quota at which today's price does, hold with the confidence of policy were other accounts drawn. Wrong
when users near a new quota change what they do; a quota then covers more than it says, and loses some of them.

Source: METHODS 5; Efron & Tibshirani 1993 for the bootstrap.

>>> exhibit.question
'Whose use is sold under its cost, and what would cover it?'
"""

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite

from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.account_margin import Account, accounts, by_feature
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import Offer, offers
from hardgate.metrics.product_cost import batches, served

Row = tuple[Cell, ...]
SHOWN = 10
MILLION = 1e6
ENOUGH = "no limit needed"
"""What stands for a quota where the price of a seat covers whatever is used."""


def build(evidence: Evidence) -> Table:
    """Build a row for every product and feature, and for the accounts that cost the most beyond what they bring."""
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    found = served(evidence, EVERYTHING, end, as_billed, billed=True)
    if isinstance(found, str):
        return Table("", missing=f"{found}: bring usage_events, seats and {evidence.cost_source}")
    lacking = (*found.gaps, *found.brought.gaps)
    if lacking or found.brought.total is None:
        return Table("", missing=f"{'; '.join(lacking[:3]) or 'a charge is not known'}: bring what is named")
    each = accounts(found)
    listed = offers(evidence, evidence.as_of)
    products = sorted({one.product for one in each})
    rows = [
        _product(evidence, name, [one for one in each if one.product == name], listed.get(name)) for name in products
    ]
    rows += [
        (f"feature {name}", count, *map(cents, (a, b, a - b)), _share(under, count), _share(lost, b), "", "", "")
        for name, (a, b, count, under, lost) in by_feature(each).items()
    ]
    worst = sorted((one for one in each if one.margin < 0), key=lambda one: (one.margin, one.account))
    rows += [_account(one) for one in worst[:SHOWN]]
    if worst[SHOWN:]:
        rest = worst[SHOWN:]
        money = (sum(one.revenue for one in rest), sum(one.cost for one in rest), sum(one.margin for one in rest))
        rows.append((f"{len(rest)} more under cost", len(rest), *map(cents, money), "", "", "", "", ""))
    closing, closes = _closing(each, found.brought.total, evidence.currency)
    return Table(
        sentence=_sentence(each, worst, evidence.currency),
        headings=_headings(),
        rows=tuple(rows),
        closing=closing,
        closes=closes,
        notes=(_tail(each), f"{found.window}; what covers holds with {100 * evidence.confidence:.0f} % confidence"),
        batches=batches(evidence, found.window, found.rates),
    )


def _product(evidence: Evidence, name: str, mine: Sequence[Account], listed: Offer | str | None) -> Row:
    revenue, cost = sum(one.revenue for one in mine), sum(one.cost for one in mine)
    under = [one for one in mine if one.margin < 0]
    price = listed.prices.get("seat_month") if isinstance(listed, Offer) else None
    covering = ("", "", "") if price is None else (round(price, 4), *_covering(evidence, mine, price))
    shares = (_share(len(under), len(mine)), _share(sum(one.cost for one in under), cost))
    return (name, len(mine), *map(cents, (revenue, cost, revenue - cost)), *shares, *covering)


def _covering(evidence: Evidence, mine: Sequence[Account], price: float) -> tuple[Cell, Cell]:
    """Return the price of a seat that covers its cost, and the millions of tokens that today's price covers."""
    with_seats = [one for one in mine if one.seat_months > 0]
    cost, tokens = sum(one.cost for one in with_seats), sum(one.tokens for one in with_seats)
    if not with_seats or not tokens > 0 or not cost > 0:
        return "", ""
    inputs = {
        "costs": [round(one.cost, 4) for one in with_seats],
        "tokens": [round(one.tokens) for one in with_seats],
        "seats": [one.seat_months for one in with_seats],
        "price": round(price, 6),
        "confidence": evidence.confidence,
    }
    found = evidence.kept("pricing.covering", inputs, lambda: _solve(inputs, cost / tokens))
    quota = found["quota"]
    return round(found["price"], 2), ENOUGH if quota is None else round(quota / MILLION, 3)


def _solve(inputs: dict[str, object], unit_cost: float) -> dict[str, float | None]:
    from hardgate.models.subsidy import covering_price, covering_quota

    costs, tokens, seats = (list(map(float, inputs[name])) for name in ("costs", "tokens", "seats"))  # type: ignore[call-overload]
    price, confidence = float(str(inputs["price"])), float(str(inputs["confidence"]))
    quota = covering_quota(tokens, seats, unit_cost, price, confidence)
    return {"price": covering_price(costs, seats, confidence), "quota": quota if isfinite(quota) else None}


def _account(one: Account) -> Row:
    money = map(cents, (one.revenue, one.cost, one.margin))
    seat = round(one.cost / one.seat_months, 2) if one.seat_months else ""
    return (f"account {one.account}, {one.product}", 1, *money, "", "", "", seat, "")


def _share(part: float, whole: float) -> Cell:
    return round(part / whole, 4) if whole else ""


def _tail(each: Sequence[Account]) -> str:
    """Say how much of the cost the heaviest accounts make."""
    costs = sorted((one.cost for one in each), reverse=True)
    heavy = costs[: max(1, len(costs) // 10)]
    share = sum(heavy) / sum(costs) if sum(costs) else 0.0
    return f"the heaviest {len(heavy)} of {len(costs)} accounts make {100 * share:.1f} % of the cost"


def _closing(each: Sequence[Account], total: float, currency: str) -> tuple[str, bool]:
    revenue, cost, margin = (sum(getattr(one, name) for one in each) for name in ("revenue", "cost", "margin"))
    difference = revenue - cost - margin
    line = f"revenue {revenue:,.2f} - cost {cost:,.2f} = margin {margin:,.2f} {currency} of all accounts"
    line += f"; charged in all {total:,.2f}"
    return line, abs(difference) <= float(CENT) and abs(revenue - total) <= float(CENT)


def _sentence(each: Sequence[Account], worst: Sequence[Account], currency: str) -> str:
    under = sum(one.cost for one in worst)
    cost, lost = sum(one.cost for one in each), -sum(one.margin for one in worst)
    part = f"{100 * under / cost:.1f} %" if cost else "none"
    return (
        f"{len(worst)} of {len(each)} accounts bring less than they cost: {part} of usage, short by"
        f" {short(cents(lost), currency)}."
    )


def _headings() -> tuple[Heading, ...]:
    money = tuple(Heading(name, "currency", 2) for name in ("revenue", "cost", "margin"))
    return (
        Heading("product, feature or account"),
        Heading("accounts", "", 0),
        *money,
        Heading("accounts under cost", "share"),
        Heading("usage under cost", "share"),
        Heading("price of a seat", "currency", 2),
        Heading("price that covers it", "currency", 2),
        Heading("quota that covers it", "million tokens per seat and month", 2),
    )


exhibit = Exhibit(
    name="pricing.subsidised_accounts",
    question="Whose use is sold under its cost, and what would cover it?",
    build=build,
    chart=Chart("bars", "product, feature or account", ("margin",)),
)
