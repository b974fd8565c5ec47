"""Results as JSON, as a table with ratios, and two of them side by side.

Times are seconds, `rows` what the contestant worked on, `of` the contestant that a ratio is taken against.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.measure import Run, spread

SCHEMA = "hardgate.bench/1"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one contestant took at one size: median, least and greatest of each; nothing where it did not end."""

    work: str
    contestant: str
    rows: int
    wall: dict[str, float]
    cpu: dict[str, float]
    peak_mb: dict[str, float]
    facts: dict[str, Any] = field(default_factory=dict)
    did_not_end: str = ""

    @classmethod
    def of(cls, work: str, contestant: str, rows: int, runs: Sequence[Run]) -> "Measured":
        """Sum up the runs of one contestant."""
        if runs[-1].did_not_end:
            return cls(work, contestant, rows, {}, {}, {}, {}, runs[-1].did_not_end)
        wall, cpu, peak = ([getattr(run, name) for run in runs] for name in ("wall", "cpu", "peak_mb"))
        return cls(work, contestant, rows, spread(wall), spread(cpu), spread(peak), dict(runs[-1].facts))


@dataclass(frozen=True, slots=True)
class Aim:
    """What was aimed at, what was measured, and whether it was met. `at_most` and `measured` are in `unit`."""

    aim: str
    at_most: float
    measured: float
    unit: str

    @property
    def met(self) -> bool:
        """Whether what was measured lies within the aim."""
        return self.measured <= self.at_most


def write(path: Path, head: dict[str, Any], measured: Sequence[Measured], aims: Sequence[Aim]) -> None:
    """Write results as JSON."""
    body = {
        "schema": SCHEMA,
        **head,
        "measured": [asdict(one) for one in measured],
        "aims": [{**asdict(one), "met": one.met} for one in aims],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """Read results.

    Raises:
        ValueError: the file holds something else.

    """
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if body.get("schema") != SCHEMA:
        message = f"{path}: expected results of the schema {SCHEMA}, found {body.get('schema')!r}"
        raise ValueError(message)
    return body


def table(measured: Sequence[Measured], floors: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a table; `x` is the ratio of CPU seconds to those of the floor at the same size.

    `floors` names, by work, the contestant that ratios are taken against.
    """
    yield f"{'work':<9} {'contestant':<34} {'rows':>11} {'wall s (min to max)':>25} {'CPU s':>8} {'x':>6} {'MB':>6}"
    for one in measured:
        if one.did_not_end:
            yield f"{one.work:<9} {one.contestant:<34} {one.rows:>11,} did not end: {one.did_not_end}"
            continue
        base = next(
            (m for m in measured if (m.work, m.rows, m.contestant) == (one.work, one.rows, floors.get(one.work))), None
        )
        ratio = f"{one.cpu['median'] / base.cpu['median']:.2f}" if base and base.cpu["median"] else ""
        wall = f"{one.wall['median']:.3f} ({one.wall['min']:.3f} to {one.wall['max']:.3f})"
        yield (
            f"{one.work:<9} {one.contestant:<34} {one.rows:>11,} {wall:>25} {one.cpu['median']:>8.3f} {ratio:>6}"
            f" {one.peak_mb['median']:>6.0f}"
        )


def verdicts(aims: Sequence[Aim]) -> Iterator[str]:
    """Yield a line for each aim."""
    for one in aims:
        word = "met" if one.met else "MISSED"
        yield f"{word:<7} {one.aim}: {one.measured:.3g} {one.unit}, at most {one.at_most:g}"


def shown(body: dict[str, Any], floors: dict[str, str]) -> Iterator[str]:
    """Yield results as they are printed: what was measured where, the table, and a line for each aim."""
    told, made = body["machine"], body["versions"]
    before, after = body["load_before_and_after"]
    yield f"{body['date']}, {told['cpu']}, {told['cores']} cores, {told['memory_gb']} GB, {told['os']}"
    yield f"{', '.join(f'{name} {made[name]}' for name in made)}; load {before} before, {after} after"
    yield ""
    yield from table([Measured(**one) for one in body["measured"]], floors)
    yield ""
    yield from verdicts([Aim(one["aim"], one["at_most"], one["measured"], one["unit"]) for one in body["aims"]])


def compared(first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    """Yield what the second results took over what the first took, for all that both measured."""
    for name, body in (("A", first), ("B", second)):
        told = body["machine"]
        yield f"{name}: {body['date']}, {told['cpu']}, {told['cores']} cores, commit {body['versions']['commit']}"
    yield f"{'work':<9} {'contestant':<34} {'rows':>11} {'wall B/A':>9} {'CPU B/A':>9} {'peak B/A':>9}"
    earlier = {(one["work"], one["contestant"], one["rows"]): one for one in first["measured"]}
    for one in second["measured"]:
        key = (one["work"], one["contestant"], one["rows"])
        if key in earlier and one["cpu"] and earlier[key]["cpu"]:
            ratios = [_over(one, earlier[key], name) for name in ("wall", "cpu", "peak_mb")]
            yield f"{key[0]:<9} {key[1]:<34} {key[2]:>11,} {' '.join(f'{ratio:>9}' for ratio in ratios)}"


def _over(one: dict[str, Any], other: dict[str, Any], name: str) -> str:
    base = other[name]["median"]
    return f"{one[name]['median'] / base:.2f}" if base else ""
