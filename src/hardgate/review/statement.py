"""What a signer signs: an ask with its terms, verdicts and waivers as one plain document, and its digest.

The digest covers everything the decision rests on and nothing that changes as people sign, so that a second signature
does not void the first and any change of evidence, policy or terms voids both. There is no run time, ingest clock or
absolute path in it: the same evidence, policy and date give the same bytes.

Source: RFC 8785 (canonical JSON) for the bytes under the digest.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hardgate.core.terms import Ask, Cell, Gate, Judged, Metric, Reading, Verdict, Waiver


def statement(  # noqa: PLR0913  one argument a column of what is signed
    ask: Ask,
    verdicts: Sequence[Verdict],
    waivers: Sequence[Waiver],
    *,
    as_of: date,
    policy: str,
    gates: Mapping[str, Gate],
    metrics: Mapping[str, Metric],
    limit_sources: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    """Return the document that a signature on this ask binds to."""
    return {
        "id": ask.id,
        "action": ask.action.value,
        "scope": ask.scope.as_mapping(),
        "label": str(ask.scope),
        "by": ask.by,
        "amount": plain(ask.amount),
        "currency": ask.currency,
        "decide_by": plain(ask.decide_by),
        "terms": {name: plain(value) for name, value in ask.terms},
        "derived": ask.derived,
        "as_of": as_of.isoformat(),
        "policy": policy,
        "verdicts": [of_verdict(one, gates, metrics, limit_sources) for one in verdicts],
        "waivers": [of_waiver(one) for one in waivers],
    }


def of_verdict(
    verdict: Verdict,
    gates: Mapping[str, Gate],
    metrics: Mapping[str, Metric],
    limit_sources: Mapping[tuple[str, str], str],
) -> dict[str, Any]:
    """Return a verdict as a plain document; fired signals stand in it where its gate heard any."""
    gate = gates.get(verdict.gate)
    heard = [of_verdict(one, gates, metrics, limit_sources) for one in verdict.heard]
    return {
        "gate": verdict.gate,
        "question": gate.question if gate else "",
        "scope": verdict.scope.as_mapping(),
        "label": str(verdict.scope),
        "outcome": verdict.outcome.value,
        "mode": verdict.mode.value,
        "owner": verdict.owner,
        "because": verdict.because,
        "since": plain(verdict.since),
        "limit_source": limit_sources.get((verdict.gate, verdict.ask), ""),
        "conditions": [of_judged(one, metrics) for one in verdict.judged],
        "parts": [of_verdict(one, gates, metrics, limit_sources) for one in verdict.parts],
        **({"heard": heard} if heard else {}),
    }


def of_judged(judged: Judged, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Return one judged condition as a plain document."""
    return {
        "reading": of_reading(judged.reading, metrics),
        "sense": judged.sense,
        "limit": of_reading(judged.limit, metrics),
        "outcome": judged.outcome.value,
        "slack": finite(judged.slack),
        "noise": finite(judged.noise),
        "run": judged.run,
        "held_for": judged.held_for,
        "band": judged.band,
        "because": judged.because,
    }


def of_reading(reading: Reading, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """Return a reading with its papers as a plain document."""
    metric = metrics.get(reading.metric)
    return {
        "metric": reading.metric,
        "meaning": metric.meaning if metric else "",
        "denominator": metric.denominator if metric else "",
        "scope": reading.scope.as_mapping(),
        "window": {"start": reading.window.start.isoformat(), "end": reading.window.end.isoformat()},
        "unit": reading.unit,
        "value": finite(reading.value),
        "low": finite(reading.low),
        "high": finite(reading.high),
        "facts": {name: finite(value) for name, value in reading.facts},
        "missing": reading.missing,
        "gaps": list(reading.gaps),
        "status": reading.status.value,
        "sql": reading.sql,
        "batches": list(reading.batches),
        "because": reading.because,
    }


def of_waiver(waiver: Waiver) -> dict[str, Any]:
    """Return a waiver as a plain document."""
    return {
        "gate": waiver.gate,
        "scope": waiver.scope.as_mapping(),
        "category": waiver.category,
        "by": waiver.by,
        "reason": waiver.reason,
        "control": waiver.control,
        "expires": waiver.expires.isoformat(),
        "exposure": plain(waiver.exposure),
        "currency": waiver.currency,
    }


def plain(cell: Cell) -> str | int | float | bool | None:
    """Return a cell as JSON holds it: a date as ISO text, a decimal as text with its digits, infinity as a word."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float):
        return finite(cell)
    return cell


def finite(value: float | None) -> float | str | None:
    """Return a number as JSON can hold it; METHODS' "never" is infinity and is written as that word.

    >>> finite(float("inf")), finite(float("nan")), finite(2)
    ('never', None, 2.0)
    """
    if value is None or value != value:  # noqa: PLR0124  not a number
        return None
    if value in {float("inf"), float("-inf")}:
        return "never"
    return float(value)
