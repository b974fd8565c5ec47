"""What of published figures ties: segments to the whole, bridges to their end, quarters to the year, printed growth.

Segments plus what is unallocated plus what is eliminated equal the consolidated figure; a bridge is its start and its
items (`free_cash_flow_item_...` after `operating_cash_flow`); four stated quarters equal the year. A difference is
allowed as far as the rounding of the parts explains it. Wrong where a segment is listed beside its own parts.

Source: METHODS 15.

>>> allowed([Decimal(1), Decimal(1), Decimal(1)])
Decimal('1.5')
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.terms import Evidence
from hardgate.metrics.growth import PRINTED, Growth, growths
from hardgate.metrics.published import QUARTER, YEAR, Figure, figure, months_of, series, total
from hardgate.metrics.stated import WHOLE, Stated, read
from hardgate.sources.segments import ELIMINATIONS, UNALLOCATED, is_segment

BRIDGES: Mapping[str, str] = {"free_cash_flow": "operating_cash_flow", "adjusted_ebita": "operating_income"}
"""The end of each bridge, and where it starts."""
ITEM = "_item_"
TIED = frozenset({"operating_income", "operating_profit", "adjusted_ebita", "adjusted_ebitda", "net_income"})
"""What segments add up to beside revenue; the segments of a balance or of depreciation leave parts unsaid."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One total and its parts; `parts` None says in `why` what is not there."""

    company: str
    kind: str
    measure: str
    end: date
    parts: tuple[tuple[str, Decimal], ...]
    whole: Decimal
    slack: Decimal
    cited: str
    currency: str | None = None

    @property
    def total(self) -> Decimal:
        """The parts together."""
        return sum((value for _, value in self.parts), Decimal(0))

    @property
    def difference(self) -> Decimal:
        """What the parts lack of the whole."""
        return self.whole - self.total

    @property
    def closes(self) -> bool:
        """Tell whether the parts are the whole, to their rounding."""
        return abs(self.difference) <= self.slack


def allowed(roundings: Iterable[Decimal]) -> Decimal:
    """Return by how much parts and whole may differ for rounding alone: half of the last place of each."""
    return sum(roundings, Decimal(0)) / 2


def ties(evidence: Evidence, company: str) -> list[Tie]:
    """Return every total of a company that can be added up, by kind, measure and period."""
    stated, _ = read(evidence, company)
    found = [*_segments(stated), *_bridges(stated), *_years(evidence, company, stated)]
    return sorted(found, key=lambda one: (one.kind, one.measure, one.end, one.cited))


def printed(evidence: Evidence, company: str) -> list[Growth]:
    """Return every printed percentage of which both figures are known, oldest first within its measure."""
    stated, _ = read(evidence, company)
    names = sorted({one.measure.removesuffix(PRINTED) for one in stated if one.measure.endswith(PRINTED)})
    every = [
        one for name in names for months in (QUARTER, YEAR) for one in growths(evidence, company, name, WHOLE, months)
    ]
    return [one for one in every if one.printed is not None and one.now is not None and one.before is not None]


def _segments(stated: Sequence[Stated]) -> Iterator[Tie]:
    """Yield a tie for each document, measure and period of which it states segments and the whole."""
    groups: dict[tuple[object, ...], list[Stated]] = {}
    for one in stated:
        if one.kind == "money" and one.start is not None and (one.measure in TIED or one.measure.endswith("revenue")):
            groups.setdefault((one.document, one.measure, one.start, one.end, one.currency), []).append(one)
    for mine in groups.values():
        parts = [one for one in mine if is_segment(one.segment) and one.segment != WHOLE]
        rest = [one for one in mine if one.segment in {UNALLOCATED, ELIMINATIONS}]
        whole = _held([one for one in mine if one.segment == WHOLE])
        if len(parts) > 1 and whole is not None:
            yield _tie("segments", mine[0], [*parts, *rest], whole)


def _held(told: Sequence[Stated]) -> Figure | None:
    found = figure(told) if told else None
    return found if isinstance(found, Figure) else None


def _tie(kind: str, like: Stated, parts: Sequence[Stated], whole: Figure) -> Tie:
    named = tuple((one.segment if one.segment != WHOLE else one.measure, one.value) for one in parts)
    slack = allowed([whole.now.rounding, *(one.rounding for one in parts)])
    return Tie(like.company, kind, whole.now.measure, like.end, named, whole.now.value, slack, whole.now.cited,
               whole.now.currency)  # fmt: skip


def _bridges(stated: Sequence[Stated]) -> Iterator[Tie]:
    """Yield a tie for each bridge of which the start, items and end are stated of one period."""
    for end, start in BRIDGES.items():
        mine = [one for one in stated if one.segment == WHOLE and one.kind == "money"]
        periods = {(one.start, one.end, one.currency) for one in mine if one.measure.startswith(end + ITEM)}
        for period in sorted(periods, key=lambda one: (one[1], one[0] or date.min, one[2] or "")):
            of_period = [one for one in mine if (one.start, one.end, one.currency) == period]
            whole = _held([one for one in of_period if one.measure == end])
            first = _held([one for one in of_period if one.measure == start])
            names = sorted({one.measure for one in of_period if one.measure.startswith(end + ITEM)})
            items = [_held([one for one in of_period if one.measure == name]) for name in names]
            if whole is not None and first is not None and None not in items:
                yield _tie("bridge", whole.now, [first.now, *(one.now for one in items if one)], whole)


def _years(evidence: Evidence, company: str, stated: Sequence[Stated]) -> Iterator[Tie]:
    """Yield a tie for each year of which the four quarters are stated too."""
    flows = {one.measure for one in stated if one.kind == "money" and months_of(one.start, one.end) == YEAR}
    for measure in sorted(flows):
        quarters = series(evidence, company, measure)
        for year in series(evidence, company, measure, WHOLE, YEAR).good:
            last = quarters.at(year.end)
            four = None if last is None else total(quarters, last)
            if four is not None and not any(one.derived for one in four):
                parts = tuple((f"quarter to {one.end}", one.value) for one in four)
                slack = allowed([year.rounding, *(one.rounding for one in four)])
                yield Tie(
                    company, "quarters", measure, year.end, parts, year.value, slack, year.cited, quarters.currency
                )
