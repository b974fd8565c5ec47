"""A price change replayed on past usage before anyone is told: revenue, margin, and who pays more.

The next list price of every product that has one is charged to what each account used and paid for in the last three
months, with the discounts that it had; where none is planned and a product is under its cost, the price that covers it
is tried. Nobody changes what they use. Wrong where a dearer price drives use away: the revenue is then the most that it
can be. Whether a product whose cost is not known covers it is not known either, and it is named.

Source: METHODS 6.

>>> exhibit.question
'What would the next price have brought, and who would have paid more?'
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window
from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.account_margin import accounts
from hardgate.metrics.columns import cells, dates
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import Offer, offers
from hardgate.metrics.plain_cost import PLAIN
from hardgate.metrics.product_cost import Served, served
from hardgate.metrics.serving_cost import per_kind

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One product's price of today and another one, and where that comes from."""

    product: str
    words: str
    old: Offer
    new: Offer


@dataclass(frozen=True, slots=True)
class Bill:
    """What one account paid and would have paid, and what it cost; reporting currency."""

    account: str
    before: float
    after: float
    cost: float


def build(evidence: Evidence) -> Table:
    """Build the replay of every price that is to come."""
    listed = offers(evidence, evidence.as_of)
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    if not listed:
        return Table("", missing="no product has a list price: bring price_list")
    rows: list[tuple[Cell, ...]] = []
    whole: list[tuple[Cell, ...]] = []
    unknown: list[str] = []
    told: list[str] = []
    found_batches = {*evidence.batches("list_price"), *evidence.batches("ai_usage_month")}
    for product, one in listed.items():
        if isinstance(one, str):
            unknown.append(f"{product}: {one}")
            continue
        found = served(evidence, Scope.of(product=product), end, as_billed, billed=True)
        ahead = _next(evidence, product, one)
        if isinstance(found, str):
            if ahead is not None or one.unit not in PLAIN:
                unknown.append(f"{product}: {found}")
            continue
        if found.gaps or found.brought.total is None:
            why = "; ".join((*found.gaps, *found.brought.gaps)[:2]) or "a charge is not known"
            unknown.append(f"{product}: {why}")
            continue
        change = ahead or _covering(found, product, one)
        if change is not None:
            bills = _replayed(found, change)
            mine = _rows(change, bills)
            rows, whole = [*rows, *mine], [*whole, mine[0]]
            told.append(_told(change, bills, evidence.currency, found.window))
    return Table(
        sentence=_sentence(told, unknown),
        headings=_headings(),
        rows=tuple(rows),
        closing=_closing(whole, evidence.currency)[0],
        closes=_closing(whole, evidence.currency)[1],
        notes=(*unknown, "nobody changes what they use; discounts stay as they were"),
        batches=tuple(sorted(found_batches)),
    )


def _sentence(told: Sequence[str], unknown: Sequence[str]) -> str:
    named = ", ".join(one.partition(":")[0] for one in unknown)
    lacking = f"What another price of {named} would have brought is not known." if unknown else ""
    return " ".join((*told, *([lacking] if lacking else []))) or (
        "No price is about to change, and every product covers its cost."
    )


def _next(evidence: Evidence, product: str, one: Offer) -> Change | None:
    """Return the next price on the list, where it is another one."""
    rows = evidence.rows("list_price", Scope.of(product=product))
    ahead = [
        day
        for day, name in zip(dates(rows, "day"), cells(rows, "product"), strict=True)
        if name == product and day is not None and day > evidence.as_of
    ]
    day: date | None = min(ahead, default=None)
    new = offers(evidence, day).get(product) if day is not None else None
    if not isinstance(new, Offer) or new.unit != one.unit or new.prices == one.prices:
        return None
    return Change(product, f"list price from {day}", one, new)


def _covering(found: Served, product: str, one: Offer) -> Change | None:
    """Return the price that covers what serving the product costs, where today's does not."""
    cost, brought = found.cost, found.brought.total
    if cost is None or not brought or brought >= cost.total:
        return None
    times = cost.total / brought
    raised = Offer(
        one.product,
        one.unit,
        {name: price * times for name, price in one.prices.items()},
        one.included_tokens,
        one.pool,
    )
    return Change(product, "price that covers its cost", one, raised)


