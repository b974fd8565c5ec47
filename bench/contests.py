"""Who is measured beside whom, and what is aimed at (METHODS 19)."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.layout import HISTORY, NEW_DAY
from bench.measure import Contestant, Failed, in_turn, once
from bench.orders import READ as ORDERS
from bench.results import Aim, Measured

FLOORS = {
    "ingest": "copy the columns",
    "rollup": "read and hash",
    "new day": "alone",
    "start": "python -c pass",
    **dict.fromkeys(ORDERS, "read and hash"),
    "bgnbd": "lifetimes",
    "sbg": "scipy",
    "payback": "numpy",
    "paid back": "polars, as seen only",
    "readout": "read and hash",
    "feature days": "read and hash",
}
"""The contestant that ratios are taken against, by work."""

HARDGATE = str(Path(sys.executable).with_name("hardgate"))
_ANY_VERDICT = (0, 3, 4, 5)
LOOSE = 1.25
"""How far a straight line may be bent by noise, and one new day by what every build looks at."""


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark: where it works, how often it measures, and whom it tells."""

    folder: Path
    repeats: int
    tell: Callable[[str], None]

    def measure(self, work: str, rows: int, contestants: Sequence[Contestant]) -> list[Measured]:
        """Measure contestants beside each other."""
        self.tell(f"{work}, {rows:,} rows")
        runs = in_turn(contestants, self.repeats, self.tell)
        return [Measured.of(work, one.name, rows, runs[one.name]) for one in contestants]

    def at(self, rows: int) -> Path:
        """Return the folder of one size."""
        return self.folder / str(rows)

    def files(self, rows: int) -> Mapping[str, Any]:
        """Make the telemetry of one size, once."""
        if not self.at(rows).exists():
            self.tell(f"making {rows:,} rows of telemetry")
        return once("files", folder=str(self.at(rows)), rows=rows)

    def ingested(self, rows: int) -> Path:
        """Return a workspace whose lake holds the history of one size, made when it is not there."""
        folder = self.at(rows) / "history"
        if not folder.exists():
            self.files(rows)
            once("workspace", folder=str(folder), telemetry=str(self.at(rows) / HISTORY))
            once("ingest", folder=str(folder))
        return folder


def ingest(bench: Bench, rows: int) -> list[Measured]:
    """Measure ingest of the history beside a copy of the same columns."""
    size, at = bench.files(rows), bench.at(rows)
    folder, copied = at / "ingest", at / "copied"
    once("workspace", folder=str(folder), telemetry=str(at / HISTORY))

    def right(facts: Mapping[str, Any]) -> None:
        if facts["rows"] < size["rows"] or facts.get("rejected") or facts.get("problems"):
            message = f"expected {size['rows']} rows, found {dict(facts)}"
            raise Failed(message)

    return bench.measure(
        "ingest",
        size["rows"],
        [
            Contestant("copy the columns", "copy", {"telemetry": str(at / HISTORY), "target": str(copied)},
                       reset=lambda: _remove(copied), check=right),
            Contestant("hardgate", "ingest", {"folder": str(folder)},
                       reset=lambda: _remove(folder / ".hardgate"), check=right),
        ],
    )  # fmt: skip


def rollup(bench: Bench, rows: int) -> list[Measured]:
    """Measure the telemetry rollups beside the floor and beside polars, whose figures must be equal."""
    size, folder = bench.files(rows), bench.ingested(rows)
    out, made = bench.at(rows) / "polars", folder / ".hardgate" / "rollups"
    here = {"folder": str(folder)}
    measured = bench.measure(
        "rollup",
        size["rows"],
        [
            Contestant("read and hash", "hashed", here),
            Contestant("polars", "polars", {**here, "target": str(out)}, reset=lambda: _remove(out)),
            Contestant("hardgate, telemetry", "rollup", {**here, "only": ["telemetry_day"]},
                       reset=lambda: _remove(made)),
            Contestant("hardgate, every rollup", "rollup", {**here, "only": None}, reset=lambda: _remove(made)),
        ],
    )  # fmt: skip
    found = once("equal", folder=str(folder), target=str(out))
    refuse_wrong(found)
    bench.tell(f"  equal figures: {found['pool_hour_rows']:,} rows of pool_hour, {found['telemetry_day_rows']:,} days")
    return measured


def refuse_wrong(found: Mapping[str, Any]) -> None:
    """Let only equal figures be a result.

    Raises:
        Failed: there are none, or some differ.

    """
    if any(found[f"{name}_different"] or not found[f"{name}_rows"] for name in ("pool_hour", "telemetry_day")):
        message = f"polars and hardgate differ: {dict(found)}"
        raise Failed(message)


