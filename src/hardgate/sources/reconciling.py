"""What a filing leaves unallocated between its segments and the whole: the lines of its own reconciliation.

Issuers tag such lines by what they are (share-based compensation, hedging gains) and not by what they reconcile. The
lines of the printed reconciliation are taken in their order and with their printed sign, up to where segments and lines
equal the whole. Where no run of lines closes it nothing is taken, and the tie stays open. Wrong when lines of two
reconciliations stand in one run and happen to add up.

Source: METHODS 15; ASC 280-10-50-30 (reconciliations of segment totals).

>>> run([Decimal(-1624), Decimal(-440), Decimal(-101), Decimal(592)], Decimal(-2165))
3
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from hardgate.sources.inline_xbrl import Fact
from hardgate.sources.measures import measure_of, rank
from hardgate.sources.segments import ELIMINATIONS, UNALLOCATED, is_segment

RECONCILED = ("revenue", "operating_income")


def run(lines: Sequence[Decimal], gap: Decimal) -> int:
    """Return how many lines from the first on add up to a gap; 0 where none do."""
    total = Decimal(0)
    for count, one in enumerate(lines, start=1):
        total += one
        if total == gap:
            return count
    return 0


def unallocated(facts: Sequence[Fact]) -> Iterator[tuple[str, Fact]]:
    """Yield the measure and the line for each line that stands between segments and the whole."""
    for name in RECONCILED:
        mine = [one for one in facts if measure_of(one.tag) == name and one.unit == "currency"]
        for period in sorted({(one.start or "", one.end) for one in mine if is_segment(one.segment)}):
            for one in _of_period(facts, [f for f in mine if (f.start or "", f.end) == period]):
                yield name, one


def _of_period(facts: Sequence[Fact], mine: Sequence[Fact]) -> Sequence[Fact]:
    wholes = sorted((one for one in mine if one.segment is None), key=lambda one: rank(one.tag))
    parts = [one for one in mine if is_segment(one.segment) or one.segment in {UNALLOCATED, ELIMINATIONS}]
    if not wholes or not parts:
        return ()
    gap = wholes[0].value - sum((one.value for one in parts), Decimal(0))
    if gap == 0:
        return ()
    same = [one for one in facts if (one.start, one.end, one.unit) == (parts[0].start, parts[0].end, "currency")]
    tables = {one.at.table for one in parts if one.at.table}
    told = [one for one in same if one.segment == UNALLOCATED and one not in parts]
    beside = [one for one in same if one.segment is None and one.at.table in tables and measure_of(one.tag) is None]
    for lines in (told, beside):
        ordered = sorted(lines, key=lambda one: (one.at.table, one.at.row))
        if count := run([one.printed for one in ordered], gap):
            return ordered[:count]
    return ()
