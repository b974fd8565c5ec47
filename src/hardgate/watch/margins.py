"""Margins by their definitions, side by side: each profit over each revenue that the company publishes.

A margin names its denominator: a loss over the revenue of the core business and the same loss over that of the whole
company are two margins, and so are a profit with and without what an issuer takes out of it. Wrong to compare across
companies: a profit by the issuer's own definition is its own.

Source: METHODS 15.

>>> round(-15091 / 24660, 3), round(-15091 / 31174, 3)
(-0.612, -0.484)
"""

from collections.abc import Iterator
from decimal import Decimal

from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.margins import Margin, margins
from hardgate.metrics.published import QUARTER, YEAR, series
from hardgate.metrics.stated import WHOLE, companies, read

PROFITS = {
    "operating_income": "operating income as its accounts state it",
    "operating_profit": "operating profit as its accounts state it",
    "non_ifrs_operating_profit": "operating profit without what the issuer takes out (non-IFRS)",
    "non_gaap_operating_income": "operating income without what the issuer takes out (non-GAAP)",
    "adjusted_ebita": "adjusted EBITA by the issuer's definition",
    "adjusted_ebitda": "adjusted EBITDA by the issuer's definition",
    "net_income": "net income",
}
"""The profits that are held against revenue, and what each is."""
CLOUD = "cloud_adjusted_ebita"
PRINTED = "_margin"
"""What the name of a printed margin over revenue ends with."""
PLACE = Decimal("0.001")


def build(evidence: Evidence) -> Table:
    """Build one row a company, profit and revenue, of the newest period that has both."""
    known = companies(evidence)
    rows = [row for company in known for row in _of_company(evidence, company)]
    if not rows:
        return Table("", missing="no profit with a revenue of the same period: bring facts with both")
    widest = _widest(rows)
    return Table(
        sentence=f"{len(rows)} margins by their definitions. {widest}",
        headings=(
            Heading("company"), Heading("profit"), Heading("over"), Heading("period to"), Heading("margin", "share"),
            Heading("definition"), Heading("restated"), Heading("where both stand"),
        ),
        rows=tuple(rows),
        batches=evidence.batches("published"),
    )  # fmt: skip


def _of_company(evidence: Evidence, company: str) -> Iterator[tuple[Cell, ...]]:
    stated, _ = read(evidence, company)
    whole = {one.measure for one in stated if one.segment == WHOLE}
    revenues = sorted(one for one in whole if one == "revenue" or one.endswith("core_revenue"))
    pairs = [(profit, revenue) for profit in PROFITS if profit in whole for revenue in revenues]
    if CLOUD in whole and "cloud_revenue" in whole:
        pairs.append((CLOUD, "cloud_revenue"))
    for profit, revenue in pairs:
        one = newest(evidence, company, profit, revenue)
        if one is not None:
            told = one.profit.parts[0].now.definition or PROFITS.get(profit, "adjusted EBITA of the cloud segment")
            value, cited = _printed(evidence, one, profit, revenue)
            yield company, profit, revenue, str(one.end), value, told, "restated" if one.restated else "", cited


def _printed(evidence: Evidence, one: Margin, profit: str, revenue: str) -> tuple[float | None, str]:
    """Return the margin as the issuer prints it, where it recomputes from both figures as they are rounded."""
    name = profit + PRINTED
    point = series(evidence, one.profit.parts[0].now.company, name, WHOLE, one.months).at(one.end)
    if point is None or revenue != "revenue":
        return one.value, one.cited
    slack = float(one.profit.rounding + one.revenue.rounding * abs(Decimal(one.value))) / float(one.revenue.value) / 2
    if abs(float(point.value) - one.value) > float(point.rounding or PLACE) / 2 + slack:
        return (
            None,
            f"printed {percent(float(point.value))} and recomputed {percent(one.value)} do not agree: {point.cited}",
        )
    return round(float(point.value), 6), f"{point.cited}, as printed; {one.cited}"


def newest(evidence: Evidence, company: str, profit: str, revenue: str) -> Margin | None:
    """Return the newest margin of a quarter or year."""
    found = [one for months in (QUARTER, YEAR)
             for one in margins(evidence, company, (profit, WHOLE), (revenue, WHOLE), months)]  # fmt: skip
    return max(found, key=lambda one: (one.end, -one.months), default=None)


def _widest(rows: list[tuple[Cell, ...]]) -> str:
    """Say of which company the margins of one period lie farthest apart."""
    spans: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for company, profit, revenue, end, value, *_ in rows:
        if value is None:
            continue
        spans.setdefault((str(company), str(end)), []).append((float(str(value)), f"{profit} over {revenue}"))
    apart = {key: (min(found), max(found)) for key, found in spans.items() if len(found) > 1}
    if not apart:
        return "Each company has one."
    (company, end), (low, high) = max(apart.items(), key=lambda one: (one[1][1][0] - one[1][0][0], one[0]))
    return f"{company} to {end} has from {100 * low[0]:.1f} % ({low[1]}) to {100 * high[0]:.1f} % ({high[1]})."


exhibit = Exhibit(
    name="watch.margins",
    question="Which margins does each company have, and over which revenue?",
    build=build,
)
