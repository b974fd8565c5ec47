"""Small charts as inline SVG: what an exhibit's table shows, with its threshold line, and the mark of a verdict.

A chart says nothing that its table does not: it has a title and is skipped by a screen reader that reads the table.
Shape and word carry a verdict; colour comes from the style sheet by class and is never the only carrier.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from hardgate.core.money import short
from hardgate.report import words

GAUGE = 200
ROW, HEIGHT, FOOT = 24, 220, 28
ROOM, LINES = 404, 480
"""How wide the bars are drawn, and the lines; what is written beside them has the room that it needs."""
LEAST, LINE = 72, 14
"""The least room for what is written at a side, and from one line of text to the next."""
LETTER, WIDE, LONGEST = 7.2, 13, 48
"""About how wide a letter is, and one of a wide script; longer names are cut, and said in full where one points."""
STROKES = 6
"""How many ways of drawing a line the style sheet has."""
MILLION = 1_000_000

MARKS = {
    "pass": '<circle cx="8" cy="8" r="7"/><path class="ink" d="M4.5 8.3l2.4 2.4 4.6-5"/>',
    "hold": '<path d="M8 1.5l7 13H1z"/>',
    "fail": '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>',
    "unknown": '<circle class="hollow" cx="8" cy="8" r="6"/>',
    "waived": '<path d="M8 .8L15.2 8 8 15.2.8 8z"/>',
}
"""Ticked disc, triangle, octagon, hollow ring, diamond."""


def mark(kind: str) -> str:
    """Return the mark of a verdict as SVG."""
    return f'<svg class="mark {kind}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">{MARKS[kind]}</svg>'


def gauge(judged: Mapping[str, Any]) -> str:
    """Return a reading's interval beside its limit as SVG; nothing where either is unknown.

    The scale is that of a share, or reaches a little beyond the largest of the numbers, and the smallest where one is
    below nothing. The limit is the solid line, and its own interval, where it is computed, the band behind it.
    """
    reading, limit = judged["reading"], judged["limit"]
    marks = [reading["low"], reading["high"], limit["low"], limit["high"]]
    if not all(isinstance(one, int | float) for one in marks):
        return ""
    top = 1.0 if reading["unit"] == "share" and max(marks) <= 1 else 1.15 * max(*marks, 0.0)
    bottom = 1.15 * min(*marks, 0.0)
    if top <= bottom:
        return ""
    low, high, from_, to = (GAUGE * (one - bottom) / (top - bottom) for one in marks)
    value = reading["value"] if isinstance(reading["value"], int | float) else None
    body = [
        f'<line class="axis" x1="0" y1="10" x2="{GAUGE}" y2="10"/>',
        f'<rect class="band" x="{from_:.1f}" y="3" width="{max(to - from_, 0):.1f}" height="14"/>',
        f'<rect class="bar" x="{low:.1f}" y="7" width="{max(high - low, 2):.1f}" height="6"/>',
    ]
    if value is not None:
        body.append(f'<circle class="dot" cx="{GAUGE * (value - bottom) / (top - bottom):.1f}" cy="10" r="4"/>')
    edge = to if judged["sense"] == "at least" else from_
    body.append(f'<line class="edge" x1="{edge:.1f}" y1="1" x2="{edge:.1f}" y2="19"/>')
    return f'<svg class="gauge" viewBox="-4 0 {GAUGE + 8} 20" aria-hidden="true">{"".join(body)}</svg>'


def chart(exhibit: Mapping[str, Any]) -> str:
    """Return the chart of an exhibit as SVG; nothing where it has none or too little to draw."""
    spec = exhibit["chart"]
    if not spec or not exhibit["rows"]:
        return ""
    names = [one["name"] for one in exhibit["headings"]]
    columns = {name: [row[i] for row in exhibit["rows"]] for i, name in enumerate(names)}
    heads = {one["name"]: one for one in exhibit["headings"]}
    wanted = (spec["x"], *spec["y"], *(spec[one] for one in ("limit", "by") if spec[one]))
    absent = [name for name in wanted if name not in columns]
    if absent:
        message = f"the chart of {exhibit['name']} draws {absent}, and its table has {names}"
        raise KeyError(message)
    draw: Callable[..., str] = _bars if spec["kind"] == "bars" else _lines
    return draw(spec, columns, heads, escape(exhibit["question"], {'"': "&quot;"}))


def _numbers(values: Sequence[Any]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: Any) -> float | None:  # noqa: ANN401  a cell of JSON
    if value is None or isinstance(value, bool):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _svg(width: float, height: float, title: str, body: Sequence[str]) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return "\n".join([f'<svg class="chart" {box} role="img" aria-label="{title}">', *body, "</svg>"])


def _text(x: float, y: float, text: object, anchor: str = "start") -> str:
    said = str(text)
    full = f"<title>{escape(said)}</title>" if len(said) > LONGEST else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(_cut(said))}{full}</text>'


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}..."


def _needed(texts: Sequence[object]) -> float:
    """Return about how much room the longest of some texts takes beside what is drawn."""
    return max(
        LEAST,
        *(12 + sum(WIDE if east_asian_width(one) in "WF" else LETTER for one in _cut(str(text))) for text in texts),
    )


def _said(value: float, head: Mapping[str, Any]) -> str:
    """Return a number as the table prints it, and one of millions in short."""
    return (
        short(value, "")
        if abs(value) >= MILLION and head["unit"] != "share"
        else words.cell(value, head["unit"], head["digits"])
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a table as it is drawn: in a group where names come more than once."""

    group: str
    name: str
    value: float | None
    limit: float | None
    said: str


