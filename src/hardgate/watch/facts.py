"""What is published of each company: the newest figure of each measure, where it stands, and whether it was restated.

A measure that is not there is named, with the tags or rows that it was looked for under. Wrong when an issuer's own tag
means the same: bring it in a table with our name for it.

Source: METHODS 15.

>>> exhibit.question
'Which figures are known of each company, where do they stand, and what is missing?'
"""

from collections.abc import Iterator
from decimal import Decimal

from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.columns import cells
from hardgate.metrics.published import QUARTER, YEAR, Point, Series, series
from hardgate.metrics.stated import WHOLE, companies, read
from hardgate.sources.measures import TAGS


def build(evidence: Evidence) -> Table:
    """Build one row a company and measure."""
    known = companies(evidence)
    if not known:
        return Table("", missing="no published figure: bring facts (companyfacts, filings, or a table of your own)")
    rows = [row for company in known for row in _of_company(evidence, company)]
    restated = sum(row[6] != "" for row in rows)
    return Table(
        sentence=f"{len(rows)} measures of {len(known)} companies are known; {restated} of their newest are restated.",
        headings=(
            Heading("company"), Heading("measure"), Heading("period to"), Heading("figure", "", 2), Heading("in"),
            Heading("come by"), Heading("first stated as", "", 2), Heading("where it stands"),
        ),
        rows=tuple(rows),
        notes=(*_documents(evidence), *(note for company in known for note in missing(evidence, company))),
        batches=evidence.batches("published"),
    )  # fmt: skip


def _of_company(evidence: Evidence, company: str) -> Iterator[tuple[Cell, ...]]:
    stated, _ = read(evidence, company)
    for measure in sorted({one.measure for one in stated if one.segment == WHOLE}):
        point = newest(evidence, company, measure)
        if point is not None:
            yield _row(company, measure, *point)


def number(value: Decimal) -> int | float:
    """Return a figure as people read it: whole where it is.

    >>> number(Decimal("247795000000.00")), number(Decimal("1.0800"))
    (247795000000, 1.08)

    """
    return int(value) if value == value.to_integral_value() else round(float(value), 4)


def newest(evidence: Evidence, company: str, measure: str) -> tuple[Series, Point] | None:
    """Return the newest value of a measure that is used: of a quarter, of a year, or of a day."""
    found = [(one, one.good[-1]) for months in (QUARTER, YEAR, 0)
             if (one := series(evidence, company, measure, WHOLE, months)).good]  # fmt: skip
    return max(found, key=lambda one: one[1].end, default=None)


def _row(company: str, measure: str, of: Series, point: Point) -> tuple[Cell, ...]:
    came = "derived" if point.derived else "restated" if point.restated else point.parts[0].now.method
    told = point.parts[0].first.value
    first: Cell = number(told) if point.restated and not point.derived else ""
    kind = point.parts[0].now.kind
    if kind == "ratio":
        return company, measure, str(point.end), number(point.value * 100), "%", came, first, point.cited
    unit = of.currency or kind if kind == "money" else f"{of.currency} per share" if kind == "per share" else kind
    return company, measure, str(point.end), number(point.value), unit, came, first, point.cited


def missing(evidence: Evidence, company: str) -> list[str]:
    """Return the measures of accounts that a company's figures lack, and under what they were looked for."""
    stated, _ = read(evidence, company)
    there = {one.measure for one in stated}
    tagged = any(":" in one.concept for one in stated)
    gone = [f"{name} ({' or '.join(tags)})" if tagged else name for name, tags in TAGS.items() if name not in there]
    where = "under our names or these tags" if tagged else "under our names"
    return [f"{company}: not found {where}: {', '.join(gone)}"] if gone else []


def _documents(evidence: Evidence) -> list[str]:
    rows = evidence.rows("filed_document")
    counted: dict[str, list[int]] = {}
    columns = (cells(rows, name) for name in ("company", "figures", "named"))
    for company, figures, named in zip(*columns, strict=True):
        if company is not None:
            one = counted.setdefault(str(company), [0, 0])
            one[0] += figures or 0
            one[1] += named or 0
    return [
        f"{name}: {all_:,} figures read, {mine:,} of a measure of accounts"
        for name, (all_, mine) in sorted(counted.items())
    ]


exhibit = Exhibit(
    name="watch.facts",
    question="Which figures are known of each company, where do they stand, and what is missing?",
    build=build,
)
