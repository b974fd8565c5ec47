"""What the ledger keeps of a review: its date, the packet's digest, and of each ask what was decided and read.

The look-back of a later packet reads these records: what was said then beside what came. A packet that says what the
newest record says is not recorded again. An ask that is refused, and one that is filed by hand, is an entry of its own.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hardgate.core.terms import State
from hardgate.ledger.store import Ledger

FORECAST = ("demand", "demand_growth", "volatility")
"""The facts of a trigger that a forecast of demand is made of."""
KIND, REFUSED, FILED = "review.recorded", "ask.refused", "ask.filed"


def body_of(packet: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of a packet."""
    return {
        "packet": packet["digest"],
        "as_of": packet["as_of"],
        "policy": packet["policy"],
        "version": packet["version"],
        "asks": [_ask(one) for one in packet["asks"]],
    }


def _ask(ask: Mapping[str, Any]) -> dict[str, Any]:
    readings = [judged["reading"] for verdict in ask["verdicts"] for judged in verdict["conditions"]]
    # The digest of what was registered of a feature: a registry that is edited later can be held against it.
    registered = {name: one for name, one in ask.get("terms", {}).items() if name == "registration"}
    return {
        **registered,
        "id": ask["id"],
        "state": ask["state"],
        "because": ask["because"],
        "digest": ask["digest"],
        "amount": ask["amount"] or "",
        "currency": ask["currency"],
        "readings": [{name: one[name] for name in ("metric", "value", "low", "high")} for one in readings],
        **promised(ask),
    }


def promised(ask: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a packet says of the day on which a tranche would be live: its GPUs, and demand as it is forecast.

    Nothing where the ask names no such day or no trigger read the demand; the look-back scores it when the day comes.
    """
    terms = ask.get("terms", {})
    found = [judged["limit"].get("facts", {}) for verdict in ask["verdicts"] for judged in verdict["conditions"]]
    facts = next((one for one in found if all(one.get(name) is not None for name in FORECAST)), None)
    if facts is None or not {"live_date", "gpus"} <= set(terms):
        return {}
    forecast = {name: facts[name] for name in FORECAST}
    return {"promised": {"scope": ask["scope"], "live": terms["live_date"], "gpus": terms["gpus"], **forecast}}


def record(ledger: Ledger, packet: Mapping[str, Any], *, actor: str, at: datetime) -> bool:
    """Record a packet and what it newly refuses, and tell whether there was anything new to record."""
    kept = body_of(packet)
    before = ledger.entries(KIND)
    if before and before[-1].body == kept:
        return False
    known = {one["id"] for one in before[-1].body["asks"] if one["state"] == State.REFUSED} if before else set()
    ledger.append(KIND, kept, actor, at)
    for one in kept["asks"]:
        if one["state"] == State.REFUSED and one["id"] not in known:
            refused = {"ask": one["id"], "packet": one["digest"], "because": one["because"]}
            ledger.append(REFUSED, refused, actor, at)
    return True


def record_ask(ledger: Ledger, ask: str, text: str, *, actor: str, at: datetime) -> None:
    """Record that an ask was filed, with the digest of its file."""
    ledger.append(FILED, {"ask": ask, "file": hashlib.sha256(text.encode()).hexdigest()}, actor, at)


def newest_of(ledger: Ledger, ask: str) -> tuple[str, str] | None:
    """Return the date and the statement's digest of an ask in the newest record that holds it; None where none does."""
    for entry in reversed(ledger.entries(KIND)):
        for one in entry.body["asks"]:
            if one["id"] == ask:
                return entry.body["as_of"], one["digest"]
    return None


def asks(ledger: Ledger) -> tuple[str, ...]:
    """Return the asks of the newest recorded packet."""
    newest = ledger.entries(KIND)[-1:]
    return tuple(one["id"] for entry in newest for one in entry.body["asks"])
