"""Who starts, and who has to stop: the plan, and three rules that schedulers have.

First come, largest first and priority each have one queue. With backfill whoever is behind may start where whoever is
ahead does not fit; without it, nobody may start in a pool that one ahead waits for. Priority alone preempts, as
Kubernetes does: work of strictly lower priority, the lowest and latest first. All start in the usable pool with the
most room. The plan is solved when somebody waits who does not fit, at most once a `step`, as the linear plan; whole
jobs of it start, and stop only what it gives less and is in their way; in between the promised start first, then what
is worth most. Wrong for first come with reservations (EASY), which has to know how long a job will run.

Source: METHODS 7; Feitelson & Weil (1998), IPPS/SPDP, for backfill; the Kubernetes documentation for preemption.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from hardgate.models.replay_fleet import Fleet

Order = Callable[[Fleet, int], tuple[float, ...]]
WHOLE = 1e-6
"""Of a job: what rounding may lack."""


def first_come(fleet: Fleet, kind: int) -> tuple[float, ...]:
    """Order by arrival, as jobs are numbered."""
    return (fleet.head(kind),)


def largest_first(fleet: Fleet, kind: int) -> tuple[float, ...]:
    """Order by GPUs, the most first, then by arrival."""
    return (-fleet.size[kind], *first_come(fleet, kind))


def priority_only(fleet: Fleet, kind: int) -> tuple[float, ...]:
    """Order by priority, the highest first, then by arrival."""
    return (-float(fleet.rank[kind]), *first_come(fleet, kind))


def by_worth(fleet: Fleet, kind: int) -> tuple[float, ...]:
    """Order the promised first, then by what a GPU-hour is worth, then by arrival."""
    at = fleet.trace.first[kind]
    worth = float(fleet.trace.worth[at] * fleet.trace.lasting[at])
    return (0.0 if fleet.trace.promised[at] else 1.0, -worth, *first_come(fleet, kind))


def fill(fleet: Fleet, now: float, order: Order, *, backfill: bool = True, preempts: bool = False) -> None:
    """Start who waits, in an order, as far as there is room; see the module for backfill and preemption."""
    queue = [(*order(fleet, kind), kind) for kind in fleet.waiting]
    heapify(queue)
    dropped, closed = set[int](), set[int]()
    while queue:
        *key, kind = heappop(queue)
        kind = int(kind)
        if kind in dropped or kind not in fleet.waiting:
            continue
        if tuple(key) != order(fleet, kind):
            heappush(queue, (*order(fleet, kind), kind))
            continue
        pool = fleet.room(kind, closed)
        if pool is None and preempts:
            pool, stopped = _cleared(fleet, kind, now)
            for one in stopped:
                heappush(queue, (*order(fleet, one), one))
        if pool is not None:
            fleet.start(kind, pool, now)
            if kind in fleet.waiting:
                heappush(queue, (*order(fleet, kind), kind))
        else:
            dropped.add(kind)
            closed.update(() if backfill else fleet.pools[kind])


def _cleared(fleet: Fleet, kind: int, now: float) -> tuple[int | None, set[int]]:
    """Clear a pool of work of lower priority for a job; return the pool and the kinds that were stopped."""
    mine, best, most = fleet.rank[kind], None, fleet.size[kind] - 1
    for pool in fleet.pools[kind]:
        could = fleet.free[pool] + sum(size for rank, size in fleet.used[pool].items() if rank < mine)
        if could > most:
            best, most = pool, could
    if best is None:
        return None, set()
    lower = [(rank, one) for one, rank in enumerate(fleet.rank) if rank < mine]
    stopped = set[int]()
    while fleet.free[best] < fleet.size[kind]:
        least = min(rank for rank, one in lower if fleet.running[one][best])
        last = max(
            (fleet.since[next(reversed(fleet.running[one][best]))], one)
            for rank, one in lower
            if rank == least and fleet.running[one][best]
        )[1]
        fleet.preempt(last, best, now)
        stopped.add(last)
    return best, stopped


def all_fit(fleet: Fleet) -> bool:
    """Tell whether all who wait fit as they are, the largest first."""
    free = list(fleet.free)
    for kind in sorted(fleet.waiting, key=lambda one: (len(fleet.pools[one]), -fleet.size[one], one)):
        left = fleet.count[kind]
        for pool in fleet.pools[kind]:
            taken = min(left, free[pool] // fleet.size[kind])
            free[pool] -= taken * fleet.size[kind]
            left -= taken
        if left:
            return False
    return True


def replan(fleet: Fleet, now: float, step: float) -> None:
    """Solve the plan of what runs and waits, and carry it out in whole jobs."""
    kinds = [k for k in range(len(fleet.size)) if fleet.count[k] or any(fleet.running[k])]
    planned = _planned(fleet, kinds, step)
    wanted = {
        (kind, pool): int(planned[at, pool] / fleet.size[kind] + WHOLE)
        for at, kind in enumerate(kinds)
        for pool in fleet.pools[kind]
    }

    def over(kind: int, pool: int) -> int:
        return len(fleet.running[kind][pool]) - wanted[kind, pool]

    worth = fleet.trace.worth * fleet.trace.lasting
    rank = {k: (not fleet.trace.promised[at], -float(worth[at]), k) for k, at in enumerate(fleet.trace.first.tolist())}
    for kind, pool in sorted(wanted, key=lambda one: (rank[one[0]], one[1])):
        while over(kind, pool) < 0:
            away = [p for p in fleet.pools[kind] if over(kind, p) > 0]
            if not fleet.count[kind] and not away:
                break
            others = [k for k in kinds if k != kind and pool in fleet.pools[k] and over(k, pool) > 0]
            others.sort(key=lambda one: rank[one], reverse=True)
            if not _made_room(fleet, (kind, pool), others, over, now):
                break
            if not fleet.count[kind]:
                fleet.preempt(kind, away[0], now)
            fleet.start(kind, pool, now)


def _made_room(
    fleet: Fleet, place: tuple[int, int], others: list[int], over: Callable[[int, int], int], now: float
) -> bool:
    """Stop of other kinds what the plan gives less, until a job fits; nothing where it would not."""
    kind, pool = place
    could = fleet.free[pool] + sum(over(one, pool) * fleet.size[one] for one in others)
    if could < fleet.size[kind]:
        return False
    for one in others:
        while fleet.free[pool] < fleet.size[kind] and over(one, pool) > 0:
            fleet.preempt(one, pool, now)
    return True


def _planned(fleet: Fleet, kinds: list[int], step: float) -> NDArray[np.float64]:
    """The linear plan by kind and pool: a row for what runs of a kind in each pool, and one for what waits."""
    from hardgate.models.allocation import plan

    rows = [
        (at, pool, len(fleet.running[kind][pool]))
        for at, kind in enumerate(kinds)
        for pool in (*fleet.pools[kind], -1)
        if (pool >= 0 and fleet.running[kind][pool]) or (pool < 0 and fleet.count[kind])
    ]
    owner = np.array([at for at, _, _ in rows], np.int64)
    pools = np.array([pool for _, pool, _ in rows], np.int64)
    jobs = np.array([fleet.count[kinds[at]] if pool < 0 else many for at, pool, many in rows], np.int64)
    first = fleet.trace.first[np.array(kinds, np.int64)[owner]]
    units = jobs * fleet.trace.size[first]
    worth = fleet.trace.worth[first] * fleet.trace.lasting[first]
    found = plan(
        np.where(fleet.trace.usable[first], worth[:, np.newaxis], np.nan), fleet.trace.capacity, units,
        commitment=np.where(fleet.trace.promised[first], units, 0), held=np.where(pools >= 0, units, 0),
        held_pool=pools, move_cost=worth * fleet.restart / step, sides=False,
    )  # fmt: skip
    summed = np.zeros((len(kinds), len(fleet.trace.capacity)))
    np.add.at(summed, owner, found.gpus)
    return summed
