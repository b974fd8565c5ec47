"""Orders and markets beside their floors and peers: who is measured, and what is aimed at (METHODS 19)."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.contests import LOOSE, Bench
from bench.machine import spare_memory
from bench.measure import Contestant, Failed, once
from bench.orders import READ
from bench.results import Aim, Measured

CITIES = 1_000
ONE_BY_ONE = 20
"""Cities that a peer fits which takes one at a time."""
USERS = 100_000_000
FEATURE_PARTS = (1_000, 100)
"""An experiment's days are measured at so small parts of the users: each day adds up all that came up to it."""
READ_AND_HASH, LIFETIMES = "read and hash", "lifetimes"


def orders(bench: Bench, rows: int) -> list[Measured]:
    """Measure every rollup of orders beside its floor and beside polars, whose rows must be equal where it ended."""
    folder, out = bench.at(rows) / "orders", bench.at(rows) / "orders-polars"
    if not folder.exists():
        bench.tell(f"making {rows:,} orders, and ingesting them")
        once("order files", folder=str(folder), rows=rows)
        once("ingest", folder=str(folder))
    measured = []
    for name in READ:
        here = {"folder": str(folder)}
        theirs = {**here, "name": name, "target": str(out)}
        polars = Contestant("polars", "orders in polars", theirs, memory=spare_memory())
        ours = Contestant(
            "hardgate",
            "rollup",
            {**here, "only": [name]},
            reset=partial(_remove, folder / ".hardgate" / "rollups" / name),
        )
        floor = Contestant(READ_AND_HASH, "orders hashed", {**here, "name": name})
        measured += bench.measure(name, rows, [floor, polars, ours])
    ended = [one.work for one in measured if one.contestant == "polars" and not one.did_not_end]
    found = once("orders equal", folder=str(folder), target=str(out), names=ended)
    refuse_different(found, ended)
    counts = [f"{found[name + '_rows']:,} of {name}" for name in ended]
    bench.tell(f"  equal rows: {', '.join(counts) or 'none to compare'}")
    return measured + _paid_back(bench, rows, folder, out, polars="cohort_week" in ended)


def _paid_back(bench: Bench, rows: int, folder: Path, out: Path, *, polars: bool) -> list[Measured]:
    """Measure payback of every city from the cohorts, beside what polars counts of its own cohorts."""
    here = {"folder": str(folder)}
    once("orders paid back", **here)  # which makes the rollups that are not measured
    kept = partial(_remove, folder / ".hardgate" / "rollups" / "kept")
    contestants = [Contestant("hardgate", "orders paid back", here, reset=kept)]
    if polars:
        contestants.append(
            Contestant("polars, as seen only", "orders paid back in polars", {**here, "target": str(out)})
        )
    measured = bench.measure("paid back", rows, contestants)
    for theirs in measured[1:]:
        refuse_other_shares(measured[0].facts["shares"], theirs.facts["shares"])
    return measured


def refuse_other_shares(ours: Mapping[str, float | None], theirs: Mapping[str, float | None]) -> None:
    """Let only equal shares be a result, to the last of the four digits that are printed.

    Raises:
        Failed: a city's are not.

    """
    wrong = sorted(city for city in {*ours, *theirs} if not _same(ours.get(city, -1), theirs.get(city, -1)))
    if wrong or not ours:
        message = f"shares paid back: {[(city, ours.get(city), theirs.get(city)) for city in wrong[:3]]} of {len(ours)}"
        raise Failed(message)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1.5e-4


def refuse_different(found: Mapping[str, Any], names: Iterable[str] = READ) -> None:
    """Let only equal rows be a result.

    Raises:
        Failed: there are none, or some differ.

    """
    if any(found[f"{name}_different"] or not found[f"{name}_rows"] for name in names):
        message = f"polars and hardgate differ on orders: {dict(found)}"
        raise Failed(message)