def _rows(
    spec: Mapping[str, Any], columns: Mapping[str, Sequence[Any]], heads: Mapping[str, Mapping[str, Any]]
) -> list[Bar]:
    """Return what is drawn of a table.

    A row whose cell is left empty has nothing to draw, one without a name is a variant of the row above it, and one
    whose number is not known says so. Names that come again are told apart by the first column.
    """
    y, names = spec["y"][0], columns[spec["x"]]
    limits = columns[spec["limit"]] if spec["limit"] else [None] * len(names)
    again = len(set(names)) < len(names)
    groups = next(iter(columns.values())) if again else [""] * len(names)
    found = []
    for group, name, cell, limit in zip(groups, names, columns[y], limits, strict=True):
        if "" in (name, cell):
            continue
        value = _number(cell)
        said = words.cell(cell, "", 0) if value is None else _said(value, heads[y])
        label = "unallocated" if name is None else str(name)
        found.append(Bar("" if group == name else str(group), label, value, _number(limit), said))
    return found


def _bars(
    spec: Mapping[str, Any], columns: Mapping[str, Sequence[Any]], heads: Mapping[str, Mapping[str, Any]], title: str
) -> str:
    """Draw one horizontal bar a row for the first column of y, with a threshold tick where there is a limit.

    What is below nothing lies left of the axis.
    """
    rows = _rows(spec, columns, heads)
    drawn = [0.0, *(one for row in rows for one in (row.value, row.limit) if one is not None)]
    bottom, span = min(drawn), max(drawn) - min(drawn)
    if not span:
        return ""
    left = _needed([one for row in rows for one in (row.name, row.group)])

    def at(value: float) -> float:
        return left + ROOM * (value - bottom) / span

    body, y, group = [], 0, ""
    for row in rows:
        if row.group != group:
            body.append(_text(0, y + 16, row.group))
            y, group = y + ROW, row.group
        body += [_text(left - 8, y + 16, row.name, "end"), *_bar(row, y, at)]
        y += ROW
    if bottom < 0:
        body.append(f'<line class="axis" x1="{at(0):.1f}" y1="0" x2="{at(0):.1f}" y2="{y}"/>')
    return _svg(left + ROOM + _needed([row.said for row in rows]), y + 4, title, body)


def _bar(row: Bar, y: float, at: Callable[[float], float]) -> list[str]:
    """Draw one bar with its limit, and its number clear of both."""
    first, last = sorted((at(0), at(row.value or 0.0)))
    body, end = [], last
    if row.value is not None:
        size = f'width="{last - first:.1f}" height="{ROW - 8}"'
        body.append(f'<rect class="bar" x="{first:.1f}" y="{y + 4}" {size}/>')
    if row.limit is not None:
        x = at(row.limit)
        body.append(f'<line class="limit" x1="{x:.1f}" y1="{y + 1}" x2="{x:.1f}" y2="{y + ROW - 1}"/>')
        end = x if last < x < last + _needed([row.said]) else last
    return [*body, _text(end + 6, y + 16, row.said)]


