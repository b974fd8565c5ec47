"""Judge one gate on one scope: each condition at each period end, folded into one verdict, and each pool beside it.

A whole that passes while a pool inside it fails is a HOLD that names the pool, and a pool that cannot be judged makes
the whole UNKNOWN: an average must not hide a pool. Only as many past evaluations are made as can still matter.

Wrong when the scope of the ask is wider than what the capital would serve: then a distant pool decides.

Source: DESIGN 4.

>>> periods(date(2026, 8, 5), date(2026, 8, 26), "1w")
(datetime.date(2026, 8, 17), datetime.date(2026, 8, 24), datetime.date(2026, 8, 26))
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from hardgate.core.days import Window, week_of, window_ending
from hardgate.core.terms import (
    Ask,
    Choice,
    Condition,
    Evidence,
    Gate,
    Judged,
    Metric,
    Mode,
    Outcome,
    Reading,
    Scope,
    Verdict,
)
from hardgate.gates.fold import Evaluation, Standing, Terms, fold, settled, worst
from hardgate.gates.intervals import AT_LEAST, AT_MOST, compare, limit, shifted, slack
from hardgate.gates.looks import between, earlier, steps
from hardgate.gates.words import asked, shown
from hardgate.rollups.definition import is_money

POOL_DAY = "pool_day"


@dataclass(frozen=True, slots=True)
class Rule:
    """What policy says of one gate at one scope; None leaves what the gate itself says.

    `held_for` and `band` set the conditions that declare one, or all where none does. `cool_down` counts evaluations.
    """

    mode: Mode = Mode.SHADOW
    owner: str = ""
    held_for: int | None = None
    band: float | None = None
    cool_down: int | None = None
    max_missing: float = 0.05
    max_missing_money: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One condition at one period end; `leaving` is the limit at which a pass ends, where it is another one."""

    reading: Reading
    limit: Reading
    sense: str
    entering: Outcome
    staying: Outcome
    why: str
    leaving: Reading | None = None


@cache
def periods(first: date, as_of: date, window: str) -> tuple[date, ...]:
    """Return the days a gate is judged on: every Monday from the first complete window on, and `as_of`."""
    day, found = week_of(first) + timedelta(weeks=1), []
    while day <= as_of:
        if window_ending(window, day).start >= first:
            found.append(day)
        day += timedelta(weeks=1)
    return tuple(found) if found and found[-1] == as_of else (*found, as_of)


def periods_of(evidence: Evidence, gate: Gate, scope: Scope) -> tuple[date, ...]:
    """Return the days to judge a gate on, from the first day that its metrics have evidence for in a scope."""
    metrics = [one for condition in gate.conditions for one in _options(condition.metric)]
    tables = sorted({fact.table for one in metrics for fact in one.facts}) or [POOL_DAY]
    if "pool" in scope or "region" in scope or POOL_DAY in tables:
        tables = [POOL_DAY]  # a place is judged from its first live day on
    columns = [evidence.rows(table, scope).columns.get("day", ()) for table in tables]
    days = [np.asarray(one, dtype="datetime64[D]").min().item() for one in columns if len(one)]
    return periods(min(days, default=evidence.as_of), evidence.as_of, gate.window)


def judge(  # noqa: PLR0913  the question, the evidence and the rules
    gate: Gate,
    ask: Ask | None,
    scope: Scope,
    evidence_at: Callable[[date], Evidence],
    periods: Sequence[date],
    rule: Rule,
    limits: Any,  # noqa: ANN401  each gate has its own Limits class
) -> Verdict:
    """Return the verdict of a gate on a scope as of the last of `periods`, with the pools inside that say otherwise."""
    whole = _alone(gate, ask, scope, evidence_at, periods, rule, limits)
    now = evidence_at(periods[-1])
    inside = [
        _alone(gate, ask, pool, evidence_at, periods, rule, now.limits(gate.name, pool))
        for pool in pools(gate, scope, now)
    ]
    said = {one: Outcome.HOLD if one.outcome is Outcome.FAIL else one.outcome for one in inside}
    against = [one for one in inside if said[one] in {Outcome.HOLD, Outcome.UNKNOWN} and _contradicts(one)]
    outcome = worst([whole.outcome, *(said[one] for one in against)])
    because = whole.because
    if outcome is not whole.outcome:
        because = "; ".join(f"{one.scope['pool']} {_verb(one.outcome)}: {one.because}" for one in against)
    parts = tuple(one for one in inside if one.outcome is not whole.outcome)
    return replace(whole, outcome=outcome, because=because, parts=parts)


