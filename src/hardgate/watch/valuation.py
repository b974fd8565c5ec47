"""What the market pays and expects: price to sales, consensus and its revisions, return, and what the price implies.

Forward price to sales is market value over the consensus of the next twelve months' revenue, beside that of the
industry as published. Returns are over 26 weeks, less those of industry and sector. Ranks of third parties are facts
and are counted with nowhere. The price is turned round: which growth at today's operating margin, and which margin at
the consensus growth, would be worth it; where none is, that is said. Wrong when market value and estimates are of two
share classes.

Source: METHODS 15.

>>> round(6.48 / 9.01 - 1, 4)
-0.2808
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.free_cash_flow import free_cash_flow
from hardgate.metrics.published import series, total
from hardgate.metrics.stated import Unit, unit_of
from hardgate.models import implied

HALF_YEAR = timedelta(weeks=26)
SLACK = timedelta(days=10)
REVISED = (30, 90)
NO_VALUE = "no value in range"
RATE = 0.10
Row = tuple[Cell, ...]


def build(evidence: Evidence) -> Table:
    """Build the lines of every company that has a price or an estimate."""
    quotes, estimates, ratings = (_records(evidence, name) for name in ("quote", "estimate", "rating"))
    known = {str(one["name"]) for one in quotes if one.get("kind") == "company" and one.get("name")}
    known |= {str(one["company"]) for one in (*estimates, *ratings) if one.get("company")}
    rows = [row for company in sorted(known) for row in _of_company(evidence, company, quotes, estimates, ratings)]
    if not rows:
        return Table("", missing="no price, estimate or rank: bring quotes, estimates and ratings")
    rate = evidence.assumption("discount_rate")
    return Table(
        sentence=_sentence(rows),
        headings=(Heading("company"), Heading("question"), Heading("answer"), Heading("against"), Heading("of")),
        rows=tuple(rows),
        notes=(_how(rate.value if rate else None),),
        batches=tuple(sorted({one for name in ("quote", "estimate", "rating") for one in evidence.batches(name)})),
    )


def _how(rate: float | None) -> str:
    """Say how the price is turned round."""
    whose = "our own assumption" if rate is None else "assumed in policy.yaml"
    years = f"{implied.YEARS} years, then {percent(implied.FOREVER, 0)} for ever"
    return f"what the price implies: {years}, discounted at {percent(RATE if rate is None else rate)} a year ({whose})"


def _records(evidence: Evidence, rollup: str) -> list[dict[str, Any]]:
    rows = [one for one in evidence.rows(rollup).records() if one.get("day") is not None]
    return sorted(rows, key=lambda one: (one["day"], str(sorted((k, str(v)) for k, v in one.items()))))


def _of_company(
    evidence: Evidence, company: str, quotes: Sequence[dict[str, Any]], estimates: Sequence[dict[str, Any]],
    ratings: Sequence[dict[str, Any]],
) -> Iterator[Row]:  # fmt: skip
    mine = [one for one in quotes if one.get("name") == company]
    expected = [one for one in estimates if one.get("company") == company]
    last = mine[-1] if mine else {}
    yield from _multiple(company, last, quotes, expected)
    for item in sorted({(str(one.get("item")), str(one.get("period"))) for one in expected if one.get("item")}):
        yield from _consensus(evidence, company, item, expected)
    if mine:
        yield from _returns(company, mine, quotes)
        yield from _implied(evidence, company, last, expected)
    for one in _latest_ratings(company, ratings):
        yield (
            company,
            f"{one.get('kind')} of {one.get('provider')}",
            str(one.get("rating")),
            "a reported fact",
            str(one["day"]),
        )


def _multiple(
    company: str, last: dict[str, Any], quotes: Sequence[dict[str, Any]], expected: Sequence[dict[str, Any]]
) -> Iterator[Row]:
    own = forward_sales(last, expected)
    stated = last.get("forward_ps")
    if own is None and stated is None:
        return
    industry = _newest(quotes, last.get("industry"))
    against = industry.get("forward_ps")
    words = f"industry {float(against):.2f}x" if against is not None else "industry not known"
    value = own if own is not None else float(stated or 0)
    how = "market value over consensus sales" if own is not None else "as published"
    yield company, "forward price to sales", f"{value:.2f}x", words, f"{last['day']}, {how}"


def forward_sales(last: dict[str, Any], expected: Sequence[dict[str, Any]]) -> float | None:
    """Return market value over the consensus revenue of the next twelve months, in one currency."""
    sales = [one for one in expected if (one.get("item"), one.get("period")) == ("revenue", "ntm")]
    value = last.get("market_value")
    if not sales or value is None:
        return None
    money = _money(sales[-1])
    if money is None or money[0].currency != last.get("currency") or money[1] <= 0:
        return None
    return float(Decimal(str(value)) / money[1])


def _money(row: dict[str, Any], column: str = "value") -> tuple[Unit, Decimal] | None:
    unit = unit_of(str(row.get("unit") or ""), None)
    value = row.get(column)
    return None if unit is None or value is None else (unit, Decimal(str(value)) * unit.factor)


def _consensus(
    evidence: Evidence, company: str, item: tuple[str, str], expected: Sequence[dict[str, Any]]
) -> Iterator[Row]:
    mine = [one for one in expected if (one.get("item"), one.get("period")) == item and _money(one) is not None]
    if not mine:
        return
    last = mine[-1]
    now, prior = _money(last), _money(last, "prior_value")
    if now is None:
        return
    change = "the year before is not known"
    if prior is not None and prior[1] > 0:
        change = f"{percent(float(now[1] / prior[1]) - 1, 2, signed=True)} over the year before ({_shown(prior)})"
    yield company, f"consensus {item[0]} of {item[1]}", _shown(now), change, _dated(last)
    for days in REVISED:
        then = [one for one in mine if one["day"] <= evidence.as_of - timedelta(days=days)]
        before = _money(then[-1]) if then else None
        if before is not None and before[1] and then[-1] is not last:
            moved = percent(float(now[1] / before[1]) - 1, 2, signed=True)
            yield (
                company,
                f"revision of {item[0]} of {item[1]}",
                moved,
                f"{_shown(before)} {days} days before",
                _dated(then[-1]),
            )


def _shown(money: tuple[Unit, Decimal]) -> str:
    unit, value = money
    return (
        f"{unit.currency or ''} {value:,.2f}".strip()
        if unit.kind == "per share"
        else f"{unit.currency or ''} {value:,.0f}".strip()
    )


def _dated(row: dict[str, Any]) -> str:
    return ", ".join(part for part in (str(row["day"]), str(row.get("source") or "")) if part)


def _newest(quotes: Sequence[dict[str, Any]], name: Any) -> dict[str, Any]:  # noqa: ANN401  a cell
    return next((one for one in reversed(quotes) if name is not None and one.get("name") == name), {})


def gain(quotes: Sequence[dict[str, Any]], name: object, last: date) -> float | None:
    """Return the return of a name over the half year up to a day, from its prices."""
    mine = [one for one in quotes if one.get("name") == name and one.get("price") is not None]
    now = [one for one in mine if last - SLACK <= one["day"] <= last]
    then = [one for one in mine if abs((one["day"] - (last - HALF_YEAR)).days) <= SLACK.days]
    if not now or not then or float(then[-1]["price"]) <= 0 or now[-1].get("currency") != then[-1].get("currency"):
        return None
    return float(now[-1]["price"]) / float(then[-1]["price"]) - 1


def _returns(company: str, mine: Sequence[dict[str, Any]], quotes: Sequence[dict[str, Any]]) -> Iterator[Row]:
    last = mine[-1]
    own = gain(quotes, company, last["day"])
    if own is None:
        return
    for kind in ("industry", "sector"):
        other = gain(quotes, last.get(kind), last["day"])
        against = (
            f"{kind} not known"
            if other is None
            else f"{last[kind]} {percent(other, signed=True)}: {100 * (own - other):+.1f} points"
        )
        yield company, f"return of 26 weeks against its {kind}", percent(own, signed=True), against, f"to {last['day']}"


def _implied(
    evidence: Evidence, company: str, last: dict[str, Any], expected: Sequence[dict[str, Any]]
) -> Iterator[Row]:
    """Turn the price round on the newest four quarters of sales and operating income, in the currency of the price."""
    sales = series(evidence, company, "revenue")
    income = next((one for name in ("operating_income", "operating_profit", "adjusted_ebita")
                   if (one := series(evidence, company, name)).good), None)  # fmt: skip
    value, currency = last.get("market_value"), last.get("currency")
    if value is None or not sales.good or sales.currency != currency:
        return
    year = total(sales, sales.good[-1])
    if year is None:
        return
    sold = float(sum(one.value for one in year))
    assumed = evidence.assumption("discount_rate")
    rate, price, of = assumed.value if assumed else RATE, float(value), f"four quarters to {year[-1].end}"
    earned = None if income is None else total(income, income.at(year[-1].end) or income.good[-1])
    if income is not None and earned is not None and earned[-1].end == year[-1].end:
        margin = float(sum(one.value for one in earned)) / sold
        growth = implied.growth(price, sold, margin, rate)
        yield (
            company,
            "growth that the price implies",
            _percent(growth),
            f"at the margin of {income.measure}, {percent(margin)}",
            of,
        )
    ahead = [one for one in expected if (one.get("item"), one.get("period")) == ("revenue", "ntm") and _money(one)]
    money = _money(ahead[-1]) if ahead else None
    if money is not None and money[0].currency == currency:
        pace = float(money[1]) / sold - 1
        implied_margin = implied.margin(price, sold, pace, rate)
        yield (
            company,
            "margin that the price implies",
            _percent(implied_margin),
            f"at the consensus growth of {percent(pace)}",
            of,
        )
    cash = free_cash_flow(evidence, company)
    if cash.good and cash.currency == currency and (four := total(cash, cash.good[-1])) is not None:
        share = float(sum(one.value for one in four)) / price
        yield company, "free cash flow over market value", percent(share), "four quarters", f"to {four[-1].end}"


def _percent(value: float | None) -> str:
    return NO_VALUE if value is None else percent(value)


def _latest_ratings(company: str, ratings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for one in ratings:
        if one.get("company") == company and one.get("rating") is not None:
            newest[str(one.get("provider")), str(one.get("kind"))] = one
    return [newest[key] for key in sorted(newest)]


def _sentence(rows: Sequence[Row]) -> str:
    first = next((row for row in rows if row[1] == "forward price to sales"), rows[0])
    return f"{first[0]}: {first[1]} {first[2]}, {first[3]}."


exhibit = Exhibit(
    name="watch.valuation",
    question="What does the market pay and expect, and what does its price imply?",
    build=build,
)
