"""A trace of one's own as a file: CSV, Parquet or JSON lines, one workload a row.

Columns, in any order; names in any case. Money is in the workspace's currency.

| column | is |
|---|---|
| arrival | when it came: seconds from any start, or a time; the same way in every row |
| seconds | how long it runs on its GPUs |
| gpus | GPUs that it needs at once, in one pool; a share of one is allowed |
| pool | pools that it can use, by spaces or bars; empty is any |
| accelerator | in place of pool: accelerator types that it can use |
| tenant | who pays |
| worth | contribution of a GPU-hour |
| durability | share of it that lasts, 0 to 1; without the column 1 |
| promised | true or false; without the column nobody is promised anything |
| priority | a whole number, the higher the sooner; without the column all are alike |
| patience | seconds that it waits at a time before it leaves; without the column it never leaves |

Every row that cannot be used is told, with its line, its column and what was expected; then nothing is replayed. Wrong
when the file leaves out what never ran: then demand looks as if it had been served.

>>> [column.name for column in COLUMNS][:4]
['arrival', 'seconds', 'gpus', 'pool']
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hardgate.allocation.recorded import Job, Recorded
from hardgate.core.errors import BadInput, Misconfigured, nearest
from hardgate.core.terms import Column
from hardgate.engine import Engine
from hardgate.lake.reading import Raw, read
from hardgate.metrics.requests import Pool, types
from hardgate.sources.source import LINE
from hardgate.sources.values import cleaned, typed

COLUMNS = (
    Column("arrival", "number", "when it came"),
    Column("seconds", "number", "how long it runs"),
    Column("gpus", "number", "GPUs that it needs at once"),
    Column("pool", "text", "pools that it can use", nullable=True),
    Column("accelerator", "text", "accelerator types that it can use", nullable=True),
    Column("tenant", "text", "who pays"),
    Column("worth", "number", "contribution of a GPU-hour"),
    Column("durability", "number", "share of the revenue that lasts", unit="share", nullable=True),
    Column("promised", "boolean", "whether its GPUs were promised", nullable=True),
    Column("priority", "integer", "the higher the sooner", nullable=True),
    Column("patience", "number", "seconds that it waits", nullable=True),
)
LEAST: Mapping[str, tuple[float, str]] = {
    "seconds": (0.0, "0 seconds or more"), "worth": (0.0, "0 or more"), "priority": (0.0, "0 or more"),
    "patience": (0.0, "0 seconds or more"), "gpus": (0.001, "at least a thousandth of a GPU"),
}  # fmt: skip
SHOWN = 20
"""Mistakes that are printed; the rest is counted."""


def trace_of(engine: Engine, path: Path, scratch: Path, pools: Sequence[Pool]) -> Recorded:
    """Read a trace, to be replayed in these pools.

    Raises:
        BadInput: the file lacks a column, or any of its rows cannot be used: all of them are named.

    """
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file; name a CSV, Parquet or JSON lines file with a trace")
    if not pools:
        raise BadInput(f"{path}: no pool to replay it in; bring capacity, or name each with --pool NAME=GPUS")
    raw = read(engine, path, scratch)
    there = _columns(path, raw)
    wrong = [(one.line, f"{one.reason}: {one.text!r}") for one in raw.broken]
    jobs, as_time = list[Job](), None
    for row in engine.rows(_select(raw, there)):
        line, cells = row[0], {name: row[1 + 3 * at : 4 + 3 * at] for at, name in enumerate(there)}
        usable, mistakes = _usable(cells, pools)
        mistakes += _mistakes(cells)
        if cells["arrival"][1] is not None:
            as_time = cells["arrival"][2] if as_time is None else as_time
            mistakes += _mixed(cells["arrival"], as_time=as_time)
        wrong += [(line, one) for one in mistakes]
        if not mistakes:
            jobs.append(_job({name: cell[1] for name, cell in cells.items()}, usable))
    if wrong:
        told = [f"{path}:{line}: {one}" for line, one in sorted(wrong)]
        more = [f"{len(told) - SHOWN:,} more mistakes"] if len(told) > SHOWN else []
        raise BadInput("\n".join([*told[:SHOWN], *more, "nothing was replayed: correct these rows"]))
    if not jobs:
        raise BadInput(f"{path}: no row; expected one workload a row")
    without = [one for one in ("durability", "promised", "priority", "patience") if one not in there]
    said = (f"{path.name} has no column {', '.join(without)}: see what that means in docs/allocation.md",)
    return Recorded(
        tuple(jobs), tuple((one.pool, float(one.gpus)) for one in pools), said if without else (), path.name
    )


def given_pools(texts: Sequence[str]) -> tuple[Pool, ...]:
    """Read pools as the command line names them; the accelerator of each is called as it is.

    >>> [(one.pool, one.gpus) for one in given_pools(["h20=512"])]
    [('h20', 512)]

    Raises:
        Misconfigured: one is not NAME=GPUS, or stands twice.

    """
    found: dict[str, Pool] = {}
    for text in texts:
        name, _, gpus = text.partition("=")
        if not name.strip() or not gpus.strip().isdecimal() or int(gpus) < 1 or name.strip() in found:
            raise Misconfigured(f"--pool {text!r}: expected NAME=GPUS with a whole number, each name once: h20=512")
        found[name.strip()] = Pool(name.strip(), "", name.strip(), int(gpus))
    return tuple(found.values())


def _columns(path: Path, raw: Raw) -> dict[str, tuple[str, str]]:
    """Return the file's column for each of ours that it has, quoted, and its SQL type."""
    found = {one.name: raw.columns.first(one.name) for one in COLUMNS}
    lacking = [one for one in COLUMNS if not one.nullable and found[one.name] is None]
    if lacking:
        named = "; ".join(f"{one.name} ({one.meaning})" for one in lacking)
        raise BadInput(f"{path}: no column {named}; found {', '.join(raw.columns.names)}: add it or rename one")
    return {name: (column, raw.columns.type_of(column)) for name, column in found.items() if column}


