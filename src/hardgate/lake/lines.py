r"""The records of a text file with the line each starts on, and what is wrong with those that are none.

Python's own CSV reader reads each record; what this adds is getting up again: a record that does not fit costs its
first line only, and reading goes on at the next. The lake uses it where DuckDB's faster reader stumbles.

>>> [(one.line, one.cells or one.wrong) for one in records(["1,a\n", '2,"b\n', "3,c\n", "\n", "4,d,e\n"], 2, ",")]
[(1, ['1', 'a']), (2, 'a quote is not closed'), (3, ['3', 'c']), (5, '3 columns, expected 2')]
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_LONGEST = 1000
"""Lines of one record; more than that is a quote that was never closed."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record, or what is wrong with the line; `text` is the line as it stands."""

    line: int
    cells: list[str] | None
    wrong: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no record."""

    line: int
    reason: str
    text: str


def records(lines: Iterable[str], width: int, delimiter: str, first: int = 1) -> Iterator[Record]:
    """Yield the records of some lines, of which the first has this number; empty lines are none."""
    reader = _Reader(enumerate(lines, start=first), width, delimiter)
    while (following := reader.next_line()) is not None:
        number, line = following
        if "\ufffd" in line:
            yield Record(number, None, "not UTF-8 text", line.rstrip("\r\n"))
        elif '"' in line:
            yield reader.quoted(number, line)
        elif line.strip():
            yield reader.simple(number, line.rstrip("\r\n"))


@dataclass(slots=True)
class _Reader:
    """Lines that are still to be read: first those that were taken in vain, then the rest."""

    source: Iterator[tuple[int, str]]
    width: int
    delimiter: str
    waiting: deque[tuple[int, str]] = field(default_factory=deque)

    def next_line(self) -> tuple[int, str] | None:
        return self.waiting.popleft() if self.waiting else next(self.source, None)

    def simple(self, number: int, text: str) -> Record:
        cells = text.split(self.delimiter)
        if len(cells) == self.width:
            return Record(number, cells, text=text)
        return Record(number, None, f"{len(cells)} columns, expected {self.width}", text)

    def quoted(self, number: int, line: str) -> Record:
        """Read a record with quotes, over as many lines as it takes."""
        taken = [line]
        quotes = line.count('"')
        wrong = "a quote is not closed"
        while quotes % 2 and len(taken) < _LONGEST and (following := self.next_line()) is not None:
            taken.append(following[1])
            quotes += following[1].count('"')
        if quotes % 2 == 0:
            cells, said = self.parsed(taken)
            if cells is not None:
                return Record(number, cells, text=line.rstrip("\r\n"))
            wrong = said if len(taken) == 1 else wrong
        self.waiting.extendleft((number + at, taken[at]) for at in range(len(taken) - 1, 0, -1))
        return Record(number, None, wrong, line.rstrip("\r\n"))

    def parsed(self, taken: list[str]) -> tuple[list[str] | None, str]:
        try:
            found = list(csv.reader(taken, delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            return None, f"not a record: {error}"
        if len(found) != 1 or len(found[0]) != self.width:
            return None, f"{len(found[0])} columns, expected {self.width}"
        return found[0], ""
