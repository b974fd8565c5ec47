"""The one metric that turns each ask, and the smallest joint move; for programmes the driver that turns them first.

For each condition of an ask: how far its reading must move for the verdict to turn, in its own unit and in standard
deviations, and how likely it is to lie there already. `jointly` is the shortest move of all that must turn together,
with the part that each goes. For a programme each driver is moved on the same courses until its mean net present value
at the hurdle rate changes sign. Wrong when readings or drivers move together: they are taken as independent.

Source: METHODS 13; Hasofer & Lind 1974.

>>> exhibit.question
'Which one metric would turn each decision?'
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.gates.flip import Card, Turn, card
from hardgate.gates.words import number
from hardgate.metrics.programme_flips import COURSES, flips
from hardgate.metrics.programme_importance import PATHS, importance
from hardgate.metrics.programme_model import LEVELS, Assembled, names

NONE = "no value in range"
JOINTLY = "jointly"
GATE = "NPV at the hurdle rate"
UNITS = {"growth": "share", "erosion": "share", "productive_share": "share", "delay": "quarters", "demand": "GPUs"}
ADDED = frozenset({"growth", "erosion"})


def build(evidence: Evidence) -> Table:
    """Build the flips of every ask, then of every programme."""
    cards = [card(ask, evidence.verdicts, evidence.confidence) for ask in evidence.asks]
    judged = [one for one in cards if one.turns]
    programmes = [(one, found) for one, found in (flips(evidence, name) for name in names(evidence)) if found]
    parts = {one.name: importance(evidence, one) for one, _ in programmes}
    if not judged and not programmes:
        return Table("", missing="no ask was judged and no programme is known: bring capacity_plan, asks or programmes")
    rows = [row for one in judged for row in rows_of(one, evidence.currency)]
    rows += [row for one, found in programmes for row in driver_rows(one, found, parts[one.name])]
    batches = {batch for one in judged for turn in one.turns for batch in turn.judged.reading.batches}
    batches |= {batch for one, _ in programmes for batch in one.batches}
    said = [sentence(one, evidence.currency) for one in judged] + [_said(one, found) for one, found in programmes]
    return Table(
        sentence=said[0],
        headings=(
            Heading("ask"), Heading("gate"), Heading("moved"), Heading("now"), Heading("turns at"), Heading("change"),
            Heading("away", "standard deviations", 2), Heading("chance of turning", "share", 1),
            Heading("part of the joint move", "share", 1), Heading("part of the variance", "share", 1),
        ),
        rows=tuple(rows),
        notes=(*said[1:], *(_meant(name, len(one)) for name, one in parts.items() if one)),
        batches=tuple(sorted(batches)),
    )  # fmt: skip


def rows_of(found: Card, currency: str) -> Iterator[tuple[Cell, ...]]:
    """Yield one row a condition, the one that turns the ask first, then the joint move."""
    parts = {} if found.joint is None else dict(zip(map(id, found.moved), found.joint.importance, strict=True))
    for one in sorted(found.turns, key=lambda one: (one is not found.one, one.passes, one.gate)):
        part = parts.get(id(one))
        yield (
            found.ask.id, one.gate, one.judged.reading.metric,
            *(_in(said, currency) for said in (_now(one), _at(one), _change(one))),
            one.deviations, one.probability, None if part is None else round(part, 4), "",
        )  # fmt: skip
    if found.joint is not None:
        joint = found.joint
        moved = sum(part > 0 for part in joint.importance)
        yield (
            found.ask.id, JOINTLY, f"{moved} reading{'' if moved == 1 else 's'}", "", "", "",
            round(joint.beta, 4), round(joint.probability, 6), 1.0, "",
        )  # fmt: skip


def _in(said: str, currency: str) -> str:
    """Name the currency of an amount, as its unit leaves open."""
    return said.replace("currency", currency)


def _now(one: Turn) -> str:
    reading = one.judged.reading
    return "not known" if reading.value is None else number(reading.value, reading.unit)


def _at(one: Turn) -> str:
    return NONE if one.at is None else number(one.at, one.judged.reading.unit)


def _change(one: Turn) -> str:
    return "" if one.change is None else signed(one.change, one.judged.reading.unit)


def signed(change: float, unit: str) -> str:
    """Write a change with its sign; of a share in points.

    >>> signed(0.087, "share"), signed(-3.0, "GPUs")
    ('+8.7 points', '-3.0 GPUs')
    """
    return f"{100 * change:+.1f} points" if unit == "share" else f"{'+' if change > 0 else ''}{number(change, unit)}"


def sentence(found: Card, currency: str) -> str:
    """Say what turns one ask."""
    held = "is cleared" if found.cleared else "is held"
    if found.one is not None:
        one = found.one
        at = _in(f"{_at(one)} ({_change(one)})", currency)
        if not one.change:
            return f"{found.ask.id} {held}; {one.judged.reading.metric} stands at its limit, {_in(_at(one), currency)}."
        return f"{found.ask.id} {held}; {one.judged.reading.metric} alone turns it, at {at}."
    if found.joint is not None:
        together = sum(not one.passes for one in found.moved)
        return (
            f"{found.ask.id} {held}; no single reading turns it: {together} must move together, "
            f"{found.joint.beta:.1f} standard deviations."
        )
    short = [one for one in found.counted if not one.passes]
    if short and all(one.change is not None for one in short):
        ways = " and ".join(f"{one.judged.reading.metric} at {_at(one)} ({_change(one)})" for one in short)
        return f"{found.ask.id} {held}; no single reading turns it, but {_in(ways, currency)} do."
    return f"{found.ask.id} {held}; no value in range turns it: {found.why}."


def driver_rows(found: Assembled, turned: Mapping[str, Any], brings: Mapping[str, float]) -> Iterator[tuple[Cell, ...]]:
    """Yield one row a driver of a programme, the nearest first, the courses of demand and price, the joint move."""
    joint = turned["joint"]
    parts = dict(zip(joint["names"], joint["importance"], strict=True)) if joint["converged"] else {}

    def shares(name: str) -> tuple[Cell, Cell]:
        return (round(parts[name], 4) if name in parts else None), brings.get(name)

    for one in turned["nearest"]:
        name = one["driver"]
        unit = UNITS.get(name, "")
        now, at = _level(found, name, one["value"]), None if one["at"] is None else _level(found, name, one["at"])
        monotone = "" if one["monotone"] else "; it turns more than once"
        yield (
            found.name, GATE, LEVELS[name], number(now, unit),
            (NONE if at is None else number(at, unit)) + monotone,
            "" if at is None else signed(at - now, unit),
            None if one["deviations"] is None else round(abs(one["deviations"]), 4), None, *shares(name),
        )  # fmt: skip
    yield from ((found.name, GATE, name, "", "", "", "", "", *shares(name)) for name in COURSES if name in brings)
    if joint["converged"]:
        count = sum(part > 0.01 for part in joint["importance"])  # noqa: PLR2004  a hundredth of the way
        yield (
            found.name, JOINTLY, f"{count} drivers", "", "", "", round(abs(joint["beta"]), 4),
            round(joint["probability"] if turned["stands"] else 1 - joint["probability"], 6), 1.0,
            round(sum(brings.values()), 4),
        )  # fmt: skip


def _meant(name: str, groups: int) -> str:
    return (
        f"{name}: part of the variance of its NPV: Shapley values over all 2^{groups} sets of {groups} drivers "
        f"(exact up to twelve), on {PATHS} courses"
    )


def _level(found: Assembled, name: str, level: float) -> float:
    """Return a level as the driver that it is of."""
    if name in ADDED:
        return round(found.given[LEVELS[name]].value + level, 6)
    if name in {"demand", "productive_share"}:
        return round(found.given[name].value * level, 6)
    return round(level, 6)


def _said(found: Assembled, turned: Mapping[str, Any]) -> str:
    worth = "is worth its hurdle rate" if turned["stands"] else "is not worth its hurdle rate"
    nearest = next((one for one in turned["nearest"] if one["at"] is not None), None)
    if nearest is None:
        return f"{found.name} {worth}; no driver alone turns it."
    name, unit = nearest["driver"], UNITS.get(nearest["driver"], "")
    at = number(_level(found, name, nearest["at"]), unit)
    return f"{found.name} {worth}; {LEVELS[name]} turns it first, at {at}."


exhibit = Exhibit(
    name="outlook.flip",
    question="Which one metric would turn each decision?",
    build=build,
)
