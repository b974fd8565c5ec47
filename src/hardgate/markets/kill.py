"""A feature is kept only when it has shown the effect it was registered for; at its deadline the default is to kill.

Window, metric, smallest effect and looks are registered before anyone sees it, and the registration's digest stands in
the ask, in what is signed and in the ledger. Kept: the interval, which outlasts looking often, lies above nothing and
no guardrail is harmed. Killed early: what is left of the interval holds no effect worth keeping. Wrong when the metric
is not what the feature is for.

Source: METHODS 10; Lan & DeMets 1983; Jennison & Turnbull 1989.

>>> gate.question
'Has the feature shown what it was registered for?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Cell, Condition, Evidence, Exhibit, Gate, Heading, Outcome, Table
from hardgate.metrics.feature_effect import metric as feature_effect
from hardgate.metrics.feature_reach import metric as feature_reach
from hardgate.metrics.guardrail_margin import metric as guardrail_margin
from hardgate.metrics.readout import Readout, Shown, readout
from hardgate.metrics.registration import Registration, features
from hardgate.metrics.verdict_days import metric as verdict_days


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under markets.kill: of the control's mean, and days."""

    effect: float = 0.0
    reach: float = 0.0
    guardrail: float = 0.0
    days: float = 1.0


gate = Gate(
    name="markets.kill",
    question="Has the feature shown what it was registered for?",
    opens=Action.KEEP,
    per=("feature",),
    window="4w",
    conditions=(
        Condition(feature_effect, at_least="effect"),
        Condition(feature_reach, at_least="reach"),
        Condition(guardrail_margin, at_least="guardrail"),
        Condition(verdict_days, at_least="days"),
    ),
    limits=Limits(),
    owner="product",
)
WORDS = {Outcome.PASS: "keep", Outcome.FAIL: "kill", Outcome.HOLD: "wait", Outcome.UNKNOWN: "unknown"}


def build(evidence: Evidence) -> Table:
    """Build one row a registered feature."""
    names = features(evidence)
    if not names:
        return Table("", missing="no feature is registered: bring experiments")
    read = [(name, readout(evidence, name)) for name in names]
    rows = tuple(_row(evidence, name, found) for name, found in read)
    said = [str(row[-1]) for row in rows]
    counted = {word: said.count(word) for word in (*WORDS.values(), "no ask")}
    told = ", ".join(f"{count} {word}" for word, count in counted.items() if count)
    notes = [f"{name}: {found}" for name, found in read if isinstance(found, str)]
    notes += [_harm(name, one) for name, found in read if not isinstance(found, str) for one in found.guardrails]
    notes += [f"{name}: {found.refused}" for name, found in read if not isinstance(found, str) and found.refused]
    notes += [_before(name, one.registered) for name, one in read if not isinstance(one, str)]
    sure = sorted({100 * (1 - one.registered.alpha) for _, one in read if not isinstance(one, str)})
    notes += (
        [f"intervals hold at {' or '.join(f'{one:.0f} %' for one in sure)} over all looks together"] if sure else []
    )
    return Table(
        sentence=f"Of {len(names)} registered features: {told}.",
        headings=HEADINGS,
        rows=rows,
        closing=f"{told} = {len(names)} registered",
        closes=sum(counted.values()) == len(names),
        notes=tuple(one for one in notes if one),
        batches=tuple(
            sorted({batch for one in ("experiment", "exposure_day", "feature_day") for batch in evidence.batches(one)})
        ),
    )


HEADINGS = (
    Heading("feature"),
    Heading("metric"),
    Heading("effect", "share"),
    Heading("interval"),
    Heading("worth keeping from", "share"),
    Heading("guardrail (%)"),
    Heading("control", "units", 0),
    Heading("treated", "units", 0),
    Heading("sample ratio p", "", 3),
    Heading("looks"),
    Heading("deadline"),
    Heading("registration"),
    Heading("verdict"),
)


def _row(evidence: Evidence, name: str, found: Readout | str) -> tuple[Cell, ...]:
    mine = [one for one in evidence.verdicts if one.gate == gate.name and one.scope.as_mapping().get("feature") == name]
    verdict = WORDS[mine[0].outcome] if mine else "no ask"
    if isinstance(found, str):
        return (name, *([None] * (len(HEADINGS) - 2)), verdict)
    best, registered = found.best, found.registered
    few = "no look counts" if found.looks_done else "no look yet"
    shown = {one.metric: _ends(one.low, one.high, few) for one in found.guardrails}
    guards = "; ".join(
        f"{one.metric} {shown.get(one.metric, 'not read')}, may lose {100 * one.minimum_effect:.0f}"
        for one in registered.guardrails
    )
    return (
        name,
        best.metric if best else ", ".join(one.metric for one in registered.primary),
        round(best.value, 4) if best else None,
        _ends(best.low, best.high, few) if best else "",
        best.minimum_effect if best else None,
        guards or "none is registered",
        int(found.units[0]), int(found.units[1]),
        None if found.sample_ratio_p is None else round(found.sample_ratio_p, 4),
        "open" if registered.open_ended else f"{found.looks_done} of {registered.looks}",
        str(registered.ends_on), registered.digest, verdict,
    )  # fmt: skip


def _harm(name: str, guard: Shown) -> str:
    """Say of a guardrail that is surely worse than without the feature whether that much was registered as bearable."""
    if guard.low is None or guard.high is None or guard.high >= 0:
        return ""
    least, most, allowed = (100 * one for one in (-guard.high, -guard.low, guard.minimum_effect))
    within = "less than" if most <= allowed else "which may be more than"
    return f"{name}: {guard.metric} falls by {least:.1f} to {most:.1f} %, {within} the {allowed:.0f} % that it may lose"


def _before(name: str, registered: Registration) -> str:
    """Say of a feature that was shown before its window that those who saw it then are in no sum."""
    first, starts = registered.first_exposure, registered.starts_on
    if first is None or first >= starts or registered.void:
        return ""
    return f"{name}: shown from {first} on; who saw it before its window began on {starts} is not counted"


def _ends(low: float | None, high: float | None, none: str) -> str:
    return none if low is None or high is None else f"[{100 * low:.1f}, {100 * high:.1f}]"


exhibit = Exhibit(
    name="markets.kill",
    question="Which features have shown their effect, and which die?",
    build=build,
)
