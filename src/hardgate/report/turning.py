"""What would turn one ask, in one line: the reading that turns it alone, or the shortest move of several together.

The figures are those of `hardgate flip`: both print the same card of `gates.flip`. A reading turns an ask where its
whole interval clears its limit. Wrong where readings move together; and what a waiver covers counts here as if there
were none.

>>> share = {"metric": "activation", "unit": "share", "value": 0.8, "at": 0.9, "change": 0.1, "deviations": None}
>>> line({"one": {**share, "probability": None}, "joint": None, "short": [], "stuck": []}, "RMB")
'activation from 80.0 % to 90.0 % (+10.0 points, an exact figure)'
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hardgate.gates.flip import Card, Turn
from hardgate.report import words

FAR = 10
"""Standard deviations beyond which a count of them says no more."""
NAMED = 2
"""How many readings of a joint move are named, those that go furthest first."""


def of_card(found: Card) -> dict[str, Any]:
    """Return what turns an ask as a plain document."""
    joint = found.joint
    parts = () if joint is None else zip(found.moved, joint.importance, strict=True)
    moved = sorted(((one, part) for one, part in parts if part > 0), key=lambda pair: -pair[1])
    short = [one for one in found.counted if not one.passes]
    return {
        "cleared": found.cleared,
        "one": None if found.one is None else _turn(found.one),
        "joint": None
        if joint is None
        else {
            "deviations": round(joint.beta, 4),
            "probability": round(joint.probability, 6),
            "moved": [{**_turn(one), "importance": round(part, 4)} for one, part in moved],
        },
        "short": [_turn(one) for one in short if one.change is not None],
        "stuck": [{"metric": one.judged.reading.metric, "why": one.why} for one in short if one.change is None],
        "why": found.why,
    }


def _turn(one: Turn) -> dict[str, Any]:
    reading = one.judged.reading
    return {
        "gate": one.gate, "metric": reading.metric, "unit": reading.unit, "value": reading.value, "at": one.at,
        "change": one.change, "deviations": one.deviations, "probability": one.probability,
    }  # fmt: skip


def head(ask: Mapping[str, Any]) -> str:
    """Write the head of the line: a waiver that covers a gate holds the ask no more, and the line says so."""
    return "What would turn it without its waivers" if ask["waivers"] else "What would turn it"


def line(turned: Mapping[str, Any], currency: str) -> str:
    """Write what would turn an ask; where nothing would, why, and what to bring."""
    one, joint, stuck = turned["one"], turned["joint"], turned["stuck"]
    if one is not None:
        return _alone(one, currency)
    if joint is not None:
        named = [f"{_way(each, currency)} ({100 * each['importance']:.0f} % of the way)" for each in joint["moved"]]
        return f"no reading alone; {len(named)} together by {_deviations(joint)}: {_first(named)}"
    if stuck:
        why = f"{stuck[0]['why']}{_more(len(stuck) - 1)}"
        return why.replace("no value in range:", f"no value in range of {stuck[0]['metric']}:", 1)
    if turned["short"]:
        named = [_way(each, currency) + ("" if each["deviations"] else " (exact)") for each in turned["short"]]
        return f"no reading alone; {len(named)} must move together: {_first(named)}"
    return f"no value in range: {turned['why']}"


def _first(named: Sequence[str]) -> str:
    return ", ".join(named[:NAMED]) + _more(len(named) - NAMED)


def _more(count: int) -> str:
    return f"; and {count} more" if count > 0 else ""


def together(turned: Mapping[str, Any]) -> str:
    """Write the shortest move of all readings together, where one of them turns the ask alone; else nothing."""
    joint = turned["joint"]
    if turned["one"] is None or joint is None:
        return ""
    parts = ", ".join(f"{one['metric']} {100 * one['importance']:.0f} %" for one in joint["moved"])
    what = "any reading turns it" if turned["cleared"] else "every gate clears"
    chance = f"chance that {what} {100 * joint['probability']:.1f} %"
    return f"Smallest joint move: {joint['deviations']:.1f} standard deviations ({parts} of the way); {chance}."


def _way(one: Mapping[str, Any], currency: str) -> str:
    now, at = (words.number(one[name], one["unit"], currency) for name in ("value", "at"))
    return f"{one['metric']} from {now} to {at}"


def _alone(one: Mapping[str, Any], currency: str) -> str:
    if not one["change"]:
        return f"{one['metric']}, which stands at its limit: {words.number(one['at'], one['unit'], currency)}"
    change = words.moved(one["change"], one["unit"], currency)
    far = "an exact figure" if one["deviations"] is None else _deviations(one)
    return f"{_way(one, currency)} ({change}, {far})"


def _deviations(one: Mapping[str, Any]) -> str:
    if one["deviations"] > FAR:
        return f"more than {FAR} standard deviations"
    return f"{one['deviations']:.1f} standard deviations, chance {100 * one['probability']:.1f} %"