def new_day(bench: Bench, rows: int) -> list[Measured]:
    """Measure the day after a history beside the same day alone."""
    size, at = bench.files(rows), bench.at(rows)
    before, after, alone = at / "before", at / "after", at / "alone"
    if not before.exists():
        once("workspace", folder=str(before), telemetry=str(at / HISTORY))
        once("new_day", folder=str(before))
        _edit(before / "hardgate.toml", f"/{HISTORY}/", f"/{NEW_DAY}/")

    def again() -> None:
        _remove(after)
        shutil.copytree(before, after, copy_function=_linked)

    def afresh() -> None:
        _remove(alone)
        once("workspace", folder=str(alone), telemetry=str(at / NEW_DAY), live=size["new_day"])

    def right(facts: Mapping[str, Any]) -> None:
        if facts["days"].get("pool_hour") != 1 or facts["days"].get("telemetry_day") != 1:
            message = f"expected one day to be made, found {facts['days']}"
            raise Failed(message)

    return bench.measure(
        "new day",
        size["rows"],
        [
            Contestant("alone", "new_day", {"folder": str(alone)}, reset=afresh, check=right),
            Contestant("after the history", "new_day", {"folder": str(after)}, reset=again, check=right),
        ],
    )


def review(bench: Bench, rows: int, scale: float = 1.0) -> list[Measured]:
    """Measure the review of the sample operator, from rollups, with so much more telemetry (none for 0)."""
    folder, as_of = _reviewed(bench, rows, scale)
    found = Contestant("hardgate", "review", {"folder": str(folder), "as_of": as_of})
    return bench.measure("review", bench.files(rows)["rows"] if rows else 0, [found])


def start(bench: Bench, scale: float = 1.0) -> list[Measured]:
    """Measure whole processes: Python itself, the help, the review of the sample."""
    folder, _ = _reviewed(bench, 0, scale)
    once_before = Contestant("warm", command=(HARDGATE, "-C", str(folder), "review"), codes=_ANY_VERDICT)
    once_before.run()
    return bench.measure(
        "start",
        0,
        [
            Contestant("python -c pass", command=(sys.executable, "-c", "pass")),
            Contestant("hardgate --help", command=(HARDGATE, "--help")),
            Contestant("hardgate -C sample review", command=once_before.command, codes=_ANY_VERDICT),
        ],
    )


def _reviewed(bench: Bench, rows: int, scale: float) -> tuple[Path, str]:
    """Return a sample operator with rollups up to date, and its date, made when it is not there."""
    folder = bench.at(rows) / "sample"
    stamp = folder / "as_of"
    if not stamp.exists():
        bench.tell(f"making the sample operator with {rows:,} more rows of telemetry")
        if rows:
            bench.files(rows)
        telemetry = str(bench.at(rows) / HISTORY) if rows else None
        facts = once("sample", folder=str(folder), telemetry=telemetry, scale=scale)
        once("review", folder=str(folder), as_of=facts["as_of"])
        stamp.write_text(facts["as_of"], encoding="utf-8")
    return folder, stamp.read_text(encoding="utf-8")


def aims(measured: Sequence[Measured]) -> Iterator[Aim]:
    """Yield every aim of which this run says something. Ratios are of CPU seconds, which other processes do not steal."""
    by = {(one.work, one.contestant, one.rows): one for one in measured}
    for one in measured:
        beside = {name: by.get((one.work, name, one.rows)) for name in ("read and hash", "polars", "alone")}
        if one.contestant == "hardgate, telemetry" and beside["read and hash"] and beside["polars"]:
            yield Aim(f"telemetry rollup over the floor, {one.rows:,} rows", 3, _x(one, beside["read and hash"]), "x")
            yield Aim(f"telemetry rollup over polars, {one.rows:,} rows", 1, _x(one, beside["polars"]), "x")
        if one.contestant == "after the history" and beside["alone"]:
            yield Aim(f"new day over the day alone, {one.rows:,} rows", LOOSE, _x(one, beside["alone"]), "x")
        if one.work == "review":
            yield Aim(f"review from rollups, {one.rows:,} more rows", 1, one.wall["median"], "s")
        if one.contestant == "hardgate --help":
            yield Aim("hardgate --help", 0.3, one.wall["median"], "s")
        if one.contestant == "hardgate -C sample review":
            yield Aim("hardgate -C sample review", 2, one.wall["median"], "s")
    yield from _straight(measured)


def _straight(measured: Sequence[Measured]) -> Iterator[Aim]:
    """Yield whether cost grows no faster than rows, from the smallest size to the largest."""
    for work, contestant in (("ingest", "hardgate"), ("rollup", "hardgate, telemetry")):
        sizes = sorted(
            (one for one in measured if (one.work, one.contestant) == (work, contestant)), key=lambda one: one.rows
        )
        if len(sizes) > 1:
            small, large = sizes[0], sizes[-1]
            per_row = large.cpu["median"] / large.rows / (small.cpu["median"] / small.rows)
            yield Aim(f"{work}, cost per row at {large.rows:,} over {small.rows:,}", LOOSE, per_row, "x")


def _x(one: Measured, other: Measured) -> float:
    return one.cpu["median"] / other.cpu["median"]


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _linked(source: str, target: str) -> None:
    """Copy a file; Parquet, which nothing changes in place, by a link."""
    if source.endswith(".parquet"):
        os.link(source, target)
    else:
        shutil.copy2(source, target)