def _replayed(found: Served, change: Change) -> list[Bill]:
    """Return every account with what it would have paid."""
    usage = found.usage
    ratio = np.ones(usage.count)
    if change.old.unit == "tokens":
        old, new = per_kind(change.old.prices), per_kind(change.new.prices)
        if old is not None and new is not None:
            paid = usage.tokens @ np.array(old)
            ratio = np.divide(usage.tokens @ np.array(new), paid, out=ratio, where=paid > 0)
    elif change.old.unit == "call":
        ratio *= change.new.prices["call"] / change.old.prices["call"]
    seat = (
        change.new.prices.get("seat_month", 0.0) / change.old.prices["seat_month"]
        if "seat_month" in change.old.prices
        else 1.0
    )
    extra: dict[str, float] = {}
    for i in range(usage.count):
        account = usage.texts["account"][i] or ""
        extra[account] = extra.get(account, 0.0) + float(found.brought.by_row[i] * (ratio[i] - 1))
    made = []
    for one in accounts(found):
        fee = found.brought.seats.get((one.account, one.product))
        more = extra.get(one.account, 0.0) + (fee.fee * (seat - 1) if fee else 0.0)
        made.append(Bill(one.account, one.revenue, one.revenue + more, one.cost))
    return made


def _rows(change: Change, bills: Sequence[Bill]) -> list[tuple[Cell, ...]]:
    before, after, cost = (sum(getattr(one, name) for one in bills) for name in ("before", "after", "cost"))
    more = [one for one in bills if one.after - one.before > float(CENT)]
    less = [one for one in bills if one.before - one.after > float(CENT)]
    rows: list[tuple[Cell, ...]] = [_row(change.product, change.words, before, after, cost, len(more), len(less))]
    moved = sorted((*more, *less), key=lambda one: (-abs(one.after - one.before), one.account))
    first, rest = moved[:SHOWN], moved[SHOWN:]
    rows += [_row(f"account {one.account}", change.product, one.before, one.after, one.cost, "", "") for one in first]
    if rest:
        before, after, cost = (sum(getattr(one, name) for one in rest) for name in ("before", "after", "cost"))
        counts = (sum(one in side for one in rest) for side in (more, less))
        rows.append(_row(f"{len(rest)} more accounts", change.product, before, after, cost, *counts))
    return rows


def _row(  # noqa: PLR0913  the columns
    name: str, words: str, before: float, after: float, cost: float, more: Cell, less: Cell
) -> tuple[Cell, ...]:
    money = [cents(one) for one in (before, after, after - before, before - cost, after - cost)]
    return (name, words, *money, round(after / before - 1, 4) if before else "", more, less)


def _told(change: Change, bills: Sequence[Bill], currency: str, window: Window) -> str:
    before, after, cost = (sum(getattr(one, name) for one in bills) for name in ("before", "after", "cost"))
    more = sum(one.after - one.before > float(CENT) for one in bills)
    less = sum(one.before - one.after > float(CENT) for one in bills)
    way = "less" if after < before else "more"
    lift, left = (short(cents(one), currency) for one in (abs(after - before), after - cost))
    who = f"{more} of {len(bills)} accounts would have paid more"
    if less:
        who += f", {less} less"
    return (
        f"On {window}, the {change.words} of {change.product} would have brought {lift} {way} and left {left}; {who}."
    )


def _closing(whole: Sequence[tuple[Cell, ...]], currency: str) -> tuple[str, bool | None]:
    """Return the line that adds the changes of all products up, and whether it does."""
    if not whole:
        return "", None
    before, after, more = (sum((Decimal(str(row[at])) for row in whole), Decimal(0)) for at in (2, 3, 4))
    line = f"before {before:,.2f} + change {more:,.2f} = {after:,.2f} {currency}"
    return line, abs(before + more - after) <= CENT * len(whole)


def _headings() -> tuple[Heading, ...]:
    money = tuple(
        Heading(name, "currency", 2)
        for name in ("revenue before", "revenue after", "change", "margin before", "margin after")
    )
    return (
        Heading("product or account"), Heading("price"), *money, Heading("pays more", "share"),
        Heading("accounts that pay more", "", 0), Heading("accounts that pay less", "", 0),
    )  # fmt: skip


exhibit = Exhibit(
    name="pricing.price_change",
    question="What would the next price have brought, and who would have paid more?",
    build=build,
)