def _lines(
    spec: Mapping[str, Any], columns: Mapping[str, Sequence[Any]], heads: Mapping[str, Mapping[str, Any]], title: str
) -> str:
    """Draw one line (or steps) for each column of y, and each value of `by`, and the limit as a dashed one."""
    along, series = _series(spec, columns)
    found = [value for values in series.values() for value in values if value is not None]
    count = len(along)
    if not found or count < 2:  # noqa: PLR2004  one point is no line
        return ""
    low, high = min(0.0, *found), max(found)
    span = (high - low) or 1.0
    levels = {level: _said(level, heads[spec["y"][0]]) for level in (low, high)}
    left, floor = _needed(list(levels.values())), HEIGHT - FOOT

    def at(i: int, value: float) -> tuple[float, float]:
        return left + LINES * i / (count - 1), floor - (floor - 12) * (value - low) / span

    nothing = at(0, 0.0)[1]
    body = [f'<line class="axis" x1="{left:.1f}" y1="{nothing:.1f}" x2="{left + LINES:.1f}" y2="{nothing:.1f}"/>']
    body += [_text(left - 6, at(0, level)[1] + 4, said, "end") for level, said in levels.items()]
    body += [
        _text(left, HEIGHT - 8, along[0]),
        _text(left + LINES, HEIGHT - 8, along[-1], "end"),
    ]
    ends: list[tuple[float, float, str]] = []
    for position, (name, values) in enumerate(series.items()):
        points = [(i, value) for i, value in enumerate(values) if value is not None]
        kind = "limit" if name == spec["limit"] else f"line line-{position % STROKES}"
        body.append(f'<path class="{kind}" d="{_path([at(*p) for p in points], steps=spec["kind"] == "steps")}"/>')
        if points:
            x, y = at(*points[-1])
            ends.append((y, x, name))
    body += [_text(x + 6, y + 4, name) for (_, x, name), y in zip(sorted(ends), _apart(sorted(ends)), strict=True)]
    return _svg(left + LINES + _needed(list(series)), HEIGHT, title, body)


def _series(
    spec: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]
) -> tuple[Sequence[Any], dict[str, list[float | None]]]:
    """Return what stands along the axis, and each line's values there: over the rows, or over those of each `by`."""
    names = (*spec["y"], *([spec["limit"]] if spec["limit"] else []))
    if not spec["by"] or (len(names) > 1 and len(set(columns[spec["by"]])) == 1):
        return columns[spec["x"]], {name: _numbers(columns[name]) for name in names}
    along = sorted(dict.fromkeys(columns[spec["x"]]), key=str)
    place = {one: i for i, one in enumerate(along)}
    found: dict[str, list[float | None]] = {}
    for name in names:
        for x, group, value in zip(columns[spec["x"]], columns[spec["by"]], _numbers(columns[name]), strict=True):
            line = str(group) if len(names) == 1 else f"{group} {name}"
            found.setdefault(line, [None] * len(along))[place[x]] = value
    return along, found


def _apart(ends: Sequence[tuple[float, float, str]]) -> list[float]:
    """Return where the names of lines stand: at their ends, and a line of text from each other, top first."""
    found: list[float] = []
    for y, _, _ in ends:
        found.append(y if not found else max(y, found[-1] + LINE))
    below = max(0.0, found[-1] - (HEIGHT - FOOT)) if found else 0.0
    return [y - below for y in found]


def _path(points: Sequence[tuple[float, float]], *, steps: bool) -> str:
    parts: list[str] = []
    for i, (x, y) in enumerate(points):
        if i == 0:
            parts.append(f"M{x:.1f} {y:.1f}")
        elif steps:
            parts.append(f"H{x:.1f}V{y:.1f}")
        else:
            parts.append(f"L{x:.1f} {y:.1f}")
    return "".join(parts)
