"""The packet as one plain document: what the JSON holds, what is hashed and signed, and what every page prints.

The document holds no run time, no ingest clock and no absolute path, so that the same evidence, policy and date give
the same bytes. Each ask carries the digest of its own part: that is what a signature binds to.

Source: RFC 8785 (canonical JSON) for the bytes under the digest.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import rfc8785

from hardgate.core.terms import Cell, Decision, Exhibit, Judged, Reading, Signature, Table, Verdict, Waiver
from hardgate.review.meeting import Review

SCHEMA = "hardgate.packet/1"
UNSIGNED = ("signatures", "needed", "state", "because", "digest")
"""Fields of an ask that change as people sign; the digest that they sign leaves them out."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of a document."""
    return rfc8785.dumps(dict(document))


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def document(review: Review) -> dict[str, Any]:
    """Return the packet of a review as a plain document."""
    asks = [_ask(review, decision) for decision in review.decisions]
    return {
        "schema": SCHEMA,
        "version": review.version,
        "as_of": review.as_of.isoformat(),
        "repeat": f"hardgate review --as-of {review.as_of}",
        "currency": review.currency,
        "confidence": review.confidence,
        "policy": review.policy,
        "summary": summary(review),
        "asks": asks,
        "signals": [_verdict(review, one) for one in review.signals],
        "exhibits": [_exhibit(exhibit, table) for exhibit, table in review.exhibits],
        "not_available": [{"part": part, "needs": needs} for part, needs in review.not_available],
        "not_judged": list(review.not_judged),
        "waivers": [_waiver(one) for one in review.waivers],
        "waiver_debt": plain(review.waiver_debt),
        "shadows": [
            {"gate": one.gate, "asks": list(one.asks), "amount": plain(one.amount), "currency": one.currency}
            for one in review.shadows
        ],
        "look_back": [
            {"ask": one.ask, "as_of": plain(one.as_of), "said": one.said, "came": one.came} for one in review.look_back
        ],
        "assumptions": [
            {"name": one.name, "value": one.value, "unit": one.unit, "source": one.source, "status": "assumed"}
            for one in review.assumptions
        ],
        "findings": list(review.findings),
        "evidence": [
            {
                "batch": one.digest,
                "table": one.table,
                "file": one.file,
                "rows": one.rows,
                "rejected": one.rejected,
                "first_day": plain(one.first_day),
                "last_day": plain(one.last_day),
                "known": one.known.value,
            }
            for one in review.batches
        ],
    }


def summary(review: Review) -> dict[str, int]:
    """Count asks by state and blocking gate rows by outcome; a waived row counts as waived alone."""
    counts = dict.fromkeys(("asks", "released", "awaiting", "held", "refused"), 0)
    counts.update(dict.fromkeys(("pass", "hold", "fail", "unknown", "waived"), 0))
    for decision in review.decisions:
        counts["asks"] += 1
        counts[decision.state.value.lower()] += 1
        waived = {waiver.gate for waiver in decision.waivers}
        for verdict in decision.verdicts:
            counts["waived" if verdict.gate in waived else verdict.outcome.value] += 1
    return counts


def _ask(review: Review, decision: Decision) -> dict[str, Any]:
    ask = decision.ask
    body: dict[str, Any] = {
        "id": ask.id,
        "action": ask.action.value,
        "scope": ask.scope.as_mapping(),
        "label": str(ask.scope),
        "by": ask.by,
        "amount": plain(ask.amount),
        "currency": ask.currency,
        "amount_in_reporting_currency": plain(review.amounts.get(ask.id)),
        "decide_by": plain(ask.decide_by),
        "terms": {name: plain(value) for name, value in ask.terms},
        "derived": ask.derived,
        "as_of": decision.as_of.isoformat(),
        "policy": decision.policy,
        "state": decision.state.value,
        "because": decision.because,
        "verdicts": [_verdict(review, one) for one in decision.verdicts],
        "waivers": [_waiver(one) for one in decision.waivers],
        "needed": [{"role": one.role, "count": one.count} for one in decision.signatures_needed],
        "signatures": [_signature(one) for one in decision.signatures],
        "not_judged": list(decision.not_judged),
    }
    body["digest"] = digest({name: value for name, value in body.items() if name not in UNSIGNED})
    return body


def _verdict(review: Review, verdict: Verdict) -> dict[str, Any]:
    gate = review.gates.get(verdict.gate)
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
        "limit_source": review.limit_sources.get((verdict.gate, verdict.ask), ""),
        "conditions": [_judged(review, one) for one in verdict.judged],
        "parts": [_verdict(review, one) for one in verdict.parts],
    }


def _judged(review: Review, judged: Judged) -> dict[str, Any]:
    return {
        "reading": _reading(review, judged.reading),
        "sense": judged.sense,
        "limit": _reading(review, judged.limit),
        "outcome": judged.outcome.value,
        "slack": judged.slack,
        "noise": judged.noise,
        "run": judged.run,
        "held_for": judged.held_for,
        "band": judged.band,
        "because": judged.because,
    }


def _reading(review: Review, reading: Reading) -> dict[str, Any]:
    metric = review.metrics.get(reading.metric)
    return {
        "metric": reading.metric,
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


def _exhibit(exhibit: Exhibit, table: Table) -> dict[str, Any]:
    chart = exhibit.chart
    return {
        "name": exhibit.name,
        "question": exhibit.question,
        "sentence": table.sentence,
        "missing": table.missing,
        "headings": [{"name": one.name, "unit": one.unit, "digits": one.digits} for one in table.headings],
        "rows": [[plain(cell) for cell in row] for row in table.rows],
        "closing": table.closing,
        "closes": table.closes,
        "notes": list(table.notes),
        "batches": list(table.batches),
        "chart": {"kind": chart.kind, "x": chart.x, "y": list(chart.y), "limit": chart.limit} if chart else None,
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
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


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "by": signature.by,
        "role": signature.role,
        "verdict": signature.verdict,
        "at": signature.at,
        "valid": signature.valid,
        "because": signature.because,
    }


def plain(cell: Cell) -> str | int | float | bool | None:
    """Return a cell as JSON holds it: a date as ISO text, a decimal as text with its digits, infinity as text."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, float):
        return finite(cell)
    return cell


def finite(value: float | None) -> float | str | None:
    """Return a number as JSON can hold it; METHODS' "never" is infinity and is written as that word."""
    if value is None or value != value:  # noqa: PLR0124  not a number
        return None
    if value in {float("inf"), float("-inf")}:
        return "never"
    return float(value)
