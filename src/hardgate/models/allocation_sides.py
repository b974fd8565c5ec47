"""What a GPU more and a GPU less of each pool are worth, and how many promised units can be served at all.

With whole figures a network's prices hold until one GPU has been added or taken, and those of all pools come from two
programmes. Where throughput differs there are two programmes a pool. Wrong where throughput differs and there are
more than 1,200 claims: then two programmes for all pools give bounds, what one more earns at most and one less loses at
least.

A pool of 4 GPUs for work that earns 5 on 3 of them and 3 on 2 more: one GPU more earns 3, one less loses 3:

>>> from hardgate.models.allocation import plan
>>> found = plan([[5.0], [3.0]], [4], [3, 2])
>>> found.more.tolist(), found.fewer.tolist()
([3.0], [3.0])

Source: Ahuja, Magnanti & Orlin (1993), Network Flows, for what a unit more is worth.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Claims
from hardgate.models.flow import Flow
from hardgate.models.flow_plan import SMALL, Served, moved, serve
from hardgate.models.solve import Infeasible

Floats = NDArray[np.float64]


def promised(flow: Flow, claims: Claims) -> tuple[float, Served | None]:
    """Return how many committed units can be served, and the plan that shows it where it is not simply all."""
    total = float(claims.demand[claims.committed].sum())
    if not total or (flow.group is None and _fit(flow, claims)):
        return total, None
    units = np.ones_like(flow.value) if flow.work is None else flow.work
    worth = np.where(np.isfinite(flow.value), units * claims.committed[:, np.newaxis], -np.inf)
    keep = np.flatnonzero(claims.committed if flow.group is None else np.ones(len(claims.demand), np.bool_))
    stage = replace(flow, value=worth).taken(keep)
    served = serve(stage)
    got = float((worth[keep][served.claim, served.pool] * served.amount).sum())
    return (total if got > total * (1 - 1e-9) else got), served


def _fit(flow: Flow, claims: Claims) -> bool:
    """Tell whether all committed units fit when the least flexible choose first; no is no proof that they do not."""
    left, usable = flow.capacity.copy(), np.isfinite(flow.value)
    order = np.flatnonzero(claims.committed)
    for at in order[np.argsort(usable[order].sum(axis=1), kind="stable")].tolist():
        wanted = flow.demand[at]
        pools = np.flatnonzero(usable[at] & (left > 0))
        for pool in pools[np.argsort(-left[pools], kind="stable")].tolist():
            unit = 1.0 if flow.work is None else float(flow.work[at, pool])
            taken = min(left[pool], wanted / unit)
            left[pool] -= taken
            wanted -= taken * unit
            if wanted <= 1e-9:
                break
        if wanted > 1e-9:
            return False
    return True


def sides_of(flow: Flow, claims: Claims, best: Served, need: float) -> tuple[Floats, Floats]:
    """What a GPU more and a GPU less are worth: duals with a little more, and a little less, of every pool.

    Prices of a network are a lattice, so that the least of all pools go together, and so do the greatest; with whole
    figures the basis lasts until all the little has added up to one GPU. Where throughput differs and claims are many
    they are bounds: one GPU more of a pool earns at most that, one less loses at least that.
    """
    if flow.work is not None and len(flow.demand) <= SMALL:
        return _one_more_one_less(flow, claims, best, need)
    little = 1 / (2 * (len(flow.capacity) + 1))
    counted = claims.committed if need else None
    above = moved(replace(flow, capacity=flow.capacity + little, counted=counted, need=need), best)
    below = replace(flow, capacity=np.maximum(flow.capacity - little, 0.0))
    try:
        kept, tight = promised(below, claims)
        fewer = moved(replace(below, counted=counted, need=kept), best).prices.pool
    except Infeasible:  # a floor would break
        return above.prices.pool, np.full(len(flow.capacity), np.inf)
    if tight is not None and kept < need - 1e-9:
        fewer = np.where(tight.prices.pool > 1e-9, np.inf, fewer)
    return above.prices.pool, fewer


def _one_more_one_less(flow: Flow, claims: Claims, best: Served, need: float) -> tuple[Floats, Floats]:
    """Solve anew for a GPU more and a GPU less of each pool: where throughput differs prices are no lattice."""
    counted = claims.committed if need else None
    now, pools = earned(flow, best), len(flow.capacity)
    more, fewer = np.zeros(pools), np.full(pools, np.inf)
    for pool, one in enumerate(np.eye(pools)):
        above = replace(flow, capacity=flow.capacity + one, counted=counted, need=need)
        more[pool] = earned(flow, moved(above, best)) - now
        below = replace(flow, capacity=np.maximum(flow.capacity - one, 0.0))
        try:
            if promised(below, claims)[0] >= need - 1e-9:
                fewer[pool] = now - earned(flow, moved(replace(below, counted=counted, need=need), best))
        except Infeasible:  # a floor would break
            continue
    return np.maximum(more, 0.0), fewer


def earned(flow: Flow, served: Served) -> float:
    """Return what is served earns, promises and what stays counted in."""
    return float((flow.value[served.claim, served.pool] * served.amount).sum())
