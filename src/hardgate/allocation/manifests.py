"""Manifests of Kueue v1beta2: queues and their quotas, the cohort, priority classes, and boosts, as plain mappings.

Only what changes is in them. Names are made fit for Kubernetes; the unchanged fields of a queue stay as they are on
the cluster, since manifests are applied server-side. Two names of ours that are one name there are refused: a suffix
would be a second queue beside the one that is there. Wrong where a queue of that name belongs to somebody else.

>>> name("Team A / chat")
'team-a-chat'
>>> shared("tenants", ["Team A", "team-a", "team-b"])
["tenants 'Team A' and 'team-a' would both be 'team-a' in Kubernetes: rename one"]
>>> quota("a", {"p1": 8})["spec"]["resourceGroups"][0]["flavors"][0]["resources"]
[{'name': 'nvidia.com/gpu', 'nominalQuota': 8}]
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hardgate.allocation.quotas import Move
from hardgate.metrics.allotment import ROUNDING, Allotment

API, COHORT, RESOURCE = "kueue.x-k8s.io/v1beta2", "hardgate", "nvidia.com/gpu"
BOOST = "kueue.x-k8s.io/priority-boost"
CLASSES = (("hardgate-promised", 3000), ("hardgate-lasting", 2000), ("hardgate-moment", 1000))
LASTING, BOOSTED = 0.65, "100"

Manifest = dict[str, Any]


def name(text: str) -> str:
    """Make a name of Kubernetes of a text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:63].strip("-") or "unnamed"


def shared(what: str, texts: Iterable[str]) -> list[str]:
    """Return what to say of texts that differ and would have one name of Kubernetes."""
    named: dict[str, list[str]] = {}
    for text in sorted(set(texts)):
        named.setdefault(name(text), []).append(text)
    return [
        f"{what} {' and '.join(map(repr, same))} would {'both' if len(same) == 2 else 'all'} be {one!r} in Kubernetes: "  # noqa: PLR2004
        f"rename {'one' if len(same) == 2 else 'all but one'}"  # noqa: PLR2004
        for one, same in named.items()
        if len(same) > 1
    ]


def clashes(found: Allotment) -> list[str]:
    """Return every name that two tenants, two pools or two workloads of a tenant would share on the cluster.

    All of them count, not those that change alone: a manifest for one would change the quota of the other.
    """
    asked, pools = found.wishes.requests, found.wishes.pools
    tenants = sorted({one.tenant for one in asked})
    return [
        *shared("tenants", tenants),
        *shared("pools", (one.pool for one in pools)),
        *(
            line
            for tenant in tenants
            for line in shared(f"workloads of {tenant}", (one.workload for one in asked if one.tenant == tenant))
        ),
    ]


def quota(tenant: str, gpus: Mapping[str, int]) -> Manifest:
    """Return a tenant's ClusterQueue with its quota in each pool, a flavor a pool."""
    flavors = [
        {"name": name(pool), "resources": [{"name": RESOURCE, "nominalQuota": count}]}
        for pool, count in sorted(gpus.items())
    ]
    return {
        "apiVersion": API,
        "kind": "ClusterQueue",
        "metadata": {"name": name(tenant)},
        "spec": {"cohortName": COHORT, "resourceGroups": [{"coveredResources": [RESOURCE], "flavors": flavors}]},
    }


def changed(moves: Sequence[Move]) -> tuple[list[Manifest], list[Manifest]]:
    """Return the queues whose quotas change, and the same queues as they are now."""
    tenants = sorted({one.tenant for one in moves if one.following != one.now})
    following, now = [], []
    for tenant in tenants:
        mine = [one for one in moves if one.tenant == tenant]
        following.append(quota(tenant, {one.pool: one.following for one in mine}))
        now.append(quota(tenant, {one.pool: one.now for one in mine}))
    if not tenants:
        return [], []
    cohort: Manifest = {"apiVersion": API, "kind": "Cohort", "metadata": {"name": COHORT}, "spec": {}}
    return [cohort, *classes(), *following], now


def classes() -> list[Manifest]:
    """Return the priority classes: what is promised, what lasts, and what is of the moment."""
    return [
        {"apiVersion": API, "kind": "WorkloadPriorityClass", "metadata": {"name": one}, "value": value}
        for one, value in CLASSES
    ]


def boosts(found: Allotment) -> list[Manifest]:
    """Return patches that boost the workloads that the plan gives more than they hold, inside their class."""
    pools = {one.pool: one for one in found.wishes.pools}
    waiting = [
        one
        for at, one in enumerate(found.wishes.requests)
        if found.cut(at) <= ROUNDING and one.gpus > one.works(pools.get(one.pool or "")) + ROUNDING
    ]
    return [
        {
            "apiVersion": API,
            "kind": "Workload",
            "metadata": {"name": name(one.workload), "namespace": name(one.tenant), "annotations": {BOOST: BOOSTED}},
        }
        for one in waiting
    ]
