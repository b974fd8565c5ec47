"""Quotas of tenants by pool: what they have now, what the plan gives, and the step from one to the other.

A step moves at most a share of a pool's GPUs, what is given up before what is given: so no pool is ever promised twice.
Wrong when tenants run outside the queues: then what they have now is not what they hold.

>>> step({"a": 8, "b": 0}, {"a": 0, "b": 8}, gpus=8, most=4)
{'a': 4, 'b': 4}
>>> step({"a": 4, "b": 4}, {"a": 0, "b": 8}, gpus=8, most=4)
{'a': 0, 'b': 8}
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hardgate.metrics.allotment import Allotment


@dataclass(frozen=True, slots=True)
class Move:
    """One tenant's quota in one pool: now, next, and as planned."""

    tenant: str
    pool: str
    now: int
    following: int
    planned: int


def step(now: Mapping[str, int], planned: Mapping[str, int], *, gpus: int, most: int) -> dict[str, int]:
    """Return the next quotas of one pool: at most `most` GPUs are given up and as many given, larger moves first."""
    names = {*now, *planned}
    change = {one: planned.get(one, 0) - now.get(one, 0) for one in sorted(names)}
    following = {one: now.get(one, 0) for one in sorted(names)}
    left = most
    for one in sorted(names, key=lambda name: (change[name], name)):
        given_up = min(max(-change[one], 0), left)
        following[one] -= given_up
        left -= given_up
    left = min(most, gpus - sum(following.values()))
    for one in sorted(names, key=lambda name: (-change[name], name)):
        given = min(max(change[one], 0), max(left, 0))
        following[one] += given
        left -= given
    return following


def moves(found: Allotment, share: float) -> tuple[Move, ...]:
    """Return every quota that is there now or planned, with its next step of at most a share of the pool."""
    pools = found.wishes.pools
    place = {one.pool: at for at, one in enumerate(pools)}
    now: dict[int, dict[str, int]] = {at: {} for at in range(len(pools))}
    planned: dict[int, dict[str, int]] = {at: {} for at in range(len(pools))}
    for at, one in enumerate(found.wishes.requests):
        if one.pool in place and one.held:
            mine = now[place[one.pool]]
            mine[one.tenant] = mine.get(one.tenant, 0) + one.held
        for pool, gpus in found.given.get(at, {}).items():
            planned[pool][one.tenant] = planned[pool].get(one.tenant, 0) + round(gpus)
    made = []
    for at, where in enumerate(pools):
        most = max(1, int(share * where.gpus))
        following = step(now[at], planned[at], gpus=where.gpus, most=most)
        made += [
            Move(tenant, where.pool, now[at].get(tenant, 0), following[tenant], planned[at].get(tenant, 0))
            for tenant in sorted(following)
        ]
    return tuple(made)
