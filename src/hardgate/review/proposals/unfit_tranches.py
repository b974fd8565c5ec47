"""A tranche that is due within a quarter and that some gate on it fails today asks to SHIFT its capital.

What a gate fails on one day may pass by the commit date; the ask says only that the capital should be looked at beside
its other uses. Wrong when the gates that fail are not those that policy blocks on: then the ask is one too many.

>>> proposal.actions
(<Action.SHIFT: 'SHIFT'>,)
"""

from dataclasses import replace
from datetime import timedelta

from hardgate.core.terms import Action, Ask, Evidence, Gate, Outcome
from hardgate.gates.judge import Rule, look
from hardgate.review.proposal import Proposal
from hardgate.review.proposals.tranches import from_tranches

QUARTER = timedelta(weeks=13)
PREFIX = "shift-"


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks to shift capital, by commit date and name."""
    from hardgate.review import areas

    gates = [one for one in areas.gates().values() if one.guards(Action.BUILD)]
    last = evidence.as_of + QUARTER
    plan = from_tranches(evidence.rows("tranche"), evidence.as_of, horizon)
    due = [one for one in plan if one.decide_by is not None and evidence.as_of <= one.decide_by <= last]
    return tuple(_shift(one) for one in due if any(_fails(gate, one, evidence) for gate in gates))


def _fails(gate: Gate, ask: Ask, evidence: Evidence) -> bool:
    scope = ask.scope.narrowed(gate.per)
    seen = look(gate, scope, evidence, Rule(), evidence.limits(gate.name, scope))
    return any(one.entering is Outcome.FAIL for one in seen)


def _shift(ask: Ask) -> Ask:
    """Return the ask to shift a tranche's capital; without its GPUs, since it adds none of its own."""
    return replace(ask, id=f"{PREFIX}{ask.id}", action=Action.SHIFT, terms=())


proposal = Proposal("unfit_tranches", (Action.SHIFT,), build, made_of=("capacity_plan",))
