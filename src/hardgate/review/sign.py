"""Who may sign what, at which amount: signatures on one ask's statement, and whether they release it.

An approval counts only with a key and a role that policy names, within the signer's amount, by someone other than who
asks; one person counts once, for one role. It binds to the digest of the statement (review/statement.py): when the
evidence, the policy, the terms or a waiver changes, the digest changes and the approval counts no more. It also ends
by itself, `RELEASE_DAYS` after the date whose evidence was signed. A refusal stands: only another statement can be
approved after it. Wrong when who asks is not named: then nobody can be kept from approving their own ask.

Source: METHODS 17; four eyes and segregation of duties as in NIST SP 800-53 AC-5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hardgate.core.errors import Misconfigured, NotPermitted, nearest
from hardgate.core.terms import Ask, Decision, Entry, Needed, Signature, State
from hardgate.ledger.entries import PacketSigned
from hardgate.ledger.store import Ledger
from hardgate.review.authority import asserted, beyond, is_day, is_person, last_words, listed, role_for, signer_of
from hardgate.review.decide import missing
from hardgate.review.policy import Policy, Signer

APPROVE, REFUSE = "approve", "refuse"
RELEASE_DAYS = 90
"""How long an approval may release after the date whose evidence was signed."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One entry of the ledger on an ask, and the signature it counts as."""

    entry: Entry
    body: PacketSigned
    signature: Signature


def sign(  # noqa: PLR0913  each argument is one field of what is signed
    ledger: Ledger,
    policy: Policy,
    packet: str,
    decision: Decision,
    *,
    signer: str,
    key: Path | None,
    verdict: str,
    at: datetime,
    value: Decimal | None,
    role: str | None = None,
    reason: str = "",
    expires: date | None = None,
) -> Counted:
    """Record that someone approves or refuses an ask, and return how the entry counts.

    `packet` is the digest of the ask's statement, `value` the ask's amount in the reporting currency, `key` the path of
    the signer's private key. Without it, with another key than policy names, or by someone whom policy does not name,
    the entry is recorded as asserted and releases nothing.

    Raises:
        NotPermitted: policy does not let this person say this; nothing is recorded.
        Misconfigured: the verdict, or the date until which it shall count, is not one that can be signed.

    """
    ask = decision.ask
    _check_verdict(decision, verdict, at)
    needed = policy.needed(ask.action, value, ask.scope)
    known = signer_of(policy, signer)
    taken = role or ""
    if known is not None:
        so_far = [one.signature for one in counted(ledger, policy, packet, ask, value)]
        taken = _permitted(known, ask, needed, so_far, verdict, value, role)
    elif verdict == APPROVE and signer.strip().casefold() == ask.by.strip().casefold():
        raise NotPermitted(f"{signer} asks for {ask.id}: who asks does not approve")
    body = PacketSigned(
        packet=packet,
        ask=ask.id,
        action=ask.action.value,
        amount=_amount(ask),
        currency=ask.currency,
        requested_by=ask.by,
        verdict=verdict,
        role=taken,
        as_of=decision.as_of.isoformat(),
        expires=_expiry(decision.as_of, expires).isoformat() if verdict == APPROVE else "",
        policy=decision.policy,
        reason=reason,
    )
    entry = ledger.append_signed(body, signer, at, key)
    return next(one for one in counted(ledger, policy, packet, ask, value) if one.entry.seq == entry.seq)


def signatures_for(
    ledger: Ledger, policy: Policy, packet: str, ask: Ask, value: Decimal | None
) -> tuple[Signature, ...]:
    """Return what was signed on an ask, in order, each valid or with the reason why it does not count.

    A signer's last word on another statement of the same ask is shown too, as not valid: it died when that changed.
    """
    return tuple(one.signature for one in counted(ledger, policy, packet, ask, value))


