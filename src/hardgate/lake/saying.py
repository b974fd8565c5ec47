"""What the bytes of a file are to the lake: known, read in another way, or said anew after the file said others.

A file that is edited says something else; one whose edit is undone says again what it said first, and that is news: the
edit must not stay in force. A file that says what another one said already says nothing new, whenever that was: it may
be a copy, and nobody can tell it from one.

Wrong where a file is moved and edited at once: under its new name it is a new file, and takes nothing back.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from hardgate.lake.batch import Batch
from hardgate.lake.batches import Lake


@dataclass(frozen=True, slots=True)
class Saying:
    """What a file says now, and where that stands.

    `known` are the batches that say it already; without any the file is to be read. `nth` counts how often its bytes
    were said anew before, `readings` are those of the same saying, of which another one is made, and `other_ways` the
    other readings of the file in this ingest. With `only_back` the file is read for what it no longer says.
    """

    known: tuple[Batch, ...]
    nth: int = 0
    readings: tuple[Batch, ...] = ()
    other_ways: frozenset[str] = frozenset()
    only_back: bool = False

    @property
    def before(self) -> int | None:
        """The place of the first of `readings` in the lake: what came after it does not count for another of them."""
        return min((batch.seq for batch in self.readings), default=None)

    def taking_back(self, lake: Lake) -> "Saying":
        """Return the same, to be read for what the file no longer says and for nothing else."""
        there = [batch.nth for one in self.known for batch in lake.readings(one.digest)]
        return replace(self, nth=1 + max(there), readings=(), only_back=True)


def saying(lake: Lake, file: str, digest: str, mapping: str, ways: Collection[str]) -> Saying:
    """Return what a file says now. `ways` are all the mappings by which this ingest reads the file."""
    others = frozenset(ways) - {mapping}
    there = lake.readings(digest)
    mine = [batch for batch in there if batch.mapping == mapping]
    # What another input reads from the file is no statement of this one; a reading that nobody makes any more was.
    last = {batch.table: batch for batch in lake.statements(file) if batch.mapping not in others}
    if any(batch.digest != digest for batch in last.values()):
        nth = 1 + max((batch.nth for batch in mine or there), default=-1)
        return Saying((), nth, (), others)
    nth = max((batch.nth for batch in (list(last.values()) or mine or there)), default=0)
    known = tuple(batch for batch in mine if batch.nth == nth)
    return Saying(known, nth, tuple(batch for batch in there if batch.nth == nth), others)