def _contradicts(part: Verdict) -> bool:
    """A pool that fails or cannot be judged contradicts a pass; one that straddles or still waits does not."""
    return part.outcome in {Outcome.FAIL, Outcome.UNKNOWN}


def _verb(outcome: Outcome) -> str:
    return "fails" if outcome is Outcome.FAIL else "is unknown"


def pools(gate: Gate, scope: Scope, evidence: Evidence) -> tuple[Scope, ...]:
    """Return the live pools inside a scope, where there are several and the gate reads facts of pools."""
    metrics = [one for condition in gate.conditions for one in _options(condition.metric)]
    if "pool" in scope or "tranche" in scope or not any(f.table == "pool_day" for one in metrics for f in one.facts):
        return ()
    window = window_ending(gate.window, evidence.last_complete("pool_day") + timedelta(days=1))
    rows = evidence.rows("pool_day", scope, window)
    names = ("region", "accelerator", "pool")
    columns = [rows.columns.get(name, [None] * rows.count) for name in names]
    found = sorted(
        {
            tuple((n, str(v)) for n, v in zip(names, one, strict=True) if v is not None)
            for one in zip(*columns, strict=True)
        }
    )
    return tuple(Scope(parts) for parts in found) if len(found) > 1 else ()


def _options(metric: Metric | Choice) -> tuple[Metric, ...]:
    return (metric,) if isinstance(metric, Metric) else tuple(one for _, one in metric.options)


def _alone(  # noqa: PLR0913  the same question without its parts
    gate: Gate,
    ask: Ask | None,
    scope: Scope,
    evidence_at: Callable[[date], Evidence],
    periods: Sequence[date],
    rule: Rule,
    limits: Any,  # noqa: ANN401  each gate has its own Limits class
) -> Verdict:
    terms = terms_of(gate, rule)
    seen: list[tuple[Seen, ...]] = []
    standing: Standing | None = None
    for day in reversed(periods):
        seen.insert(0, look(gate, scope, evidence_at(day), rule, limits))
        standing = settled([_evaluation(one) for one in seen], terms)
        if standing is not None:
            break
    else:
        standing = fold([_evaluation(one) for one in seen], terms)
    bands = [band_of(gate, condition, rule, limits) for condition in gate.conditions]
    columns = zip(seen[-1], standing.conditions, standing.runs, terms.held_for, bands, strict=True)
    judged = tuple(_judged(*column) for column in columns)
    return Verdict(
        gate=gate.name,
        ask=ask.id if ask else "",
        scope=scope,
        outcome=standing.outcome,
        mode=rule.mode,
        owner=rule.owner or gate.owner,
        because=_because(standing, judged),
        judged=judged,
        since=_since(seen, periods, terms),
    )


def terms_of(gate: Gate, rule: Rule) -> Terms:
    """Return how long each condition of a gate must hold, and its cool-down."""
    declared = any(one.held_for > 1 for one in gate.conditions)
    held = tuple(
        rule.held_for if rule.held_for is not None and (one.held_for > 1 or not declared) else one.held_for
        for one in gate.conditions
    )
    return Terms(held, gate.cool_down if rule.cool_down is None else rule.cool_down)


def band_of(gate: Gate, condition: Condition, rule: Rule, limits: Any) -> float:  # noqa: ANN401  Limits
    """Return the band of a condition: as declared, as policy sets it, or what lies between its two limits."""
    if condition.leaves:
        enters = float(getattr(limits, str(condition.at_least or condition.at_most)))
        away = float(getattr(limits, condition.leaves)) - enters
        return max(away if condition.at_most is not None else -away, 0.0)
    declared = any(one.band > 0 for one in gate.conditions)
    return rule.band if rule.band is not None and (condition.band > 0 or not declared) else condition.band


def _evaluation(seen: tuple[Seen, ...]) -> Evaluation:
    return Evaluation(tuple(one.entering for one in seen), tuple(one.staying for one in seen))


def look(gate: Gate, scope: Scope, evidence: Evidence, rule: Rule, limits: Any) -> tuple[Seen, ...]:  # noqa: ANN401  Limits
    """Return what every condition of a gate says on one day's evidence."""
    return tuple(_look(gate, one, scope, evidence, rule, limits) for one in gate.conditions)


