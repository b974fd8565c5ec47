"""Who gets the GPUs: the plan of the greatest value that first keeps what was promised, with a price for every pool.

Commitments come before value, in two stages and without a large constant: the first finds how many committed units can
be served, the second the most valuable plan that serves as many. Floors of tenants always hold. A pool's shadow price
is what one GPU more would earn for an hour; it is 0 where GPUs are left, however many are used. Wrong when value is
not linear in GPUs: a job that needs all of its GPUs or none is a gang, and only the whole plan places gangs.

Two workloads of 3 GPUs that earn 5 and 4 an hour compete for 4; the second was promised 2 of its 3:

>>> found = plan([[5.0], [4.0]], [4], [3, 3], commitment=[0, 2])
>>> found.gpus.tolist(), found.value, found.more.tolist(), found.fewer.tolist()
([[2.0], [2.0]], 18.0, [5.0], [5.0])

Sources: METHODS 7; Ahuja, Magnanti & Orlin (1993), Network Flows, for integral plans and for what a unit more is worth.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.allocation_claims import Claims, Wanted, claimed
from hardgate.models.allocation_floors import conflict
from hardgate.models.allocation_sides import earned, promised, sides_of
from hardgate.models.flow import Flow, Prices
from hardgate.models.flow_plan import Served, serve
from hardgate.models.solve import Infeasible

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

GLANCE = 64  # workloads by which most pools are told apart


class FloorsConflict(Infeasible):
    """Floors that cannot hold together; `tenants` is the smallest set of them, `asked` and `room` in GPUs."""

    def __init__(self, tenants: Sequence[int], asked: float, room: float) -> None:
        """Take the tenants by position, what their floors add up to, and what the pools they can use have for them."""
        self.tenants = tuple(int(one) for one in tenants)
        self.asked, self.room = asked, room
        named = ", ".join(map(str, self.tenants))
        super().__init__(f"the floors of tenants {named} ask for {asked:,.1f} GPUs of {room:,.1f}")


@dataclass(frozen=True, slots=True)
class Plan:
    """An allocation with its prices.

    Attributes:
        gpus: shape (workloads, pools); of the whole plan those that a workload holds, the last of them partly idle
            where throughput differs.
        units: of demand that are served, by workload.
        value: money an hour of what is served, with the cost of moving what is held, without penalties.
        penalties: money an hour of committed units that are not served.
        bound: the most that `value - penalties` can be; for the linear plan its dual, so that the gap is rounding.
        price: shadow price of a GPU-hour of each pool, shape (pools,); a dual of the plan.
        more: what one GPU more earns, shape (pools,); at most the price.
        fewer: what one GPU less loses, shape (pools,); at least the price; infinite where it breaks a promise.
        lacking: what a unit would have to earn more to be served next, by workload; negative where it has been served.
        best_pool: where that would be.
        short: committed units that are not served, by workload.
        missed: floors of tenants that gangs leave short, GPUs in all; 0 for the linear plan.

    """

    gpus: Floats
    units: Floats
    value: float
    penalties: float
    bound: float
    price: Floats
    more: Floats
    fewer: Floats
    lacking: Floats
    best_pool: Indices
    short: Floats
    missed: float = 0.0

    @property
    def objective(self) -> float:
        """Value less penalties."""
        return self.value - self.penalties

    @property
    def gap(self) -> float:
        """How far the plan may be from the best, as a share of the bound."""
        return max(self.bound - self.objective, 0.0) / max(abs(self.bound), 1e-12)


def plan(
    value: ArrayLike,
    capacity: ArrayLike,
    demand: ArrayLike,
    *,
    commitment: ArrayLike | None = None,
    penalty: ArrayLike | None = None,
    tenant: ArrayLike | None = None,
    floor: ArrayLike | None = None,
    held: ArrayLike | None = None,
    held_pool: ArrayLike | None = None,
    move_cost: ArrayLike | None = None,
    throughput: ArrayLike | None = None,
    gang: ArrayLike | None = None,
    whole: bool = False,
    sides: bool = True,
) -> Plan:
    """Return the best plan.

    Args:
        value: of a GPU for an hour, contribution x preference x durability, shape (workloads, pools); NaN where the
            workload cannot use the pool.
        capacity: GPUs, shape (pools,).
        demand: GPUs wanted; with `throughput` units of work an hour, in GPUs of the reference type.
        commitment: units of the demand that are promised.
        penalty: money an hour for each promised unit that is not served.
        tenant: of each workload, a position in `floor`.
        floor: GPUs that each tenant gets at least, as far as it asks for them.
        held: GPUs that the workload holds now.
        held_pool: the pool in which it holds them, -1 for none.
        move_cost: money an hour lost for each held GPU that it has to leave.
        throughput: units of work that a GPU does, shape (workloads, pools): a generalised flow.
        gang: GPUs that come together in one pool; the linear plan does not look at it.
        whole: place whole gangs; prices are those of the linear plan.
        sides: find what a GPU more and a GPU less are worth; without it both are the price.

    Raises:
        FloorsConflict: floors cannot hold together.
        ValueError: a figure means nothing.

    """
    wanted = Wanted.of(
        value, capacity, demand, commitment=commitment, penalty=penalty, tenant=tenant, floor=floor, held=held,
        held_pool=held_pool, move_cost=move_cost, throughput=throughput, gang=gang,
    )  # fmt: skip
    return of(wanted, whole=whole, sides=sides)


def of(wanted: Wanted, *, whole: bool = False, sides: bool = True) -> Plan:
    """Return the best plan of what is wanted; see `plan`."""
    wanted = _with_floors_asked(wanted)
    if whole:
        from hardgate.models.allocation_parts import joined, parts, within

        apart = parts(wanted)
        if len(apart) > 1:
            return joined(wanted, [(one, _best(within(wanted, one), whole=whole, sides=sides)) for one in apart])
    return _best(wanted, whole=whole, sides=sides)


def _best(wanted: Wanted, *, whole: bool, sides: bool) -> Plan:
    """Return the best plan of one part, its floors capped."""
    claims = claimed(wanted)
    groups = _alike(wanted)
    flow = _flow(wanted, claims, groups)
    need, _ = promised(flow, claims)
    best = serve(replace(flow, counted=claims.committed if need else None, need=need))
    made = _planned(wanted, claims, groups, flow, best, need)
    if sides:
        more, fewer = sides_of(flow, claims, best, need)
        made = replace(made, more=np.minimum(more[groups], made.price), fewer=np.maximum(fewer[groups], made.price))
    if whole:
        from hardgate.models.allocation_whole import placed

        made = placed(wanted, made)
    return made


def _with_floors_asked(wanted: Wanted) -> Wanted:
    """Cap each floor at what the tenant asks for, and refuse floors that cannot hold together."""
    groups = wanted.groups
    if groups is None:
        return wanted
    usable = np.isfinite(wanted.value)
    units = np.ones_like(wanted.value) if wanted.work is None else wanted.work
    gpus = np.where(usable, wanted.demand[:, np.newaxis] / np.where(units > 0, units, 1.0), 0.0).max(
        axis=1, initial=0.0
    )
    mine = groups >= 0
    asked = np.bincount(groups[mine], weights=gpus[mine], minlength=len(wanted.floor))
    capped = replace(wanted, floor=np.minimum(wanted.floor, asked))
    found = conflict(capped)
    if found is not None:
        raise FloorsConflict(*found)
    return capped


def _alike(wanted: Wanted) -> Indices:
    """Number the pools so that those no workload can tell apart have one number."""
    keeps = wanted.held_pool >= 0
    held = np.bincount(wanted.held_pool[keeps], weights=wanted.held[keeps], minlength=len(wanted.capacity))
    some = slice(None, None, max(len(wanted.demand) // GLANCE, 1))
    glances = [wanted.value[some, pool].tobytes() for pool in range(len(wanted.capacity))]
    often = Counter(glances)
    seen: dict[tuple[bytes, bytes, int], int] = {}
    numbers = []
    for pool, glance in enumerate(glances):
        alone = pool if held[pool] > wanted.capacity[pool] or often[glance] == 1 else -1
        work = b"" if wanted.work is None or alone >= 0 else wanted.work[:, pool].tobytes()
        value = b"" if alone >= 0 else wanted.value[:, pool].tobytes()
        numbers.append(seen.setdefault((value, work, alone), len(seen)))
    return np.array(numbers, np.int64)


def _flow(wanted: Wanted, claims: Claims, groups: Indices) -> Flow:
    first = np.unique(groups, return_index=True)[1]
    sure, kept = np.flatnonzero(claims.committed), np.flatnonzero(claims.held)
    same = not len(sure) and not len(kept) and len(first) == len(groups)
    arcs = slice(None) if same and len(claims.demand) == len(wanted.demand) else np.ix_(claims.workload, first)
    value = wanted.value[arcs]
    work = None if wanted.work is None else wanted.work[arcs]
    value[sure] += wanted.penalty[claims.workload[sure], np.newaxis] * (1.0 if work is None else work[sure])
    owner = claims.workload[kept]
    value[kept, groups[wanted.held_pool[owner]]] += wanted.move_cost[owner]
    tenants = wanted.groups
    gpus = np.bincount(groups, weights=wanted.capacity, minlength=len(first)).astype(np.float64)
    return Flow(
        value, claims.demand, gpus, work,
        None if tenants is None else tenants[claims.workload], None if tenants is None else wanted.floor,
    )  # fmt: skip


def _planned(wanted: Wanted, claims: Claims, groups: Indices, flow: Flow, best: Served, need: float) -> Plan:
    workload = claims.workload[best.claim]
    gpus = _spread(wanted, groups, workload, claims.held[best.claim], best)
    units = best.amount * flow.units(best.claim, best.pool)
    got = np.bincount(best.claim, weights=units, minlength=len(claims.demand))
    sure = np.bincount(
        claims.workload[claims.committed], weights=got[claims.committed], minlength=len(wanted.demand)
    )  # fmt: skip
    short = np.maximum(wanted.commitment - sure, 0.0)
    short[short < 1e-9 * np.maximum(wanted.commitment, 1.0)] = 0.0
    penalties = float((wanted.penalty * short).sum())
    owed = float((wanted.penalty * wanted.commitment).sum())
    worth, prices = earned(flow, best), best.prices
    dual = float(flow.capacity @ prices.pool + claims.demand @ best.margin - prices.need * need)
    dual -= float(prices.group @ flow.floor) if flow.floor is not None else 0.0
    lacking, pool = _lacking(wanted, groups, prices)
    return Plan(
        gpus, np.bincount(claims.workload, weights=got, minlength=len(wanted.demand)).astype(np.float64),
        worth - owed + penalties, penalties, dual - owed, prices.pool[groups], prices.pool[groups],
        prices.pool[groups], lacking, pool, short,
    )  # fmt: skip


def _lacking(wanted: Wanted, groups: Indices, prices: Prices) -> tuple[Floats, Indices]:
    """What a unit that is neither promised nor held lacks on its best pool."""
    alone = Flow(wanted.value, wanted.demand, wanted.capacity, wanted.work, wanted.groups, wanted.floor)
    at = alone.chosen(Prices(prices.pool[groups], prices.group, 0.0))
    return -at.first, at.best


def _spread(wanted: Wanted, groups: Indices, workload: Indices, held: NDArray[np.bool_], best: Served) -> Floats:
    """Spread what was given of pools that are alike over them: what is held stays where it is."""
    gpus = np.zeros(wanted.value.shape)
    members = [np.flatnonzero(groups == one) for one in range(int(groups.max(initial=-1)) + 1)]
    left = wanted.capacity.astype(np.float64)
    many = np.array([len(one) > 1 for one in members], np.bool_)[best.pool] if members else np.zeros(0, np.bool_)
    single = np.flatnonzero(~many)
    first = np.array([one[0] for one in members], np.int64)
    np.add.at(gpus, (workload[single], first[best.pool[single]]), best.amount[single])
    order = np.flatnonzero(many)
    stays = held[order] & (groups[np.maximum(wanted.held_pool[workload[order]], 0)] == best.pool[order])
    for at, stay in sorted(zip(order.tolist(), stays.tolist(), strict=True), key=lambda one: (not one[1], one[0])):
        own, amount = int(workload[at]), float(best.amount[at])
        pools = members[int(best.pool[at])].tolist()
        if wanted.held_pool[own] in pools and (stay or wanted.held[own] > 0):
            pools = [int(wanted.held_pool[own]), *(one for one in pools if one != wanted.held_pool[own])]
        for pool in pools:
            taken = min(amount, left[pool])
            gpus[own, pool] += taken
            left[pool] -= taken
            amount -= taken
            if amount <= 1e-12:
                break
    return gpus
