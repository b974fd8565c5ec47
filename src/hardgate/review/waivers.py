"""Which waivers are in force: named people let a named gate fail, for a reason, with a control, until a date.

A waiver is its terms; everyone whom policy asks for signs the same terms, and it counts when all have. It counts for
reviews of its own date and later, ends by itself, and may be taken back by one signer. Its exposure is the money that
goes ahead against a gate: the sum over open waivers is the waiver debt. Wrong when the exposure is not the whole amount
that the gate would have held: hardgate takes the number that was signed.

Source: METHODS 17; the categories are those of Azure Policy exemptions (Waiver: accepted; Mitigated: met otherwise).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from hardgate.core.errors import BadInput, NotFound, nearest
from hardgate.core.terms import Entry, Needed, Scope, Signature, Waiver
from hardgate.ledger.chain import fingerprint
from hardgate.ledger.entries import WaiverGranted, WaiverRevoked
from hardgate.ledger.store import Ledger
from hardgate.review.authority import asserted, beyond, is_day, is_person, last_words, listed
from hardgate.review.decide import missing
from hardgate.review.policy import Policy
from hardgate.review.scoped import DIMENSIONS

CATEGORIES = ("Waiver", "Mitigated")
_NOT_TERMS = ("role", "key", "head")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What everyone who grants a waiver signs. `exposure` is in the reporting currency."""

    gate: str
    scope: Scope
    category: str
    owner: str
    requested_by: str
    reason: str
    control: str
    as_of: date
    expires: date
    exposure: Decimal
    currency: str

    @property
    def id(self) -> str:
        """The fingerprint of the terms: what revocations and countersignatures name."""
        return _id(self.body(""))

    def body(self, role: str) -> WaiverGranted:
        """Return the body that one granter signs."""
        return WaiverGranted(
            gate=self.gate,
            scope=self.scope.as_mapping(),
            category=self.category,
            owner=self.owner,
            requested_by=self.requested_by,
            reason=self.reason,
            control=self.control,
            as_of=self.as_of.isoformat(),
            expires=self.expires.isoformat(),
            exposure=f"{self.exposure:f}",
            currency=self.currency,
            role=role,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One waiver as it stands: its id and terms, who signed it, who must still, and why it is not in force if so."""

    id: str
    terms: Terms
    signatures: tuple[Signature, ...]
    lacking: tuple[Needed, ...]
    because: str

    @property
    def waiver(self) -> Waiver:
        """The waiver as decisions use it."""
        granters = [one.by for one in self.signatures if one.valid] or [one.by for one in self.signatures]
        return Waiver(
            gate=self.terms.gate,
            scope=self.terms.scope,
            category=self.terms.category,
            by=", ".join(dict.fromkeys(granters)),
            reason=self.terms.reason,
            control=self.terms.control,
            expires=self.terms.expires,
            exposure=self.terms.exposure,
            currency=self.terms.currency,
            granted=not self.because,
        )


def waivers_in_force(ledger: Ledger, policy: Policy, as_of: date) -> tuple[Waiver, ...]:
    """Return the waivers that count for a review of this date, by when they were first granted."""
    return tuple(one.waiver for one in standing(ledger, policy, as_of) if not one.because)


def waiver_named(ledger: Ledger, policy: Policy, name: str, as_of: date) -> Standing:
    """Return the waiver whose id begins so, as it stands for a review of this date: to countersign, or to take back.

    Raises:
        NotFound: no waiver's id begins so, or those of several do.

    """
    found = {one.id: one for one in standing(ledger, policy, as_of)}
    fitting = [one for waiver, one in found.items() if name and waiver.startswith(name)]
    if len(fitting) != 1:
        many = f"{len(fitting)} waivers begin with {name!r}: write more of the id" if fitting else ""
        raise NotFound(many or f"there is no waiver {name!r}: {nearest(name, found)}".rstrip(": "))
    return fitting[0]


def waiver_debt(waivers: Iterable[Waiver], currency: str) -> Decimal:
    """Return the exposure of waivers, in the reporting currency.

    Raises:
        BadInput: one has no exposure, or states it in another currency: neither is added up as if it were zero.

    """
    debt = Decimal(0)
    for one in waivers:
        if one.exposure is None or one.currency != currency:
            raise BadInput(
                f"the waiver of {one.gate} for {one.scope} states its exposure in {one.currency or 'no currency'}, "
                f"and the debt is counted in {currency}: revoke it and grant it again"
            )
        debt += one.exposure
    return debt


def standing(ledger: Ledger, policy: Policy, as_of: date) -> tuple[Standing, ...]:
    """Return every waiver of the ledger as it stands for a review of this date, in force or not."""
    revoked = revoked_in(ledger, policy, as_of)
    found = []
    for name, entries in grants(ledger).items():
        signatures = signatures_of(policy, entries, revoked.get(name, 0))
        terms = _terms(WaiverGranted.of(entries[0]))
        if terms is None:
            continue
        lacking = missing(policy.waivers.needed, signatures)
        because = _not_in_force(policy, terms, as_of, lacking, revoked=name in revoked)
        found.append(Standing(name, terms, signatures, lacking, because))
    return tuple(found)


def grants(ledger: Ledger) -> dict[str, tuple[Entry, ...]]:
    """Return the entries that grant, by the id of the waiver, first granted first."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in ledger.entries(WaiverGranted.kind):
        name = _id(WaiverGranted.of(entry))
        found[name] = (*found.get(name, ()), entry)
    return found


def signatures_of(policy: Policy, entries: Iterable[Entry], after: int) -> tuple[Signature, ...]:
    """Return who signed one waiver, each valid or with the reason; what stands before entry `after` was taken back."""
    signed = []
    for entry in entries:
        body = WaiverGranted.of(entry)
        gone = "it was taken back" if entry.seq < after else ""
        because = asserted(policy, entry) or _unfit(policy, entry.actor, body) or gone
        signed.append((entry, Signature(entry.actor, body.role, "approve", _id(body), entry.at, not because, because)))
    return last_words(signed)


def faults(policy: Policy, terms: Terms) -> list[str]:
    """Say what is wrong with the terms of a waiver by themselves."""
    last = terms.as_of + timedelta(days=policy.waivers.max_days)
    texts = ("owner", "reason", "control", "currency")
    found = [f"its {name} is empty" for name in texts if not getattr(terms, name).strip()]
    if terms.category not in CATEGORIES:
        found.append(f"its category is {terms.category!r}: {nearest(terms.category, CATEGORIES)}")
    if not terms.exposure.is_finite() or terms.exposure < 0:
        found.append(f"its exposure is {terms.exposure}: state the money that goes ahead against the gate")
    if not terms.as_of <= terms.expires <= last:
        found.append(f"it expires on {terms.expires}: policy allows {terms.as_of} to {last}")
    return found


def forbidden(policy: Policy, gate: str) -> str:
    """Say why policy lets nobody waive a gate, or nothing."""
    if not policy.waivers.needed:
        return "policy names nobody who may waive: set waivers.roles"
    return f"policy does not let {gate} be waived (waivers.not_for)" if gate in policy.waivers.not_for else ""


def _not_in_force(policy: Policy, terms: Terms, as_of: date, lacking: Sequence[Needed], *, revoked: bool) -> str:
    if as_of < terms.as_of:
        return f"it counts from {terms.as_of} on"
    if terms.expires < as_of:
        return f"it expired on {terms.expires}"
    wrong = "; ".join(faults(policy, terms)) or forbidden(policy, terms.gate)
    if not wrong and lacking:
        return f"{'it was taken back and ' if revoked else ''}needs {listed(lacking)}"
    return wrong


def revoked_in(ledger: Ledger, policy: Policy, as_of: date) -> dict[str, int]:
    """Return the waivers taken back for a review of this date, with the entry after which they must be granted anew."""
    found: dict[str, int] = {}
    for entry in ledger.entries(WaiverRevoked.kind):
        body = WaiverRevoked.of(entry)
        counts = body.as_of <= as_of.isoformat() and not asserted(policy, entry)
        if counts and may_waive(policy, entry.actor, body.role):
            found[body.waiver] = entry.seq
    return found


def may_waive(policy: Policy, actor: str, role: str) -> bool:
    """Tell whether a signer holds a role and the role is one that waives."""
    return role in policy.signer(actor).roles and role in {one.role for one in policy.waivers.needed}


def _unfit(policy: Policy, actor: str, body: WaiverGranted) -> str:
    signer = policy.signer(actor)
    if not may_waive(policy, actor, body.role):
        return f"{actor} does not waive as {body.role or '(no role named)'}"
    if is_person(signer, body.requested_by):
        return "who asks does not grant"
    terms = _terms(body)
    return beyond(signer, terms.exposure, f"the waiver of {body.gate}") if terms else "its terms cannot be read"


def _terms(body: WaiverGranted) -> Terms | None:
    """Return the terms of a body; None where its dates or its exposure cannot be read."""
    if not is_day(body.as_of) or not is_day(body.expires):
        return None
    try:
        exposure = Decimal(body.exposure)
    except InvalidOperation:
        return None
    kept = {name: value for name, value in body.plain().items() if name not in _NOT_TERMS}
    days = {name: date.fromisoformat(kept[name]) for name in ("as_of", "expires")}
    return Terms(**{**kept, **days, "scope": scope_of(body.scope), "exposure": exposure})


def scope_of(parts: Mapping[str, str]) -> Scope:
    """Return a scope, coarse to fine again: canonical JSON sorts its names."""
    places = {name: place for place, name in enumerate(DIMENSIONS)}
    return Scope(tuple(sorted(parts.items(), key=lambda part: (places.get(part[0], len(places)), part[0]))))


def _id(body: WaiverGranted) -> str:
    return fingerprint({name: value for name, value in body.plain().items() if name not in _NOT_TERMS})