def counted(ledger: Ledger, policy: Policy, packet: str, ask: Ask, value: Decimal | None) -> tuple[Counted, ...]:
    """Return the entries on an ask that `signatures_for` speaks of, with their bodies."""
    needed = policy.needed(ask.action, value, ask.scope)
    entries = ledger.entries(PacketSigned.kind, ask=ask.id)
    here = {entry.actor for entry in entries if entry.body.get("packet") == packet}
    newest = {entry.actor: entry.seq for entry in entries}
    refused: dict[str, int] = {}
    signed = []
    for entry in entries:
        body = PacketSigned.of(entry)
        if body.packet == packet:
            because = asserted(policy, entry) or _unfit(policy, entry.actor, body, ask, needed, value)
            if not because and body.verdict == REFUSE:
                refused.setdefault(body.key, entry.seq)
            elif not because and body.key in refused:
                because = f"{entry.actor} refused it in entry {refused[body.key]}"
        elif entry.actor not in here and newest[entry.actor] == entry.seq:
            because = f"it is on another statement ({body.packet[:16]}): something changed since"
        else:
            continue
        signature = Signature(entry.actor, body.role, body.verdict, body.packet, entry.at, not because, because)
        signed.append((entry, signature))
    pairs = zip(signed, last_words(signed), strict=True)
    return tuple(Counted(entry, PacketSigned.of(entry), signature) for (entry, _), signature in pairs)


def _check_verdict(decision: Decision, verdict: str, at: datetime) -> None:
    ask = decision.ask
    if verdict not in {APPROVE, REFUSE}:
        raise Misconfigured(f"{verdict!r} cannot be signed: {nearest(verdict, (APPROVE, REFUSE))}")
    if decision.as_of > at.date():
        raise NotPermitted(
            f"the packet of {decision.as_of} cannot be signed on {at.date()}: its evidence is not there yet"
        )
    if verdict == APPROVE and any(one.valid and one.verdict == REFUSE for one in decision.signatures):
        raise NotPermitted(f"{ask.id}: {decision.because}; a refusal stands until the evidence or the ask changes")
    if verdict == APPROVE and decision.state not in {State.AWAITING, State.RELEASED}:
        raise NotPermitted(
            f"{ask.id} is {decision.state}: {decision.because}; a signature does not open a gate: "
            "clear it or have it waived (hardgate waive), and sign the packet that follows"
        )


def _permitted(  # noqa: PLR0913  the whole of what the rules look at
    signer: Signer,
    ask: Ask,
    needed: Sequence[Needed],
    so_far: Sequence[Signature],
    verdict: str,
    value: Decimal | None,
    role: str | None,
) -> str:
    """Return the role in which a signer may say this."""
    what = f"{ask.action} {ask.id}"
    if not needed:
        raise NotPermitted(f"policy names nobody who may sign {what}: add a row to sign_off")
    if verdict == REFUSE:
        return role_for(signer, needed, needed, role, what)
    if is_person(signer, ask.by):
        raise NotPermitted(f"{signer.name} asks for {ask.id}: who asks does not approve; it needs {listed(needed)}")
    above = beyond(signer, value, what)
    if above:
        raise NotPermitted(f"{above}; it needs {listed(needed)}")
    mine = next((one for one in so_far if one.valid and one.verdict == APPROVE and one.by == signer.name), None)
    if mine is not None and role in {None, mine.role}:
        raise NotPermitted(f"{signer.name} has signed {what} as {mine.role} already")
    others = [one for one in so_far if one.by != signer.name]
    return role_for(signer, needed, missing(needed, others), role, what)


def _unfit(  # noqa: PLR0913  the whole of what the rules look at
    policy: Policy, actor: str, body: PacketSigned, ask: Ask, needed: Sequence[Needed], value: Decimal | None
) -> str:
    """Say why a signer's word does not count on this ask, though the signer's key made it."""
    signer = policy.signer(actor)
    approves = body.verdict == APPROVE
    faults = (
        (not approves and body.verdict != REFUSE, f"{body.verdict!r} is neither {APPROVE} nor {REFUSE}"),
        ((body.amount, body.currency) != (_amount(ask), ask.currency), "it names another amount than the ask"),
        (body.role not in signer.roles, f"policy gives {signer.name} no role {body.role or '(none named)'}"),
        (body.role not in {one.role for one in needed}, f"this amount needs nobody in the role {body.role}"),
        (approves and is_person(signer, ask.by), "who asks does not approve"),
        (approves and not is_day(body.expires), f"it counts until {body.expires!r}, which is no day"),
    )
    found = next((words for wrong, words in faults if wrong), "")
    return found or (beyond(signer, value, f"{ask.action} {ask.id}") if approves else "")


def _amount(ask: Ask) -> str:
    return "" if ask.amount is None else f"{ask.amount:f}"


def _expiry(as_of: date, wanted: date | None) -> date:
    last = as_of + timedelta(days=RELEASE_DAYS)
    if wanted is None:
        return last
    if not as_of <= wanted <= last:
        raise Misconfigured(f"a release of {as_of} cannot last until {wanted}: choose a day up to {last}")
    return wanted
