"""What people sign in a workspace: approvals and refusals, waivers, the modes of gates, and new keys.

Each act is checked against the review of its date, made again at that moment, and becomes one entry of the ledger. Who
may do what is policy.yaml's. Who asks for something can neither approve it nor grant a waiver for it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from hardgate.core.errors import NotFound, NotPermitted, nearest
from hardgate.core.terms import EVERYTHING, Decision, Entry, Mode, Scope, Verdict
from hardgate.ledger.chain import fingerprint
from hardgate.ledger.entries import KeyAdded
from hardgate.ledger.signatures import public_of
from hardgate.review import gate_modes, recording, waivers
from hardgate.review import released as releases
from hardgate.review import sign as signatures
from hardgate.review import waive as waiving
from hardgate.review.authority import signer_of
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Hand:
    """Who signs, with which private key, at what time and in which role; without a key it is asserted only."""

    name: str
    key: Path | None
    at: datetime
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What a waiver is asked for with: who answers for the control, why, what compensates, and its last day."""

    owner: str
    reason: str
    control: str
    expires: date
    category: str = "Waiver"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An ask as the newest record has it, and as the same date's evidence gives it now."""

    review: Review
    decision: Decision
    signed: str

    @property
    def digest(self) -> str:
        """The digest of what the evidence says now."""
        return fingerprint(self.review.statements[self.decision.ask.id])

    @property
    def value(self) -> Decimal | None:
        """The ask's amount in the reporting currency."""
        return self.review.amounts[self.decision.ask.id]

    @property
    def changed(self) -> str:
        """What to do where the statement is no longer what was recorded; nothing where it is."""
        if self.signed == self.digest:
            return ""
        return (
            f"the packet of {self.review.as_of} says something else of {self.decision.ask.id} than when recorded "
            f"({self.signed[:16]}, now {self.digest[:16]}): evidence, policy or terms changed; run `hardgate review`"
        )


def recorded(workspace: Workspace, ask: str) -> Recorded:
    """Return the newest recorded packet's view of an ask, made again from the evidence at that packet's date.

    Raises:
        NotFound: no recorded packet holds this ask, or it is asked no more.

    """
    with workspace.ledger() as ledger:
        found = recording.newest_of(ledger, ask)
        if found is None:
            known = nearest(ask, recording.asks(ledger))
            raise NotFound(f"no recorded packet holds {ask!r}: {known or 'run `hardgate review`, sign what it prints'}")
    when, signed = found
    review = workspace.review(date.fromisoformat(when))
    decision = next((one for one in review.decisions if one.ask.id == ask), None)
    if decision is None:
        raise NotFound(f"{ask!r} is in the packet of {when} and is asked no more: run `hardgate review` again")
    return Recorded(review, decision, signed)


def sign(  # noqa: PLR0913  each argument is one field of what is signed
    workspace: Workspace, ask: str, verdict: str, hand: Hand, *, reason: str = "", expires: date | None = None
) -> signatures.Counted:
    """Sign the newest recorded packet's statement of an ask, after making it again.

    Raises:
        NotFound: no recorded packet holds this ask.
        NotPermitted: what would be signed is no longer what was recorded, or policy does not let this person.

    """
    now = recorded(workspace, ask)
    if now.changed:
        raise NotPermitted(now.changed)
    with workspace.ledger() as ledger:
        return signatures.sign(
            ledger,
            workspace.policy,
            now.digest,
            now.decision,
            signer=hand.name,
            key=hand.key,
            verdict=verdict,
            at=hand.at,
            value=now.value,
            role=hand.role,
            reason=reason,
            expires=expires,
        )


def released(workspace: Workspace, ask: str, *, on: date, amount: Decimal | None) -> tuple[Decision, bool, str]:
    """Tell whether an ask is released on a day, on evidence that still says what was signed.

    Raises:
        NotFound: no recorded packet holds this ask.

    """
    now = recorded(workspace, ask)
    if now.changed:
        return now.decision, False, now.changed
    with workspace.ledger() as ledger:
        yes, because = releases.released(
            ledger, workspace.policy, now.digest, now.decision, on=on, value=now.value, amount=amount
        )
    return now.decision, yes, because


def waiver_terms(
    workspace: Workspace, gate: str, ask: str, plea: Plea, *, as_of: date
) -> tuple[waivers.Terms, Verdict]:
    """Return the terms of a waiver of a gate for one ask, and what the gate says; its exposure is the ask's amount.

    Raises:
        NotFound: no such ask, or the gate does not judge it.
        NotPermitted: the gate holds nothing, or the ask's amount in the reporting currency is not known.

    """
    review = workspace.review(as_of)
    decision, verdict = _verdict(review, gate, ask)
    amount = review.amounts[ask]
    if amount is None:
        raise NotPermitted(f"{ask} has no amount in {review.currency}, so a waiver's exposure is unknown")
    if verdict.mode is not Mode.BLOCK:
        raise NotPermitted(f"{gate} is in mode {verdict.mode} and holds nothing: there is nothing to waive")
    terms = waivers.Terms(
        gate=gate,
        scope=Scope((*verdict.scope.parts, ("ask", ask))),
        category=plea.category,
        owner=plea.owner,
        requested_by=decision.ask.by,
        reason=plea.reason,
        control=plea.control,
        as_of=as_of,
        expires=plea.expires,
        exposure=amount,
        currency=review.currency,
    )
    return terms, verdict


