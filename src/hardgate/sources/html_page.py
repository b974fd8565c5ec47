"""An HTML document as what a reader sees and a machine was told: tables of cells, lines of text, and tagged facts.

Python's own parser is used: filings with inline XBRL are well-formed, and those without are not trees that anything
more is needed of. Wrong for a page whose tables are drawn by scripts or pictures.

>>> page = read(b"<p>(in millions)</p><table><tr><th>Item</th><td colspan=2>7</td></tr></table>")
>>> page.tables[0].before, [(one.first, one.last, one.text) for one in page.tables[0].rows[0]]
('(in millions)', [(0, 0, 'Item'), (1, 2, '7')])
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = frozenset({"p", "div", "br", "tr", "td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr"})
SILENT = frozenset({"script", "style", "head"})
BEFORE = 4
"""How many lines between a table and the one before it may speak of it."""


@dataclass(slots=True)
class Cell:
    """One cell and the columns that it spans."""

    first: int
    last: int
    text: str


@dataclass(slots=True)
class Grid:
    """One table: its number in the document, its line, the lines before it, and its rows of cells."""

    number: int
    line: int
    before: str
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Tagged:
    """One fact of inline XBRL, with the table and row that it stands in (0 and -1 outside tables)."""

    name: str
    attributes: Mapping[str, str]
    line: int
    table: int
    row: int
    cell: Cell | None = None
    text: str = ""


@dataclass(slots=True)
class Context:
    """When and of what a tagged fact speaks."""

    start: str | None = None
    end: str | None = None
    members: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """All that is read of a document."""

    tables: list[Grid] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)
    tagged: list[Tagged] = field(default_factory=list)
    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)


def read(content: bytes) -> Page:
    """Read an HTML document; a byte that is not UTF-8 becomes U+FFFD."""
    reader = _Reader()
    reader.feed(content.decode("utf-8-sig", "replace"))
    reader.close()
    reader.end_line()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._grids: list[Grid] = []
        self._cells: list[Cell | None] = []
        self._open: list[Tagged] = []
        self._silent = self._since = 0
        self._words: list[str] = []
        self._header = 0
        self._context = Context()
        self._member = self._unit = ""
        self._told: list[str] = []

    # HTML

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if ":" in tag:
            self._start_xbrl(tag.rpartition(":")[2], given)
            return
        if tag in SILENT:
            self._silent += 1
        elif tag in BLOCKS:
            self.end_line()
        if tag == "table":
            before = " ".join(text for _, text in self.page.lines[self._since :][-BEFORE:]) if not self._grids else ""
            grid = Grid(len(self.page.tables) + 1, self.getpos()[0], before)
            self.page.tables.append(grid)
            self._grids.append(grid)
            self._cells.append(None)
        elif tag == "tr" and self._grids:
            self._grids[-1].rows.append([])
        elif tag in {"td", "th"} and self._grids:
            self._start_cell(given)

    def _start_cell(self, given: Mapping[str, str]) -> None:
        rows = self._grids[-1].rows
        if not rows:
            rows.append([])
        first = rows[-1][-1].last + 1 if rows[-1] else 0
        span = int(given["colspan"]) if given.get("colspan", "").isdigit() else 1
        rows[-1].append(Cell(first, first + max(span, 1) - 1, ""))
        self._cells[-1] = rows[-1][-1]

    def handle_endtag(self, tag: str) -> None:
        if ":" in tag:
            self._end_xbrl(tag.rpartition(":")[2])
        elif tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table" and self._grids:
            self.end_line()
            closed = self._grids.pop()
            self._cells.pop()
            # A table of layout (a page's head and foot) does not come between a table and what speaks of it.
            if any(sum(any(map(str.isdigit, cell.text)) for cell in row) > 1 for row in closed.rows):
                self._since = len(self.page.lines)
        elif tag in {"td", "th"} and self._grids:
            self._cells[-1] = None
        if tag in BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data
        self._told.append(data)
        if self._silent or self._header:
            return
        if self._grids:
            cell = self._cells[-1]
            if cell is not None:
                cell.text = " ".join(f"{cell.text} {data}".split())
        else:
            self._words.append(data)

    def end_line(self) -> None:
        """End a line of text."""
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            self.page.lines.append((self.getpos()[0], text))

    # Inline XBRL

    def _start_xbrl(self, tag: str, given: Mapping[str, str]) -> None:
        self._told.clear()
        if tag == "header":
            self._header += 1
        elif tag in {"nonfraction", "nonnumeric"}:
            table, row = (self._grids[-1].number, len(self._grids[-1].rows) - 1) if self._grids else (0, -1)
            one = Tagged(
                given.get("name", ""),
                {"kind": tag, **given},
                self.getpos()[0],
                table,
                row,
                self._cells[-1] if self._cells else None,
            )
            self.page.tagged.append(one)
            self._open.append(one)
        elif tag == "context":
            self._context = self.page.contexts[given.get("id", "")] = Context()
        elif tag == "unit":
            self._unit = given.get("id", "")
            self.page.units[self._unit] = []
        elif tag in {"explicitmember", "typedmember"}:
            self._member = given.get("dimension", "")

    def _end_xbrl(self, tag: str) -> None:
        said = "".join(self._told).strip()
        if tag == "header":
            self._header = max(0, self._header - 1)
        elif tag in {"nonfraction", "nonnumeric"} and self._open:
            self._open.pop()
        elif tag == "startdate":
            self._context.start = said
        elif tag in {"enddate", "instant"}:
            self._context.end = said
        elif tag in {"explicitmember", "typedmember"}:
            self._context.members[self._member] = said
        elif tag == "measure":
            self.page.units.setdefault(self._unit, []).append(said)
