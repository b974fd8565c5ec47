"""Every registered feature asks to KEEP, from its registration to four weeks after its deadline.

The digest of its registration stands among the terms, and so in what is signed and in the ledger: a registration that
changes is another ask.

>>> proposal.actions
(<Action.KEEP: 'KEEP'>,)
"""

from datetime import timedelta

from hardgate.core.terms import Action, Ask, Evidence, Scope
from hardgate.metrics.registration import Registration, features, registration
from hardgate.review.proposal import Proposal

STAYS = timedelta(weeks=4)


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:  # noqa: ARG001  a deadline is part of its registration
    """Return the asks of the registry, by feature."""
    found = (registration(evidence, name) for name in features(evidence))
    return tuple(_of(one) for one in found if isinstance(one, Registration) and evidence.as_of < one.ends_on + STAYS)


def _of(found: Registration) -> Ask:
    return Ask(
        id=f"keep-{found.feature}",
        action=Action.KEEP,
        scope=Scope.of(feature=found.feature),
        by=found.registered_by,
        terms=(
            ("registration", found.digest),
            ("registered_on", found.registered_on),
            ("starts_on", found.starts_on),
            ("deadline", found.ends_on),
            ("metric", ", ".join(one.metric for one in found.primary)),
            ("minimum_effect", min((one.minimum_effect for one in found.primary), default=None)),
            ("looks", found.looks),
        ),
    )


proposal = Proposal("features", (Action.KEEP,), build, made_of=("experiments",))
