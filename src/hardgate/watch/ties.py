"""Do published figures add up: segments to the whole, bridges to their end, quarters to the year, printed growth.

A tie that does not close is printed with its difference, and what rests on it alone is not used. Figures that were left
out, and why, stand below. Wrong where a segment is listed beside its own parts: then the whole is counted twice.

Source: METHODS 15.

>>> exhibit.question
'Do the published figures add up, and does printed growth recompute?'
"""

from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.growth import Growth
from hardgate.metrics.published import series
from hardgate.metrics.stated import companies, read
from hardgate.metrics.ties import Tie, printed, ties
from hardgate.sources.segments import ELIMINATIONS, UNALLOCATED
from hardgate.watch.facts import number

KINDS = {"segments": "segments = consolidated", "bridge": "bridge", "quarters": "quarters = year"}
SHOWN = 40
"""Ties that close are many: the newest are shown, and all that do not close."""


def build(evidence: Evidence) -> Table:
    """Build one row a tie, those that do not close first."""
    known = companies(evidence)
    if not known:
        return Table("", missing="no published figure: bring facts (companyfacts, filings, or a table of your own)")
    found = [one for company in known for one in ties(evidence, company)]
    rows = [_row(one) for one in found]
    rows += [_percent(company, one) for company in known for one in printed(evidence, company)]
    rows.sort(key=lambda row: (row[7] == "closes", _newest(row)))
    open_ = [row for row in rows if row[7] != "closes"]
    left_out = list(dict.fromkeys(one for company in known for one in flags(evidence, company)))
    cut = max(SHOWN, len(open_))
    notes = [*left_out[:SHOWN]]
    if len(rows) > cut:
        notes.append(f"{len(rows) - cut} older ties that close are not shown")
    if len(left_out) > SHOWN:
        notes.append(f"{len(left_out) - SHOWN} more figures are left out")
    return Table(
        sentence=_sentence(len(rows), len(open_), len(left_out)),
        headings=(
            Heading("company"), Heading("tie"), Heading("measure"), Heading("period to"), Heading("parts", "", 2),
            Heading("whole", "", 2), Heading("difference", "", 2), Heading("state"), Heading("where the whole stands"),
        ),
        rows=tuple(rows[:cut]),
        closing=f"{len(rows) - len(open_)} of {len(rows)} totals close to their rounding",
        closes=None if open_ else True,
        notes=tuple(notes),
        batches=evidence.batches("published"),
    )  # fmt: skip


def flags(evidence: Evidence, company: str) -> list[str]:
    """Return the figures of a company that are not used, and why."""
    stated, left_out = read(evidence, company)
    found = list(left_out)
    for measure, segment in sorted({(one.measure, one.segment) for one in stated if _plain(one.segment)}):
        for months in (3, 12):
            found += series(evidence, company, measure, segment, months).flags
    return list(dict.fromkeys(found))


def _plain(segment: str) -> bool:
    """What is left over has many lines of one name, and is no series."""
    return "=" not in segment and segment not in {UNALLOCATED, ELIMINATIONS}


def _row(one: Tie) -> tuple[Cell, ...]:
    measure = one.measure + (f", {one.currency}" if one.currency else "")
    rest = one.kind != "segments" or any(name in {UNALLOCATED, ELIMINATIONS} for name, _ in one.parts)
    state = "closes" if one.closes else "does not close" if rest else "does not close: nothing unallocated is stated"
    sums = (number(one.total), number(one.whole), number(one.difference))
    return one.company, KINDS[one.kind], measure, str(one.end), *sums, state, one.cited


def _percent(company: str, one: Growth) -> tuple[Cell, ...]:
    levels = [float(point.value) for point in (one.now, one.before) if point is not None]
    again = round(levels[0] / levels[1] - 1, 4)
    told = [] if one.printed is None else [(one.printed.parts[0].now.measure, round(float(one.printed.value), 4))]
    measure, stated = told[0]
    state = "does not close" if one.value is None else "closes"
    return company, "printed growth", measure, str(one.end), again, stated, round(stated - again, 4), state, one.cited


def _newest(row: tuple[Cell, ...]) -> tuple[int, str]:
    return -int(str(row[3]).replace("-", "")), str(row[:3])


def _sentence(count: int, open_: int, left_out: int) -> str:
    if not count:
        return f"Nothing published adds up to anything else yet; {left_out} figures are not used."
    state = "all close" if not open_ else f"{open_} do not close"
    return f"Of {count} totals and printed percentages {state}; {left_out} figures are not used."


exhibit = Exhibit(
    name="watch.ties",
    question="Do the published figures add up, and does printed growth recompute?",
    build=build,
)
