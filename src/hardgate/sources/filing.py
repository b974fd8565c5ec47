"""Filings and releases as HTML files: tagged facts of a 10-K, 10-Q or 20-F, or printed tables of a 6-K and an exhibit.

With inline XBRL every tagged figure is a fact; without it the printed tables are read. Sentences that speak of capacity
and how it is used become disclosures. What an HTML file does not say of itself its input says: `company`, `document`,
`form` and `filed`; a day in the file's name is taken as the day it was filed. Wrong for a PDF: save the HTML exhibit.

>>> source.opens(b"<?xml version='1.0'?><html>"), source.opens(b"day,value")
(True, False)
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.errors import BadInput, Misconfigured
from hardgate.sources import html_page, inline_xbrl, printed_tables, sentences
from hardgate.sources.html_page import Page
from hardgate.sources.inline_xbrl import Fact
from hardgate.sources.measures import issuer, measure_of
from hardgate.sources.printed_tables import Printed
from hardgate.sources.reconciling import unallocated
from hardgate.sources.segments import UNALLOCATED
from hardgate.sources.source import Document, Extract, Input, Laid, RawColumns, Source, Unread

FACT = (
    "company", "concept", "segment", "period_start", "period_end", "value", "unit", "currency", "definition",
    "taxonomy", "measure", "method", "rounding", "document", "document_digest", "table_name", "row_name", "column_name",
    "form", "filed",
)  # fmt: skip
SAID = ("company", "document", "sentence_no", "topic", "sentence", "said_on", "document_digest", "filed")
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|div|p)\b", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")
Row = list[str | None]


@dataclass(frozen=True, slots=True)
class _Cover:
    """What holds for a whole document."""

    company: str
    document: str
    digest: str
    form: str | None
    filed: str | None


def _opens(start: bytes) -> bool:
    return _HTML.search(start) is not None


def _lay(document: Document) -> Laid:
    try:
        with document.open() as stream:
            page = html_page.read(stream.read())
    except (OSError, EOFError) as error:
        message = f"cannot be unpacked: {error}"
        raise BadInput(message) from error
    tagged = any(one.attributes["kind"] == "nonfraction" for one in page.tagged)
    cover = _cover(document, page)
    rows, unread = _tagged(page, cover) if tagged else _printed(page, cover)
    if not rows and not unread:
        raise BadInput(
            f"not a filing: {len(page.tables)} tables, none of which names a period such as "
            '"three months ended September 30, 2025" over figures, and no tagged facts'
        )
    last = max((row[1][4] or "" for row in rows), default="") or cover.filed or ""
    said = _said(page, cover, last)
    columns = ("kind", *FACT, *(f"said_{name}" for name in SAID))
    laid: list[tuple[int, Sequence[str | None]]] = [(at, ["fact", *row, *[None] * len(SAID)]) for at, row in rows]
    laid += [(at, ["said", *[None] * len(FACT), *row]) for at, row in said]
    return Laid(columns, laid, tuple(unread))


def _cover(document: Document, page: Page) -> _Cover:
    options = document.options
    company = options.get("company") or issuer(inline_xbrl.cover(page, "EntityRegistrantName") or "")
    if not company:
        raise BadInput('which company it is of is not said: write company = "..." in its input')
    name = options.get("document") or re.sub(r"\.(html?|xhtml)(\.gz)?$", "", document.name)
    form = options.get("form") or inline_xbrl.cover(page, "DocumentType")
    return _Cover(company, name, document.digest, form, _filed(options.get("filed"), document.name))


def _filed(told: str | None, name: str) -> str | None:
    if told is not None:
        try:
            return date.fromisoformat(told).isoformat()
        except ValueError as error:
            message = f'filed = {told!r} is not a day: write it like "2025-11-25"'
            raise Misconfigured(message) from error
    found = _DAY.search(name)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def _tagged(page: Page, cover: _Cover) -> tuple[list[tuple[int, Row]], list[Unread]]:
    facts, unread = inline_xbrl.facts(page)
    rows = [(_at(one), _of_fact(page, cover, one)) for one in facts if not one.tag.startswith("dei:")]
    for name, one in unallocated(facts):
        row = _of_fact(page, cover, one)
        row[2], row[5], row[10] = UNALLOCATED, _plain(one.printed), name
        row[1] = f"{one.tag} as a line of {name}"
        rows.append((_at(one), row))
    return rows, unread


def _at(one: Fact) -> int:
    return max(one.at.table, 1)


def _of_fact(page: Page, cover: _Cover, one: Fact) -> Row:
    table = f"table {one.at.table}" if one.at.table else None
    line = page.tables[one.at.table - 1].rows[one.at.row] if one.at.table else []
    label = next((cell.text for cell in line if cell.text), None)
    measure = measure_of(one.tag) if one.segment is None or "=" not in one.segment else None
    return [
        cover.company, one.tag, one.segment, one.start, one.end, _plain(one.value), one.unit, one.currency, label,
        one.tag.partition(":")[0], measure, "reported", None if one.rounding is None else _plain(one.rounding),
        cover.document, cover.digest, table, label, one.at.attributes.get("contextref"), cover.form, cover.filed,
    ]  # fmt: skip


def _printed(page: Page, cover: _Cover) -> tuple[list[tuple[int, Row]], list[Unread]]:
    figures, unread = printed_tables.read(page)
    kept: dict[tuple[object, ...], Printed] = {}
    for one in figures:
        key = (_concept(one), one.segment, one.start, one.end, one.unit, one.currency)
        other = kept.get(key)
        if other is None or one.rounding < other.rounding:
            kept[key] = one
        elif abs(one.value - other.value) > max(one.rounding, other.rounding):
            unread.append(Unread(one.table.number, _contradiction(one, other), _plain(one.value)))
            del kept[key]
    return [(one.table.number, _of_printed(cover, one)) for one in kept.values()], unread


def _contradiction(one: Printed, other: Printed) -> str:
    return (
        f"table {one.table.number}, row {one.label!r}: {one.value:f} for {one.end} contradicts {other.value:f} of "
        f"table {other.table.number}; neither is used"
    )


def _concept(one: Printed) -> str:
    """Rows that have no name of ours are told apart by their table."""
    return one.label if one.measure else f"table {one.table.number}: {one.label}"


def _of_printed(cover: _Cover, one: Printed) -> Row:
    return [
        cover.company, _concept(one), one.segment, one.start, one.end, _plain(one.value), one.unit, one.currency,
        one.label, "html", one.measure, "reported", _plain(one.rounding), cover.document, cover.digest,
        f"table {one.table.number}", one.label, one.column, cover.form, cover.filed,
    ]  # fmt: skip


def _said(page: Page, cover: _Cover, last: str) -> Iterator[tuple[int, Row]]:
    """Yield that the document was read, and its sentences on a topic; without a day nothing was said on any."""
    day = cover.filed or last
    if not day:
        return
    yield 1, _sentence(cover, 0, "document", f"{sentences.count(page.lines)} sentences", day)
    yield from _topics(sentences.found(page.lines), cover, day)


def _topics(found: Iterable[sentences.Sentence], cover: _Cover, day: str) -> Iterator[tuple[int, Row]]:
    for one in found:
        yield one.line, _sentence(cover, one.number, one.topic, one.text, day)


def _sentence(cover: _Cover, number: int, topic: str, text: str, day: str) -> Row:
    return [cover.company, cover.document, str(number), topic, text, day, cover.digest, cover.filed]


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    del raw, given
    return {
        "facts": Extract({name: f'"{name}"' for name in FACT}, where="kind = 'fact'"),
        "disclosures": Extract({name: f'"said_{name}"' for name in SAID}, where="kind = 'said'"),
    }


def _detect(columns: Sequence[str]) -> bool:
    """Never: a page has no header."""
    del columns
    return False


source = Source(
    name="filing",
    meaning="a filing or release as HTML, tagged or printed",
    tables=("facts", "disclosures"),
    detect=_detect,
    extract=_extract,
    options=("company", "document", "form", "filed"),
    opens=_opens,
    lay=_lay,
)
