"""Claims that nobody can tell apart are one claim: what many equal workloads want is solved once and dealt out.

Equal are claims with the same value and work on every pool, the same group, and both counted or both not. What a kind
is given is dealt to its claims in their order, pool after pool, so that whole figures stay whole. Wrong for a reader
who expects equal claims to get equal shares: where not all of a kind are served, the first are.

Three claims of 2, 3 and 2 GPUs are worth the same; 4 and 2 of theirs are in two pools:

>>> flow = Flow(np.array([[5.0, 5.0]] * 3), np.array([2.0, 3.0, 2.0]), np.array([4.0, 2.0]))
>>> kinds = alike(flow)
>>> kinds.flow.demand.tolist()
[7.0]
>>> [one.tolist() for one in kinds.dealt(np.array([0, 0]), np.array([0, 1]), np.array([4.0, 2.0]))]
[[0, 1, 1, 2], [0, 0, 1, 1], [2.0, 2.0, 1.0, 1.0]]
"""

from dataclasses import dataclass, replace

import numpy as np

from hardgate.models.flow import Floats, Flow, Indices

GLANCE = 16  # pools by which most claims are told apart
WORTH = 0.9  # of the claims: with more kinds than that, kinds save nothing
SLIVER = 1e-9  # units that are a matter of rounding


@dataclass(frozen=True, slots=True)
class Kinds:
    """The flow of kinds, the kind of each claim, and what each claim wants."""

    flow: Flow
    kind: Indices
    demand: Floats

    def dealt(self, kind: Indices, pool: Indices, amount: Floats) -> tuple[Indices, Indices, Floats]:
        """Deal what kinds were given to their claims: claim, pool and amount of each arc.

        All claims stand in one line, kind after kind, each as long as what it wants; so do the arcs, from where their
        kind begins. Where both lines are cut, one claim has one arc.
        """
        line = np.argsort(self.kind, kind="stable")
        ends = np.cumsum(self.demand[line])
        begins = np.cumsum(self.flow.demand) - self.flow.demand
        order = np.lexsort((pool, kind))
        kind, pool = kind[order], pool[order]
        work = self.flow.units(kind, pool)
        units = amount[order] * work
        before = np.cumsum(units) - units
        first = np.searchsorted(kind, kind)
        starts = begins[kind] + before - before[first]
        cuts = np.unique(np.concatenate([starts, starts + units, ends]))
        middle, length = (cuts[1:] + cuts[:-1]) / 2, np.diff(cuts)
        arc = np.searchsorted(starts, middle, side="right") - 1
        there = (arc >= 0) & (length > SLIVER) & (middle < (starts + units)[np.maximum(arc, 0)])
        arc, claim = arc[there], line[np.searchsorted(ends, middle[there], side="right")]
        return claim, pool[arc], length[there] / work[arc]


def alike(flow: Flow) -> Kinds | None:
    """Return the kinds of claims; None where most claims are of a kind of their own."""
    if np.unique(_glance(flow)).size > WORTH * len(flow.demand):
        return None
    parts = [one for one in (flow.value, flow.work, flow.group, flow.counted) if one is not None]
    seen: dict[tuple[bytes, ...], int] = {}
    same = (tuple(one[at].tobytes() for one in parts) for at in range(len(flow.demand)))
    kind = np.array([seen.setdefault(one, len(seen)) for one in same])
    if len(seen) > WORTH * len(kind):
        return None
    demand: Floats = np.zeros(len(seen))
    np.add.at(demand, kind, flow.demand)
    merged = replace(flow.taken(np.unique(kind, return_index=True)[1]), demand=demand)
    return Kinds(merged, kind, flow.demand)


def _glance(flow: Flow) -> Floats:
    """A figure for each claim that differs where claims differ on some pools; equal figures prove nothing."""
    some = flow.value[:, :: max(flow.value.shape[1] // GLANCE, 1)]
    weights = np.sqrt(np.arange(2.0, 2.0 + some.shape[1]))
    glance: Floats = np.einsum("ij,j->i", np.where(np.isfinite(some), some, -1.0), weights)
    return glance
