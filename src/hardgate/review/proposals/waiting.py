"""Workloads that wait for GPUs ask for GRANT: the largest by what they would earn, the rest are in the exhibits.

A workload waits when it asks for more than it holds. At most `MOST` ask, so that a packet stays a page; how many more
wait is said by the last of them. Wrong when a request is kept open after its workload has ended.

>>> proposal.actions
(<Action.GRANT: 'GRANT'>,)
"""

from decimal import Decimal

from hardgate.core.money import cents
from hardgate.core.terms import Action, Ask, Evidence, Scope
from hardgate.metrics.requests import Request, wishes
from hardgate.review.proposal import Proposal

MOST = 3
HOURS_PER_MONTH = 730


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of waiting workloads, the largest contribution first."""
    del horizon  # who waits, waits now
    if not evidence.rows("request").count:
        return ()
    waiting = [one for one in wishes(evidence).requests if one.gpus > one.held]
    waiting.sort(key=lambda one: (-one.contribution * (one.gpus - one.held), one.workload))
    rest = len(waiting) - MOST
    return tuple(_ask(one, evidence.currency, rest if at == MOST - 1 else 0) for at, one in enumerate(waiting[:MOST]))


def _ask(one: Request, currency: str, rest: int) -> Ask:
    more = one.gpus - one.held
    amount = Decimal(str(one.contribution)) * more * HOURS_PER_MONTH
    said = (("others_waiting", f"{rest} more workloads wait; see allocation.turned_away"),) if rest > 0 else ()
    return Ask(
        id=f"grant-{one.workload}",
        action=Action.GRANT,
        scope=Scope.of(tenant=one.tenant, workload=one.workload),
        by=one.tenant,
        amount=cents(amount),
        currency=currency,
        terms=(("gpus", one.gpus), ("more_gpus", more), *said),
    )


proposal = Proposal("waiting", (Action.GRANT,), build, made_of=("workload_requests",))
