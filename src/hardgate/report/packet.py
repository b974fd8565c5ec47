"""The packet as one plain document: what the JSON holds and what every page prints.

The document holds no run time, no ingest clock and no absolute path, so that the same evidence, policy and date give
the same bytes. Each ask carries the digest of its own statement: that is what a signature binds to.
"""

from dataclasses import asdict
from typing import Any

from hardgate.core.terms import Decision, Exhibit, Signature, Table
from hardgate.gates.flip import card
from hardgate.ledger.chain import fingerprint
from hardgate.report.turning import of_card
from hardgate.review.meeting import Review
from hardgate.review.statement import of_verdict, of_waiver, plain

SCHEMA = "hardgate.packet/1"


def document(review: Review) -> dict[str, Any]:
    """Return the packet of a review as a plain document."""
    body = {
        "schema": SCHEMA,
        "version": review.version,
        "as_of": review.as_of.isoformat(),
        "repeat": f"hardgate review --as-of {review.as_of}",
        "currency": review.currency,
        "confidence": review.confidence,
        "policy": review.policy,
        "summary": summary(review),
        "asks": [_ask(review, decision) for decision in review.decisions],
        "signals": [of_verdict(one, review.gates, review.metrics, review.limit_sources) for one in review.signals],
        "exhibits": [of_exhibit(exhibit, table) for exhibit, table in review.exhibits],
        "not_available": [{"part": part, "needs": needs} for part, needs in review.not_available],
        "not_judged": list(review.not_judged),
        "waivers": [of_waiver(one) for one in review.waivers],
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
    return {**body, "digest": fingerprint(body)}


def summary(review: Review) -> dict[str, int]:
    """Count asks by state and gate rows by outcome; a waived row counts as waived alone."""
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
    signed = review.statements[decision.ask.id]
    return {
        **signed,
        "digest": fingerprint(signed),
        "amount_in_reporting_currency": plain(review.amounts.get(decision.ask.id)),
        "state": decision.state.value,
        "because": decision.because,
        "turns": of_card(card(decision.ask, decision.verdicts, review.confidence)),
        "needed": [{"role": one.role, "count": one.count} for one in decision.signatures_needed],
        "signatures": [_signature(one) for one in decision.signatures],
    }


def of_exhibit(exhibit: Exhibit, table: Table) -> dict[str, Any]:
    """Return an exhibit with its table as a plain document."""
    chart = table.chart or exhibit.chart
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
        "chart": {**asdict(chart), "y": list(chart.y)} if chart else None,
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
