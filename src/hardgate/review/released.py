"""Is this ask released today, up to this amount? The line that a purchase or infrastructure pipeline calls.

Yes only while every gate passes or is waived by a waiver still in force, every signature that policy asks for is there
and unexpired, nobody who may sign refused, and the ledger verifies. Wrong when it is called with a decision of other
evidence than the digest: compute both from one review. What was bought already is not counted: each call answers for
the whole amount.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hardgate.core.money import exact
from hardgate.core.terms import Ask, Decision, State
from hardgate.ledger.store import Ledger
from hardgate.review.authority import listed
from hardgate.review.decide import missing
from hardgate.review.policy import Policy
from hardgate.review.recording import newest_of
from hardgate.review.sign import APPROVE, REFUSE, RELEASE_DAYS, Counted, counted
from hardgate.review.waivers import waivers_in_force


def released(  # noqa: PLR0913  each argument is one thing that can end a release
    ledger: Ledger,
    policy: Policy,
    packet: str,
    decision: Decision,
    *,
    on: date,
    value: Decimal | None,
    amount: Decimal | None = None,
) -> tuple[bool, str]:
    """Tell whether an ask is released on a day, up to an amount in the ask's currency, and why or why not.

    `packet` is the digest of the statement that the decision was made on, and `value` the ask's amount in the reporting
    currency. The signatures are read and counted again here.

    Raises:
        Tampered: the ledger does not verify, so that nothing in it releases anything.

    """
    ledger.verify()
    found = counted(ledger, policy, packet, decision.ask, value)
    no = (
        _not_passed(decision)
        or _too_much(decision.ask, amount)
        or _superseded(ledger, packet, decision.ask)
        or _refused(found)
        or _waiver_ended(ledger, policy, decision, on)
        or _unsigned(policy, decision, found, on, value)
    )
    if no:
        return False, no
    approvals = [one for one in found if _stands(one, decision, on)]
    until = min([_until(one, decision) for one in approvals] + [one.expires for one in decision.waivers])
    by = ", ".join(f"{one.signature.by} ({one.signature.role})" for one in approvals)
    return True, f"{decision.ask.id} is released until {until}, signed by {by}"


def _not_passed(decision: Decision) -> str:
    if decision.state in {State.AWAITING, State.RELEASED}:
        return ""
    return f"{decision.ask.id} is {decision.state}: {decision.because}"


def _too_much(ask: Ask, amount: Decimal | None) -> str:
    if amount is None:
        return ""
    if not amount.is_finite() or amount < 0:
        return f"{amount} is not an amount"
    if ask.amount is None:
        return f"{ask.id} names no amount, so none is released"
    if amount <= ask.amount:
        return ""
    return f"{exact(amount)} is more than the {exact(ask.amount, ask.currency)} that {ask.id} asks for"


def _superseded(ledger: Ledger, packet: str, ask: Ask) -> str:
    newest = newest_of(ledger, ask.id)
    if newest is None or newest[1] == packet:
        return ""
    return (
        f"the newest packet that holds {ask.id} is that of {newest[0]}, and it is not the one signed: it changed since"
    )


def _refused(found: Iterable[Counted]) -> str:
    no = next((one.signature for one in found if one.signature.valid and one.signature.verdict == REFUSE), None)
    return f"{no.by} ({no.role}) refused it" if no else ""


def _waiver_ended(ledger: Ledger, policy: Policy, decision: Decision, on: date) -> str:
    standing = waivers_in_force(ledger, policy, on) if decision.waivers else ()
    for waiver in decision.waivers:
        what = f"the waiver of {waiver.gate} for {waiver.scope}"
        if waiver.expires < on:
            return f"{what} expired on {waiver.expires}"
        if waiver not in standing:
            return f"{what} is no longer in force"
    return ""


def _unsigned(policy: Policy, decision: Decision, found: Sequence[Counted], on: date, value: Decimal | None) -> str:
    ask = decision.ask
    needed = policy.needed(ask.action, value, ask.scope)
    if not needed:
        return f"policy names nobody who may sign {ask.action} {ask.id}: add a row to sign_off"
    lacking = missing(needed, [one.signature for one in found if _stands(one, decision, on)])
    if not lacking:
        return ""
    why = [
        f"{one.signature.by}: {one.signature.because or _ended(one, decision)}"
        for one in found
        if not _stands(one, decision, on)
    ]
    return "; ".join([f"{ask.id} needs {listed(lacking)}", *why])


def _stands(one: Counted, decision: Decision, on: date) -> bool:
    return one.signature.valid and one.signature.verdict == APPROVE and _until(one, decision) >= on


def _until(one: Counted, decision: Decision) -> date:
    """Return the last day of an approval: what it says, and never longer than its evidence may serve."""
    return min(date.fromisoformat(one.body.expires), decision.as_of + timedelta(days=RELEASE_DAYS))


def _ended(one: Counted, decision: Decision) -> str:
    return f"approval expired on {_until(one, decision)}"