def _select(raw: Raw, there: Mapping[str, tuple[str, str]]) -> str:
    """Return the SELECT of the line and, for each column, its text, its value, and whether it is a time."""
    parts = []
    for column in COLUMNS:
        if column.name in there:
            quoted, kind = there[column.name]
            cell = cleaned(quoted, kind)
            value, is_time = typed(column, cell, kind).value, "false"
            if column.name == "arrival":
                moment = typed(Column("arrival", "timestamp", ""), cell, kind).value
                plain = "null" if kind.startswith(("timestamp", "date")) else value
                value, is_time = f"coalesce({plain}, epoch({moment}))", f"({plain}) is null"
            parts += [f"cast({cell} as varchar)", value, is_time]
    told = ", ".join(f"{part} as cell_{at}" for at, part in enumerate(parts))
    return f"select {LINE}, {told} from ({raw.sql}) order by {LINE}"  # noqa: S608  names are quoted


EXPECTED = {"arrival": "seconds or a time such as 2026-09-07T12:00:00Z"} | {
    one.name: typed(one, "x", "varchar").expected for one in COLUMNS if one.name != "arrival"
}


def _mistakes(cells: Mapping[str, Sequence[Any]]) -> list[str]:
    """Say what is wrong with the cells of a row, one by one."""
    found = []
    for name, (text, value, _) in cells.items():
        shown = "nothing" if text is None else repr(text)
        least, expected = LEAST.get(name, (None, ""))
        if value is None and name not in {"pool", "accelerator"}:
            found.append(f"{name}: found {shown}, expected {EXPECTED[name]}")
        elif value is not None and least is not None and value < least:
            found.append(f"{name}: found {shown}, expected {expected}")
    return found


def _mixed(arrival: Sequence[Any], *, as_time: bool) -> list[str]:
    """Say that a row tells its arrival in another way than the first one does."""
    if arrival[2] == as_time:
        return []
    return [f"arrival: found {arrival[0]!r}, expected {'a time' if as_time else 'seconds'} as in the rows before it"]


def _usable(cells: Mapping[str, Sequence[Any]], pools: Sequence[Pool]) -> tuple[tuple[int, ...], list[str]]:
    """Return the pools that a row can use, and which of those that it names do not exist."""
    every, unknown = set(range(len(pools))), list[str]()
    for name in ("pool", "accelerator"):
        names = [one.pool if name == "pool" else one.accelerator for one in pools]
        text = cells[name][1] if name in cells else None
        if text is not None:
            words = list(types(text.replace("|", " ")))
            what, add = ("a pool" if name == "pool" else "the accelerator of a pool"), "--pool NAME=GPUS"
            unknown += [
                f"{name}: found {word!r}, expected {what} ({nearest(word, set(names))}), or name one with {add}"
                for word in words
                if word not in names
            ]
            every &= {at for at, one in enumerate(names) if one in words}
    if not every and not unknown:
        unknown.append("pool: found a pool that has another accelerator than the row names; correct one of the two")
    return tuple(sorted(every)), unknown


def _job(value: Mapping[str, Any], usable: tuple[int, ...]) -> Job:
    patience = value.get("patience")
    return Job(
        float(value["arrival"]), float(value["seconds"]), float(value["gpus"]), usable, str(value["tenant"]),
        float(value["worth"]), float(value.get("durability", 1.0)), bool(value.get("promised", False)),
        int(value.get("priority", 0)), None if patience is None else float(patience),
    )  # fmt: skip
