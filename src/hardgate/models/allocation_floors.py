"""Which floors cannot hold together: the fewest tenants whose guarantees ask for more than their pools have.

By Farkas' lemma floors conflict exactly when some prices of pools and units make them cost more than there is; the
smallest set with such prices is found by a small integer programme. Wrong when floors fail only because of gangs.

Three tenants with floors of 3, 3 and 1 on one pool of 5 GPUs; the first two are the conflict:

>>> from hardgate.models.allocation_claims import Wanted
>>> conflict(Wanted.of([[1.0]] * 3, [5], [9, 9, 9], tenant=[0, 1, 2], floor=[3, 3, 1]))
((0, 1), 6.0, 5.0)

Source: Farkas (1902), Journal fuer die reine und angewandte Mathematik 124; Gleeson & Ryan (1990), ORSA Journal on
Computing 2, for smallest infeasible sets.
"""

import numpy as np

from hardgate.models.allocation_claims import Wanted
from hardgate.models.solve import Infeasible, Programme

Found = tuple[tuple[int, ...], float, float]


def conflict(wanted: Wanted) -> Found | None:
    """Return the fewest tenants in conflict, what their floors ask for, and what is there for them; None for none."""
    groups = wanted.groups
    if groups is None:
        return None
    rows, total = _classes(wanted), float(wanted.floor.sum())
    if _hold(wanted, rows):
        return None
    programme, tenants = Programme(), len(wanted.floor)
    over = programme.row(lower=1e-6 * max(total, 1.0))
    arcs, allowed = [], programme.rows(-np.inf, np.zeros(tenants))
    for tenant, work, pools, _ in rows:
        first = programme.rows(np.zeros(len(pools)), np.inf)
        arcs.append((tenant, work, pools, first))
    involved = programme.columns(
        np.full(tenants, -1.0), 1.0, [[allowed[at]] for at in range(tenants)], [[-1.0]] * tenants, whole=True
    )
    weight = [
        [over, allowed[at], *(row for tenant, _, _, first in arcs if tenant == at for row in first)]
        for at in range(tenants)
    ]
    programme.columns(
        np.zeros(tenants), 1.0, weight,
        [[wanted.floor[at], 1.0, *([-1.0] * (len(one) - 2))] for at, one in enumerate(weight)],
    )  # fmt: skip
    for (_, work, _, demand), (_, _, _, first) in zip(rows, arcs, strict=True):
        programme.columns([0.0], np.inf, [[over, *first]], [[-demand, *work]])
    for pool in range(len(wanted.capacity)):
        mine = [first[int(np.flatnonzero(pools == pool)[0])] for _, _, pools, first in arcs if pool in pools]
        programme.columns([0.0], np.inf, [[over, *mine]], [[-wanted.capacity[pool], *([1.0] * len(mine))]])
    try:
        found = programme.solve()
    except Infeasible:
        return None
    chosen = tuple(np.flatnonzero(found.columns[involved] > 0.5).tolist())
    asked = float(wanted.floor[list(chosen)].sum())
    return chosen, asked, _room(wanted, chosen)


def _classes(wanted: Wanted) -> list[tuple[int, np.ndarray, np.ndarray, float]]:
    """Workloads with a floor that differ in nothing but their size, together: tenant, work, pools, units."""
    groups = wanted.groups
    found: dict[tuple[int, bytes], tuple[int, np.ndarray, np.ndarray, float]] = {}
    for at in np.flatnonzero((groups if groups is not None else np.zeros(0)) >= 0).tolist():
        pools = np.flatnonzero(np.isfinite(wanted.value[at]))
        work = np.ones(len(pools)) if wanted.work is None else wanted.work[at, pools]
        tenant = int(wanted.tenant[at])
        key = (tenant, pools.tobytes() + work.tobytes())
        before = found.get(key, (tenant, work, pools, 0.0))[3]
        found[key] = (tenant, work, pools, before + float(wanted.demand[at]))
    return [one for one in found.values() if len(one[2])]


def _hold(wanted: Wanted, rows: list[tuple[int, np.ndarray, np.ndarray, float]]) -> bool:
    """Tell whether some plan keeps every floor; the smallest set in conflict takes longer to find."""
    from hardgate.models.flow import Flow
    from hardgate.models.flow_plan import serve

    shape = (len(rows), len(wanted.capacity))
    worth, units = np.full(shape, -np.inf), np.zeros(shape)
    for at, (_, work, pools, _) in enumerate(rows):
        worth[at, pools], units[at, pools] = 0.0, work
    group, demand = np.array([one[0] for one in rows], np.int64), np.array([one[3] for one in rows])
    try:
        serve(Flow(worth, demand, wanted.capacity, None if wanted.work is None else units, group, wanted.floor))
    except Infeasible:
        return False
    return True


def _room(wanted: Wanted, tenants: tuple[int, ...]) -> float:
    """The most GPUs that some tenants can have together."""
    from hardgate.models.flow import Flow
    from hardgate.models.flow_plan import serve

    mine = np.flatnonzero(np.isin(wanted.tenant, tenants))
    worth = np.where(np.isfinite(wanted.value[mine]), 1.0, -np.inf)
    work = None if wanted.work is None else wanted.work[mine]
    found = serve(Flow(worth, wanted.demand[mine], wanted.capacity, work))
    return float(found.amount.sum())