def _look(gate: Gate, condition: Condition, scope: Scope, evidence: Evidence, rule: Rule, limits: Any) -> Seen:  # noqa: ANN401, PLR0913  as above
    metric = picked(condition.metric, limits)
    reading = evidence.reading(metric, scope, window_of(gate, metric, evidence))
    sense = AT_LEAST if condition.at_least is not None else AT_MOST
    against = limit_of(gate, condition, metric, scope, evidence, limits)
    allowed = rule.max_missing_money if any(is_money(fact.table) for fact in metric.facts) else rule.max_missing
    entering, why = compare(reading, against, sense, allowed=allowed)
    leaving = shifted(against, band_of(gate, condition, rule, limits), sense)
    staying = compare(reading, leaving, sense, allowed=allowed)[0] if leaving is not against else entering
    if not condition.leaves or entering is Outcome.UNKNOWN:
        return Seen(reading, against, sense, entering, staying, why)
    leaving = replace(leaving, metric=f"{gate.name}.{condition.leaves}", value=leaving.low)
    looks = [
        reading,
        *earlier(evidence, metric, reading, int(getattr(limits, condition.looks)) if condition.looks else 1),
    ]
    each = [[compare(one, edge, sense, allowed=allowed)[0] for edge in (against, leaving)] for one in looks]
    return Seen(reading, against, sense, *between(each), steps(looks, against, leaving, sense), leaving)


def picked(metric: Metric | Choice, limits: Any) -> Metric:  # noqa: ANN401  Limits
    """Return the metric, or the one of a choice that the limits name."""
    return metric if isinstance(metric, Metric) else metric.pick(getattr(limits, metric.by))


def window_of(gate: Gate, metric: Metric, evidence: Evidence) -> Window:
    """Return the gate's window, ending where the slowest table of the metric is complete."""
    tables = sorted({fact.table for fact in metric.facts}) or [POOL_DAY]
    last = min(evidence.last_complete(table) for table in tables)
    return window_ending(gate.window, last + timedelta(days=1))


def limit_of(  # noqa: PLR0913  what a limit may come from
    gate: Gate,
    condition: Condition,
    metric: Metric,
    scope: Scope,
    evidence: Evidence,
    limits: Any,  # noqa: ANN401
) -> Reading:
    """Return what a condition is held against: a number of the limits, or the reading of a computed limit.

    Where the condition's metric is a choice, the limit is the field named like the metric that was chosen.
    """
    stated = condition.at_least if condition.at_least is not None else condition.at_most
    if isinstance(stated, Metric | Choice):
        computed = picked(stated, limits)
        return evidence.reading(computed, scope, window_of(gate, computed, evidence))
    name = metric.name if isinstance(condition.metric, Choice) and hasattr(limits, metric.name) else str(stated)
    window = window_of(gate, metric, evidence)
    return limit(f"{gate.name}.{name}", scope, window, float(getattr(limits, name)), metric.unit)


def _judged(seen: Seen, outcome: Outcome, run: int, held_for: int, band: float) -> Judged:
    in_force = seen.leaving if seen.leaving is not None and outcome is Outcome.PASS else seen.limit
    distance, noise = slack(seen.reading, in_force, seen.sense)
    waiting = outcome is Outcome.HOLD and seen.entering is Outcome.PASS
    why = f"held {run} of {held_for} evaluations" if waiting else seen.why
    why = "; ".join(dict.fromkeys(one for one in (why, seen.reading.says, in_force.says) if one))
    return Judged(seen.reading, seen.sense, in_force, outcome, distance, noise, run, held_for, band, why)


def _because(standing: Standing, judged: Sequence[Judged]) -> str:
    deciding = [one for one in judged if one.outcome is worst(standing.conditions)]
    words = [f"{shown(one.reading)}, {asked(one)}" + (f" ({one.because})" if one.because else "") for one in deciding]
    if standing.rest and worst(standing.conditions) is Outcome.PASS:
        words.insert(0, f"cooling down, {standing.rest} evaluations to go")
    return "; ".join(words)


def _since(seen: Sequence[tuple[Seen, ...]], periods: Sequence[date], terms: Terms) -> date | None:
    """Return the day from which the outcome has stood, where the evaluations made show it."""
    days = periods[-len(seen) :]
    evaluations = [_evaluation(one) for one in seen]
    complete = len(seen) == len(periods)
    found: date | None = None
    final: Outcome | None = None
    for count in range(len(seen), 0, -1):
        part = evaluations[:count]
        standing = fold(part, terms) if complete else settled(part, terms)
        if standing is None:
            return None
        final = final or standing.outcome
        if standing.outcome is not final:
            return found
        found = days[count - 1]
    return found if complete else None
