"""Whose word an entry is: a person whom policy names, holding the key that policy names, within their roles and amount.

An entry that nobody's known key signed is *asserted*: kept and shown, and it releases nothing. Wrong when two people
share a key, or one person has two names with two keys: hardgate sees keys and names, not people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hardgate.core.errors import NotPermitted
from hardgate.core.terms import Entry, Needed, Signature
from hardgate.ledger.signatures import fault
from hardgate.review.policy import Policy, Signer


def signer_of(policy: Policy, name: str) -> Signer | None:
    """Return the signer of this name, or None where policy knows none."""
    return next((one for one in policy.signers if one.name == name), None)


def asserted(policy: Policy, entry: Entry) -> str:
    """Say why an entry is no signer's word; nothing where the key that policy names for its actor signed it."""
    signer = signer_of(policy, entry.actor)
    key = entry.body.get("key", "")
    if signer is None:
        return f"asserted: policy names no signer {entry.actor}"
    if not key:
        return "asserted: no key signed it"
    if key != signer.key:
        return f"asserted: policy names another key for {entry.actor}"
    wrong = fault(entry)
    return f"asserted: {wrong}" if wrong else ""


def is_person(signer: Signer, name: str) -> bool:
    """Tell whether a name or address that somebody typed is this signer's."""
    typed = name.strip().casefold()
    return typed in {one.strip().casefold() for one in (signer.name, signer.email) if one.strip()}


def beyond(signer: Signer, value: Decimal | None, what: str) -> str:
    """Say that an amount is above what a signer may sign; nothing where it is not. An unknown amount is above any."""
    if signer.up_to is None or (value is not None and value <= signer.up_to):
        return ""
    worth = "has no amount in the reporting currency" if value is None else f"is {value:,f}"
    return f"{signer.name} may sign up to {signer.up_to:,f}, and {what} {worth}"


def role_for(
    signer: Signer, needed: Sequence[Needed], still_open: Sequence[Needed], role: str | None, what: str
) -> str:
    """Return the role in which a signer signs: the one asked for, else the first open one that they hold.

    Raises:
        NotPermitted: they hold none that is needed, or none that is still open; the message says what is missing.

    """
    if role is not None and role not in signer.roles:
        raise NotPermitted(f"{signer.name} does not hold the role {role}, but {', '.join(signer.roles)}")
    held = [one.role for one in needed if one.role in signer.roles and role in {None, one.role}]
    if not held:
        offered = role or ", ".join(signer.roles)
        raise NotPermitted(f"{what} needs {listed(needed)}, and {signer.name} signs as {offered}")
    fitting = [one.role for one in still_open if one.role in held]
    if not fitting:
        left = f"what is missing is {listed(still_open)}" if still_open else "nothing is missing"
        raise NotPermitted(f"{what} is signed as {', '.join(held)} already: {left}")
    return fitting[0]


def last_words(signed: Sequence[tuple[Entry, Signature]]) -> tuple[Signature, ...]:
    """Return signatures in order, of which only the last valid one of each key counts: one person counts once."""
    last = {entry.body["key"]: entry.seq for entry, signature in signed if signature.valid}
    return tuple(
        signature
        if not signature.valid or last[entry.body["key"]] == entry.seq
        else replace(signature, valid=False, because=f"replaced by entry {last[entry.body['key']]}")
        for entry, signature in signed
    )


def is_day(text: str) -> bool:
    """Tell whether a text is a day as the ledger writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def listed(needed: Iterable[Needed]) -> str:
    """Write signatures still to come: "1 x finance, 2 x cfo"."""
    return ", ".join(f"{one.count} x {one.role}" for one in needed)
