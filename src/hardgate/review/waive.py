"""Who may let a gate fail, and take it back: everyone whom policy asks for signs the same terms.

Who asks does not grant, nobody waives more money than they may sign, some gates are never waived, and an unknown only
where policy says so. Wrong when the person who asks is not named as such.

Source: METHODS 17.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from hardgate.core.errors import Misconfigured, Mistake, NotPermitted, nearest
from hardgate.core.terms import Entry, Outcome, Signature
from hardgate.ledger.entries import WaiverRevoked
from hardgate.ledger.store import Ledger
from hardgate.review.authority import beyond, is_person, listed, role_for, signer_of
from hardgate.review.decide import missing
from hardgate.review.policy import Policy, Signer
from hardgate.review.waivers import (
    Standing,
    Terms,
    faults,
    forbidden,
    grants,
    revoked_in,
    signatures_of,
    standing,
    waiver_named,
)


def grant_waiver(  # noqa: PLR0913  each argument is one field of what is signed
    ledger: Ledger,
    policy: Policy,
    terms: Terms,
    *,
    outcome: Outcome,
    signer: str,
    key: Path | None,
    at: datetime,
    role: str | None = None,
) -> Standing:
    """Record that someone grants a waiver, and return how it stands. A second granter signs the same terms.

    `outcome` is what the gate says now. Without the key that policy names for the signer, the entry is recorded as
    asserted and the waiver is not granted.

    Raises:
        Misconfigured: the terms are incomplete, too long or of no known gate; every mistake at once.
        NotPermitted: policy lets nobody waive this, or not this person; nothing is recorded.

    """
    _check_terms(policy, terms, at)
    _check_waivable(policy, terms, outcome)
    known = signer_of(policy, signer)
    taken = role or ""
    if known is not None:
        taken_back = revoked_in(ledger, policy, date.max).get(terms.id, 0)
        so_far = signatures_of(policy, grants(ledger).get(terms.id, ()), taken_back)
        taken = _permitted(policy, known, terms, so_far, role)
    ledger.append_signed(terms.body(taken), signer, at, key)
    return next(one for one in standing(ledger, policy, terms.as_of) if one.id == terms.id)


def revoke_waiver(  # noqa: PLR0913  each argument is one field of what is signed
    ledger: Ledger,
    policy: Policy,
    waiver: str,
    *,
    reason: str,
    as_of: date,
    signer: str,
    key: Path | None,
    at: datetime,
) -> Entry:
    """Record that someone takes a waiver back, from reviews of `as_of` on; one signer with a waiver role is enough.

    `waiver` is its id, or as much of the beginning as no other has.

    Raises:
        NotFound: no waiver's id begins so, or those of several do.
        NotPermitted: this person holds no role that waives.

    """
    name = waiver_named(ledger, policy, waiver, as_of).id
    if as_of > at.date():
        raise NotPermitted(f"a waiver cannot be taken back on {at.date()} from {as_of} on: that day has not come")
    known = signer_of(policy, signer)
    needed = policy.waivers.needed
    role = role_for(known, needed, needed, None, "taking a waiver back") if known else ""
    body = WaiverRevoked(waiver=name, role=role, reason=reason, as_of=as_of.isoformat())
    return ledger.append_signed(body, signer, at, key)


def _check_terms(policy: Policy, terms: Terms, at: datetime) -> None:
    found = faults(policy, terms)
    gates = policy.gates()
    if terms.gate not in gates:
        found.insert(0, f"there is no gate {terms.gate!r}: {nearest(terms.gate, gates)}")
    if terms.as_of > at.date():
        found.append(f"it counts from {terms.as_of} on, which is after {at.date()}")
    if found:
        raise Misconfigured([Mistake(f"this waiver of {terms.gate}: {one}") for one in found])


def _check_waivable(policy: Policy, terms: Terms, outcome: Outcome) -> None:
    if outcome is Outcome.PASS:
        raise NotPermitted(f"{terms.gate} passes for {terms.scope}: there is nothing to waive")
    if outcome is Outcome.UNKNOWN and policy.consequence(terms.gate, terms.scope).unknown != "waivable":
        raise NotPermitted(
            f"{terms.gate} is unknown for {terms.scope}, and policy does not let an unknown be waived: bring the "
            "evidence, or set `unknown: waivable` for it in policy.yaml"
        )
    if forbidden(policy, terms.gate):
        raise NotPermitted(forbidden(policy, terms.gate))


def _permitted(policy: Policy, signer: Signer, terms: Terms, so_far: Sequence[Signature], role: str | None) -> str:
    """Return the role in which a signer may grant a waiver."""
    what = f"the waiver of {terms.gate}"
    needed = policy.waivers.needed
    if is_person(signer, terms.requested_by):
        raise NotPermitted(f"{signer.name} asks for {what}: who asks does not grant; it needs {listed(needed)}")
    above = beyond(signer, terms.exposure, what)
    if above:
        raise NotPermitted(f"{above}; it needs {listed(needed)}")
    if any(one.valid and one.by == signer.name and role in {None, one.role} for one in so_far):
        raise NotPermitted(f"{signer.name} has signed {what} already")
    return role_for(signer, needed, missing(needed, [one for one in so_far if one.by != signer.name]), role, what)