def markets(bench: Bench, cities: int = CITIES, users: int = USERS) -> list[Measured]:
    """Measure fits, payback and an experiment's readout beside peers that give the same."""
    few = {"cities": min(ONE_BY_ONE, cities)}
    measured = [
        *_pair(bench, "bgnbd", cities, Contestant(LIFETIMES, "bgnbd in lifetimes", few), "lifetimes", few["cities"]),
        *_pair(bench, "sbg", cities, Contestant("scipy", "sbg in scipy", {"cities": cities}), "scipy", cities),
        *_pair(bench, "payback", cities, Contestant("numpy", "payback in numpy", {"cities": cities}), "numpy", cities),
    ]
    folder = bench.folder / f"users-{users}"
    if not folder.exists():
        bench.tell(f"making {users:,} users")
        once("users", folder=str(folder), rows=users)
    here = {"folder": str(folder)}
    measured += bench.measure(
        "readout", users, [Contestant(READ_AND_HASH, "users hashed", here), Contestant("hardgate", "readout", here)]
    )
    measured += _statistics(bench, users, measured[-1].facts["sums"])
    return measured + [one for part in FEATURE_PARTS for one in feature_days(bench, max(1, users // part))]


def feature_days(bench: Bench, users: int) -> list[Measured]:
    """Measure the rollup of an experiment over every day of its window beside one reading of what it reads."""
    folder = bench.folder / f"features-{users}"
    if not folder.exists():
        bench.tell(f"making exposures and orders of {users:,} users, and ingesting them")
        once("feature files", folder=str(folder), rows=users)
        once("ingest", folder=str(folder))
    here = {"folder": str(folder)}
    ours = Contestant(
        "hardgate",
        "rollup",
        {**here, "only": ["feature_day"]},
        reset=partial(_remove, folder / ".hardgate" / "rollups" / "feature_day"),
    )
    return bench.measure("feature days", users, [Contestant(READ_AND_HASH, "feature hashed", here), ours])


def _pair(bench: Bench, work: str, cities: int, peer: Contestant, package: str, of: int) -> list[Measured]:
    """Measure a work beside a peer that is there, over as many cities as the peer is given."""
    ours = bench.measure(work, cities, [Contestant("hardgate", work, {"cities": cities})])
    if not find_spec(package):
        bench.tell(f"  {peer.name}: not installed")
        return ours
    theirs = bench.measure(work, of, [peer])
    refuse_unlike(work, ours[0].facts, theirs[0].facts)
    return [*theirs, *ours]


def _statistics(bench: Bench, users: int, sums: Any) -> list[Measured]:
    contestants = [Contestant("hardgate", "statistics", {"sums": sums})]
    for package, module in (("tea-tasting", "tea_tasting"), ("gbstats", "gbstats")):
        if find_spec(module):
            contestants.append(Contestant(package, f"statistics in {package}", {"sums": sums}))
        else:
            bench.tell(f"  {package}: not installed")
    measured = bench.measure("statistics", users, contestants)
    for other in measured[1:]:
        refuse_unlike("statistics", {"value": measured[0].facts["value"]}, {"value": other.facts["value"]})
    return measured


def refuse_unlike(work: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """Let only figures that agree to a thousandth be a result; lifetimes stops climbing that early.

    Raises:
        Failed: they do not.

    """
    for name in ("first", "value", "sum"):
        if name in ours:
            pairs = zip(
                *(one[name] if isinstance(one[name], list) else [one[name]] for one in (ours, theirs)), strict=True
            )
            if any(abs(a - b) > 1e-3 * max(abs(a), abs(b)) for a, b in pairs):
                message = f"{work}: hardgate gives {ours[name]}, its peer {theirs[name]}"
                raise Failed(message)


def aims(measured: Sequence[Measured]) -> Iterator[Aim]:
    """Yield every aim of which this run says something; ratios are of CPU seconds, a peer's by city."""
    by = {(one.work, one.contestant, one.rows): one for one in measured if not one.did_not_end}
    for one in measured:
        if one.contestant != "hardgate":
            continue
        floor, polars = (by.get((one.work, name, one.rows)) for name in (READ_AND_HASH, "polars"))
        if one.work in READ and floor:
            yield Aim(f"{one.work} over the floor, {one.rows:,} orders", 3, _x(one, floor), "x")
        if one.work in READ and polars:
            yield Aim(f"{one.work} over polars, {one.rows:,} orders", 1, _x(one, polars), "x")
        yield from _payback_aims(one)
        if one.work == "bgnbd":
            for peer in (other for other in measured if (other.work, other.contestant) == ("bgnbd", LIFETIMES)):
                each = one.cpu["median"] / one.rows / (peer.cpu["median"] / peer.rows)
                yield Aim(f"BG/NBD of {one.rows:,} cities, a city over one in lifetimes", 1 / 50, each, "x")
        if one.work == "readout" and floor:
            yield Aim(f"sums of {one.rows:,} users over their scan", 1.5, _x(one, floor), "x")
        if one.work == "statistics":
            yield Aim("statistics of an experiment from sums", 0.05, one.wall["median"], "s")
    yield from _straight(measured)


def _payback_aims(one: Measured) -> Iterator[Aim]:
    if one.work == "payback":
        yield Aim(f"payback of {one.rows:,} cities, 2,000 draws, 156 weeks", 0.6, one.cpu["median"], "s")
    if one.work == "paid back":
        yield Aim(f"payback of every city from rollups of {one.rows:,} orders", 1, one.cpu["median"], "s")


def _straight(measured: Sequence[Measured]) -> Iterator[Aim]:
    """Yield whether cost grows no faster than orders, from the smallest size to the largest."""
    for name in READ:
        sizes = sorted(
            (one for one in measured if (one.work, one.contestant) == (name, "hardgate")), key=lambda m: m.rows
        )
        if len(sizes) > 1:
            small, large = sizes[0], sizes[-1]
            per_row = large.cpu["median"] / large.rows / (small.cpu["median"] / small.rows)
            yield Aim(f"{name}, cost per order at {large.rows:,} over {small.rows:,}", LOOSE, per_row, "x")


def _x(one: Measured, other: Measured) -> float:
    return one.cpu["median"] / other.cpu["median"]


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
