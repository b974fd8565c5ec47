"""What each threshold would have cost: a back-test with one limit of one gate moved, all else as it stands.

For every condition with known readings the limit is moved over the range that its readings took; a computed limit is
held beside the fixed ones, so that it shows whether the formula beats the best number tuned on the same past. Policy is
not changed. Wrong when the cheapest threshold is taken for the next policy without asks that it was not tuned on: with
few asks it fits their accidents.

Source: METHODS 14.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from hardgate.core.terms import Condition, Evidence, Gate, Metric, Outcome, Scope
from hardgate.gates.intervals import AT_LEAST
from hardgate.gates.judge import judge, periods_of, picked
from hardgate.review.evidence import Archive
from hardgate.review.gate_modes import Modes, mode_in_force
from hardgate.review.policy import Policy
from hardgate.review.replay import WHOLE, Backtest, Look, Past, Progress, Score, score, silent

STEPS = 8
"""Into how many steps the range of the readings is cut."""
THUMB = "allocated share"
THUMBS = tuple(round(0.5 + 0.05 * i, 2) for i in range(11))


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold of one condition and what it would have cost; `limit` None is the limit that the gate computes."""

    gate: str
    metric: str
    unit: str
    sense: str
    limit: float | None
    in_force: bool
    score: Score


def calibrate(  # noqa: PLR0913  a back-test and by which rules
    archive: Archive,
    policy: Policy,
    modes: Modes,
    backtest: Backtest,
    gate: str | None = None,
    progress: Progress | None = None,
) -> tuple[Threshold, ...]:
    """Return the cost of each threshold of every gate of a back-test, or of one; then of the rule of thumb."""
    pasts = [one for one in backtest.pasts if one.worth]
    names = sorted({name for one in pasts for look in one.looks for name in look.verdicts if gate in {None, name}})
    found: list[Threshold] = []
    for at, name in enumerate(names):
        (progress or silent)(name, at, len(names))
        found += _of_gate(archive, policy, modes, pasts, policy.gates()[name])
    for share in THUMBS if gate is None else ():
        rule = score(WHOLE, pasts, lambda past, share=share: past.allocated_at(share), policy.confidence)  # type: ignore[misc]
        found.append(Threshold("rule of thumb", THUMB, "share", AT_LEAST, share, in_force=False, score=rule))
    return tuple(found)


def cheapest(thresholds: Sequence[Threshold]) -> Threshold | None:
    """Return the threshold with the least regret; of equals the one in force, else the strictest."""
    strict = {one: one.limit or 0.0 if one.sense == AT_LEAST else -(one.limit or 0.0) for one in thresholds}
    return min(thresholds, key=lambda one: (round(one.score.regret, 2), not one.in_force, -strict[one]), default=None)


def by_condition(thresholds: Sequence[Threshold]) -> dict[tuple[str, str], list[Threshold]]:
    """Return thresholds by gate and metric, in the order in which they were tried."""
    found: dict[tuple[str, str], list[Threshold]] = {}
    for one in thresholds:
        found.setdefault((one.gate, one.metric), []).append(one)
    return found


def _of_gate(archive: Archive, policy: Policy, modes: Modes, pasts: Sequence[Past], gate: Gate) -> Iterator[Threshold]:
    mine = [one for one in pasts if one.looks[-1].outcome(gate.name) is not None]
    for at, condition in enumerate(gate.conditions):
        judged = [look.verdicts[gate.name].judged[at] for one in mine for look in one.looks]
        values = [one.reading.value for one in judged if one.reading.value is not None]
        if not values:
            continue
        computed = not isinstance(condition.at_least or condition.at_most, str)
        limits = {one.limit.value for one in judged}
        now = None if computed or len(limits) > 1 else limits.pop()
        first = judged[0].reading
        for limit in [*([None] if computed else []), *_grid(values, now)]:

            def choose(past: Past, limit: float | None = limit, at: int = at) -> int | None:
                if limit is None:
                    return past.choice(gate.name)
                return _chosen(archive, policy, modes, past, gate, at, limit)

            yield Threshold(
                gate.name, first.metric, first.unit, judged[0].sense, limit,
                in_force=limit == now, score=score(gate.name, mine, choose, policy.confidence),
            )  # fmt: skip


def _grid(values: Sequence[float], now: float | None) -> list[float]:
    """Return thresholds from below the least reading to the greatest, the one in force among them."""
    low, high = min(values), max(values)
    digits = 2 if high - low < STEPS else 0
    even = {round(low + (high - low) * i / STEPS, digits) for i in range(STEPS + 1)}
    return sorted({*even, *([now] if now is not None else [])})


def _chosen(  # noqa: PLR0913  one ask, one gate, one threshold
    archive: Archive, policy: Policy, modes: Modes, past: Past, gate: Gate, at: int, limit: float
) -> int | None:
    """Return the first date on which the gate would have passed with the limit of one condition moved."""
    for i, look in enumerate(past.looks):
        if look.verdicts[gate.name].outcome is Outcome.PASS and _looser(look, gate, at, limit):
            return i
        if _passes(archive, policy, modes, look, gate, at, limit):
            return i
    return None


def _looser(look: Look, gate: Gate, at: int, limit: float) -> bool:
    """Tell whether a threshold asks no more than the limit that was met on a date."""
    judged = look.verdicts[gate.name].judged[at]
    met = judged.limit.low if judged.sense == AT_LEAST else judged.limit.high
    if met is None or look.verdicts[gate.name].parts:
        return False
    return limit <= met if judged.sense == AT_LEAST else limit >= met


def _passes(  # noqa: PLR0913  as above
    archive: Archive, policy: Policy, modes: Modes, look: Look, gate: Gate, at: int, limit: float
) -> bool:
    scope = look.ask.scope.narrowed(gate.per)

    def moved(name: str, where: Scope) -> Any:  # noqa: ANN401  each gate has its own Limits class
        limits = policy.limits(name, where)
        if name != gate.name:
            return limits
        return SimpleNamespace(**{one.name: getattr(limits, one.name) for one in fields(limits)}, threshold=limit)

    with_limits = replace(archive, limits=moved)

    def evidence_at(day: date) -> Evidence:
        return replace(archive.at(day).of(look.asks), archive=with_limits)

    limits = moved(gate.name, scope)
    other = _with_threshold(gate, at, limits)
    rule = replace(policy.rule(gate.name, scope), mode=mode_in_force(modes, policy, gate.name, scope))
    days = periods_of(evidence_at(look.day), other, scope)
    return judge(other, look.ask, scope, evidence_at, days, rule, limits).outcome is Outcome.PASS


def _with_threshold(gate: Gate, at: int, limits: Any) -> Gate:  # noqa: ANN401  Limits
    """Return a gate whose condition at a position is held against `threshold`."""
    old = gate.conditions[at]
    metric: Metric = picked(old.metric, limits)
    side: Mapping[str, Any] = {"at_least": "threshold"} if old.at_least is not None else {"at_most": "threshold"}
    new = Condition(metric, held_for=old.held_for, band=old.band, leaves=old.leaves, looks=old.looks, **side)
    return replace(gate, conditions=tuple(new if i == at else one for i, one in enumerate(gate.conditions)))
