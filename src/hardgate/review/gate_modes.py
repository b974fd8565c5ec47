"""Which mode a gate is in by signature: moving it to block is a signed entry, and so is every step back.

Every gate starts in shadow. Its owner, or anyone who may waive, signs it into a stricter mode alone; a looser one lets
the gate fail for everybody, so it needs everyone who must sign a waiver. The mode in force is the stricter of what was
signed and what policy.yaml says: a gate never stops holding because one line of a file was edited.

Source: METHODS 17 and the modes of DESIGN 4.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from hardgate.core.errors import NotFound, NotPermitted, nearest
from hardgate.core.terms import EVERYTHING, Entry, Mode, Needed, Scope, Signature
from hardgate.ledger.entries import GateMode
from hardgate.ledger.store import Ledger
from hardgate.review.authority import asserted, last_words, role_for, signer_of
from hardgate.review.decide import missing
from hardgate.review.policy import Policy
from hardgate.review.scoped import specificity
from hardgate.review.waivers import scope_of

STRICTNESS = (Mode.SHADOW, Mode.ADVISE, Mode.BLOCK)

Modes = Mapping[tuple[str, Scope], Mode]
"""Gate and scope -> the mode that was signed."""


def record_mode(  # noqa: PLR0913  each argument is one field of what is signed
    ledger: Ledger,
    policy: Policy,
    gate: str,
    mode: Mode,
    *,
    signer: str,
    key: Path | None,
    at: datetime,
    reason: str,
    scope: Scope = EVERYTHING,
    role: str | None = None,
) -> Entry:
    """Record that someone moves a gate to a mode; without the signer's key it is asserted and moves nothing.

    Raises:
        NotFound: there is no such gate.
        NotPermitted: it is in this mode already, or policy does not let this person move it there.

    """
    if gate not in policy.gates():
        raise NotFound(f"there is no gate {gate!r}: {nearest(gate, policy.gates())}")
    now = signed_mode(signed_modes(ledger, policy), gate, scope)
    if mode is now:
        raise NotPermitted(f"{gate} is signed into {mode} already")
    needed = _needed(policy, gate, scope, now, mode)
    if not needed:
        raise NotPermitted(f"policy names nobody who may move {gate} back to {mode}: set waivers.roles")
    known = signer_of(policy, signer)
    taken = role_for(known, needed, needed, role, f"moving {gate} to {mode}") if known else role or ""
    body = GateMode(gate=gate, scope=scope.as_mapping(), mode=mode.value, role=taken, reason=reason)
    return ledger.append_signed(body, signer, at, key)


def signed_modes(ledger: Ledger, policy: Policy) -> Modes:
    """Return the mode of every gate and scope that was ever moved by signatures that policy knows."""
    modes: dict[tuple[str, Scope], Mode] = {}
    back: dict[tuple[str, Scope, Mode], list[tuple[Entry, Signature]]] = {}
    for entry, body, where in _moves(ledger, policy):
        mode = Mode(body.mode)
        now = signed_mode(modes, *where)
        needed = _needed(policy, *where, now, mode)
        if body.role not in policy.signer(entry.actor).roles or body.role not in {one.role for one in needed}:
            continue
        if not _is_stricter(mode, now):
            signature = Signature(entry.actor, body.role, "approve", entry.digest, entry.at, valid=True)
            signed = back.setdefault((*where, mode), [])
            signed.append((entry, signature))
            if missing(needed, last_words(signed)):
                continue
        modes[where] = mode
        for one in STRICTNESS:
            back.pop((*where, one), None)
    return modes


def signed_mode(modes: Modes, gate: str, scope: Scope = EVERYTHING) -> Mode:
    """Return the mode that was signed for a gate at a scope: the narrowest that covers it, else shadow."""
    covering = [(specificity(at), mode) for (name, at), mode in modes.items() if name == gate and at.covers(scope)]
    return max(covering, key=lambda found: found[0], default=(None, Mode.SHADOW))[1]


def mode_in_force(modes: Modes, policy: Policy, gate: str, scope: Scope = EVERYTHING) -> Mode:
    """Return the stricter of what was signed and what policy.yaml says."""
    return max(signed_mode(modes, gate, scope), policy.mode(gate, scope), key=STRICTNESS.index)


def unsigned_modes(modes: Modes, policy: Policy) -> tuple[str, ...]:
    """Say where policy.yaml and signatures differ: a gate that blocks unsigned, or was loosened in the file alone."""
    found = []
    for gate in sorted(policy.gates()):
        scopes = dict.fromkeys([EVERYTHING, *(row.scope for row in policy.rows.get(gate, ()))])
        for scope in scopes:
            stated, signed = policy.mode(gate, scope), signed_mode(modes, gate, scope)
            what = f"{gate} ({scope})" if scope.parts else gate
            if stated is Mode.BLOCK and signed is not Mode.BLOCK:
                found.append(f"{what} blocks by {policy.limit_source(gate, 'mode', scope)}, and nobody has signed that")
            elif _is_stricter(signed, stated):
                found.append(f"{what} is {stated} in {policy.file}, and was signed into {signed}: it stays in {signed}")
    return tuple(found)


def _needed(policy: Policy, gate: str, scope: Scope, now: Mode, mode: Mode) -> tuple[Needed, ...]:
    """Return who may move a gate: any one of these where it gets stricter, all of them where it gets looser."""
    if not _is_stricter(mode, now):
        return policy.waivers.needed
    return (Needed(policy.rule(gate, scope).owner), *policy.waivers.needed)


def _is_stricter(one: Mode, other: Mode) -> bool:
    return STRICTNESS.index(one) > STRICTNESS.index(other)


def _moves(ledger: Ledger, policy: Policy) -> Iterator[tuple[Entry, GateMode, tuple[str, Scope]]]:
    """Yield the signed moves of gates that policy has, in order."""
    for entry in ledger.entries(GateMode.kind):
        body = GateMode.of(entry)
        if not asserted(policy, entry) and body.gate in policy.gates() and body.mode in set(STRICTNESS):
            yield entry, body, (body.gate, scope_of(body.scope))