def waive(  # noqa: PLR0913  each argument is one field of what is signed
    workspace: Workspace, gate: str, ask: str, plea: Plea, hand: Hand, *, as_of: date
) -> waivers.Standing:
    """Grant a waiver of a gate for one ask; everyone whom policy asks for signs the same terms.

    Raises:
        NotFound: no such ask, or the gate does not judge it.
        Misconfigured: the terms are incomplete or too long.
        NotPermitted: policy does not let this gate be waived, or not by this person; who asks does not grant.

    """
    terms, verdict = waiver_terms(workspace, gate, ask, plea, as_of=as_of)
    return _grant(workspace, terms, verdict, hand)


def countersign(workspace: Workspace, waiver: str, hand: Hand, *, as_of: date) -> waivers.Standing:
    """Sign the terms of a waiver that somebody else has signed already; `waiver` is the beginning of its id.

    Raises:
        NotFound: there is no such waiver, or what it was granted for is asked no more.
        NotPermitted: policy does not let this person grant it.

    """
    with workspace.ledger() as ledger:
        terms = waivers.waiver_named(ledger, workspace.policy, waiver, as_of).terms
    if "ask" not in terms.scope:
        raise NotFound(f"waiver {waiver} names no ask: take it back and grant it for one")
    _, verdict = _verdict(workspace.review(terms.as_of), terms.gate, terms.scope["ask"])
    return _grant(workspace, terms, verdict, hand)


def revoke(workspace: Workspace, waiver: str, hand: Hand, *, as_of: date, reason: str) -> waivers.Standing:
    """Take a waiver back from reviews of `as_of` on, and return how it stands; one signer who may waive is enough.

    Raises:
        NotFound: there is no such waiver.
        NotPermitted: policy does not let this person take it back.

    """
    with workspace.ledger() as ledger:
        waiving.revoke_waiver(
            ledger, workspace.policy, waiver, reason=reason, as_of=as_of, signer=hand.name, key=hand.key, at=hand.at
        )
        return waivers.waiver_named(ledger, workspace.policy, waiver, as_of)


def move(  # noqa: PLR0913  each argument is one field of what is signed
    workspace: Workspace, gate: str, mode: Mode, hand: Hand, *, reason: str, scope: Scope = EVERYTHING
) -> Mode:
    """Sign a gate into a mode, and return the mode in force: the stricter of what is signed and policy.yaml's.

    Raises:
        NotFound: there is no such gate.
        NotPermitted: policy does not let this person move it there.

    """
    with workspace.ledger() as ledger:
        gate_modes.record_mode(
            ledger,
            workspace.policy,
            gate,
            mode,
            signer=hand.name,
            key=hand.key,
            at=hand.at,
            reason=reason,
            scope=scope,
            role=hand.role,
        )
        modes = gate_modes.signed_modes(ledger, workspace.policy)
    return gate_modes.mode_in_force(modes, workspace.policy, gate, scope)


def announce(workspace: Workspace, hand: Hand) -> tuple[Entry, bool]:
    """Record that a key came into use, signed by itself; tell whether policy.yaml names it for this person.

    Raises:
        NotPermitted: there is no key to announce.

    """
    if hand.key is None:
        raise NotPermitted("a key is announced with the key itself: name its private file")
    with workspace.ledger() as ledger:
        entry = ledger.append_signed(KeyAdded(signer=hand.name), hand.name, hand.at, hand.key)
    signer = signer_of(workspace.policy, hand.name)
    return entry, signer is not None and signer.key == public_of(hand.key)


def _verdict(review: Review, gate: str, ask: str) -> tuple[Decision, Verdict]:
    decisions = {one.ask.id: one for one in review.decisions}
    if ask not in decisions:
        raise NotFound(f"there is no ask {ask!r} in the review of {review.as_of}: {nearest(ask, decisions)}")
    verdicts = {one.gate: one for one in decisions[ask].verdicts}
    if gate not in verdicts:
        raise NotFound(f"{gate} does not judge {ask}: {nearest(gate, verdicts)}")
    return decisions[ask], verdicts[gate]


def _grant(workspace: Workspace, terms: waivers.Terms, verdict: Verdict, hand: Hand) -> waivers.Standing:
    if hand.name.strip().casefold() == terms.requested_by.strip().casefold():
        raise NotPermitted(f"{hand.name} asks for {terms.scope['ask']}: who asks does not grant a waiver for it")
    with workspace.ledger() as ledger:
        return waiving.grant_waiver(
            ledger,
            workspace.policy,
            terms,
            outcome=verdict.outcome,
            signer=hand.name,
            key=hand.key,
            at=hand.at,
            role=hand.role,
        )
