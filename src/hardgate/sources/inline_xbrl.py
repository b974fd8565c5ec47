"""The tagged facts of a filing with inline XBRL: value, period, unit and segment of each, and where it stands.

A figure that is printed in several places is one fact: the one with the most decimals stands, and places that differ
by more than they are rounded are told. A dimension of segments gives the segment; what is not allocated to segments and
what is eliminated between them have names of their own. Wrong for a filing that tags its segments by axes of its own.

Source: Inline XBRL 1.1 (scale, sign and format); US GAAP segments by `StatementBusinessSegmentsAxis`.

>>> segment_of({"us-gaap:StatementBusinessSegmentsAxis": "goog:GoogleCloudMember"})
'GoogleCloud'
>>> segment_of({"srt:ConsolidationItemsAxis": "us-gaap:CorporateNonSegmentMember"})
'unallocated'
>>> int(number("1,234.5", {"scale": "6", "sign": "-", "format": "ixt:num-dot-decimal"}) or 0)
-1234500000
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hardgate.sources.html_page import Context, Page, Tagged
from hardgate.sources.segments import ALL_SEGMENTS, ELIMINATIONS, UNALLOCATED
from hardgate.sources.source import Unread

SEGMENTS, ITEMS = "StatementBusinessSegmentsAxis", "ConsolidationItemsAxis"
_ITEMS = {
    "CorporateNonSegment": UNALLOCATED,
    "MaterialReconcilingItems": UNALLOCATED,
    "SegmentReconcilingItems": UNALLOCATED,
    "IntersegmentElimination": ELIMINATIONS,
    "ConsolidationEliminations": ELIMINATIONS,
    "OperatingSegments": ALL_SEGMENTS,
}
_WORDS = {
    "no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_NOTHING = re.compile(r"(fixed-zero|zerodash|numdash)$")
_DASHES = {"", "-", "\u2013", "\u2014", "\u2212"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One tagged figure."""

    tag: str
    segment: str | None
    start: str | None
    end: str
    value: Decimal
    unit: str
    currency: str | None
    rounding: Decimal | None
    at: Tagged

    @property
    def printed(self) -> Decimal:
        """The value with the sign that the table prints: an expense in brackets counts down."""
        cell = self.at.cell
        return -abs(self.value) if cell is not None and cell.text.startswith("(") else self.value


def facts(page: Page) -> tuple[list[Fact], list[Unread]]:
    """Return each tagged figure once, and what could not be read or contradicts itself."""
    found: dict[tuple[object, ...], Fact] = {}
    unread: list[Unread] = []
    for one in page.tagged:
        if one.attributes["kind"] != "nonfraction" or one.attributes.get("xsi:nil") == "true":
            continue
        fact = _fact(one, page)
        if isinstance(fact, str):
            unread.append(Unread(one.line, fact, f"{one.name} {one.text}"))
            continue
        key = (fact.tag, fact.segment, fact.start, fact.end, fact.unit, fact.currency)
        other = found.get(key)
        if other is not None and not _agree(fact, other):
            why = f"contradicts {other.value} of line {other.at.line} for the same figure of {fact.end}"
            unread.append(Unread(one.line, why, f"{one.name} {fact.value}"))
        elif other is None or _finer(fact, other):
            found[key] = fact
    return list(found.values()), unread


def _fact(one: Tagged, page: Page) -> Fact | str:
    context, unit = page.contexts.get(one.attributes.get("contextref", "")), one.attributes.get("unitref", "")
    if context is None or not context.end:
        return f"no context {one.attributes.get('contextref')!r} with a period"
    if unit not in page.units:
        return f"no unit {unit!r}"
    value = number(one.text, one.attributes)
    if value is None:
        return f"not a number in the format {one.attributes.get('format')!r}"
    kind, currency = _unit(page.units[unit])
    return Fact(one.name, segment_of(context.members), context.start, context.end, value, kind, currency,
                _rounding(one.attributes), one)  # fmt: skip


def number(text: str, attributes: Mapping[str, str]) -> Decimal | None:
    """Return the value of a tagged figure: its text in its format, scaled and signed."""
    form, said = attributes.get("format", ""), re.sub(r"[\s\u00a0]", "", text)
    if _NOTHING.search(form) or said in _DASHES:
        return Decimal(0)
    if form.endswith("numwordsen") and said.lower() in _WORDS:
        return Decimal(_WORDS[said.lower()])
    if form.endswith(("num-comma-decimal", "numcommadecimal", "numdotcomma")):
        said = said.replace(".", "").replace(",", ".")
    try:
        value = Decimal(said.replace(",", "").replace("$", "").strip("()"))
        scaled = value.scaleb(int(attributes.get("scale") or 0))
    except (InvalidOperation, ValueError):
        return None
    return -scaled if attributes.get("sign") == "-" else scaled


def _unit(measures: list[str]) -> tuple[str, str | None]:
    plain = [one.rpartition(":")[2] for one in measures]
    currency = plain[0] if measures and measures[0].startswith("iso4217:") else None
    if currency is not None:
        return ("per share" if len(plain) > 1 else "currency"), currency
    return {"pure": "ratio"}.get(plain[0] if plain else "", "/".join(plain) or "unknown"), None


def _rounding(attributes: Mapping[str, str]) -> Decimal | None:
    decimals = attributes.get("decimals", "")
    return Decimal(1).scaleb(-int(decimals)) if re.fullmatch(r"-?\d+", decimals) else None


def segment_of(members: Mapping[str, str]) -> str | None:
    """Return the segment that a context speaks of; None is the whole company."""
    plain = {_local(axis): _local(one).removesuffix("Member") for axis, one in members.items()}
    item = plain.pop(ITEMS, None)
    segment = plain.pop(SEGMENTS, "").removesuffix("Segment")
    parts = [segment] if segment else []
    if item is not None and not (segment and item == "OperatingSegments"):
        parts.append(_ITEMS.get(item, item))
    parts += [f"{axis.removesuffix('Axis')}={one}" for axis, one in sorted(plain.items())]
    return " & ".join(parts) or None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _agree(one: Fact, other: Fact) -> bool:
    return abs(one.value - other.value) <= max(one.rounding or Decimal(0), other.rounding or Decimal(0))


def _finer(one: Fact, other: Fact) -> bool:
    return (one.rounding or Decimal(0)) < (other.rounding or Decimal(0)) or (one.at.table > 0 and other.at.table == 0)


def cover(page: Page, name: str) -> str | None:
    """Return what the cover of a filing says under a name of the dei taxonomy."""
    said = (one.text for one in page.tagged if one.name == f"dei:{name}")
    return next((" ".join(text.split()) for text in said if text.strip()), None)


def periods(contexts: Mapping[str, Context]) -> Iterator[str]:
    """Yield the last days of all periods."""
    return (one.end for one in contexts.values() if one.end)
