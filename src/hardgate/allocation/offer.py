"""The allocation as one plain mapping: who gets what where, prices, and the manifests of what would change.

>>> body = {"rule": "value", "currency": "RMB", "as_of": "2026-09-07", "value": 12.0, "gap": 0.0}
>>> lines({**body, "given": [], "pools": [], "by_work": False})[0]
'by value as of 2026-09-07: RMB 12.00 an hour, within 0.00 % of the bound'
"""

from collections.abc import Mapping
from typing import Any

from hardgate.allocation.durability import COUNTED, counted
from hardgate.allocation.kueue import SHARE
from hardgate.allocation.manifests import boosts, changed, clashes
from hardgate.allocation.quotas import moves
from hardgate.core.percent import percent
from hardgate.core.terms import Evidence
from hardgate.metrics.allotment import Allotment, allotted, fair_allotment
from hardgate.metrics.requests import wishes


def offered(evidence: Evidence, *, whole: bool = True, fairness: bool = False) -> dict[str, Any] | None:
    """Return the allocation of a date; None where nothing is asked for, or no pool is known."""
    asked = wishes(evidence)
    if not asked.requests or not asked.pools:
        return None
    found = fair_allotment(evidence, asked) if fairness else allotted(evidence, asked, whole=whole)
    clash = clashes(found)
    following, now = ([], []) if found.conflict or clash else changed(moves(found, SHARE))
    return {
        "as_of": str(evidence.as_of), "currency": evidence.currency, "rule": "fairness" if fairness else "value",
        "value": found.value, "penalties": found.penalties, "gap": found.gap,
        "given": _given(found),
        "pools": [_pool(found, at, priced=not fairness) for at in range(len(asked.pools))],
        "gaps": list(asked.gaps), "conflict": found.conflict, "clashes": clash, "by_work": found.by_work,
        "kueue": {"quotas": following, "boosts": boosts(found) if following else [], "rollback": now},
    }  # fmt: skip


def _pool(found: Allotment, at: int, *, priced: bool) -> dict[str, Any]:
    """Return a pool with what it gives; a plan that asks for nobody's worth puts no price on it."""
    one, given = found.wishes.pools[at], sum(row.get(at, 0.0) for row in found.given.values())
    prices = (found.price[at], found.more[at], found.fewer[at]) if priced else (None, None, None)
    return {
        "pool": one.pool, "gpus": one.gpus, "given": round(given, 6),
        **dict(zip(("price", "more", "fewer"), prices, strict=True)),
    }  # fmt: skip


def _given(found: Allotment) -> list[dict[str, Any]]:
    pools = found.wishes.pools
    return [
        {
            "workload": one.workload, "tenant": one.tenant, "asked": one.gpus, "granted": round(found.served[at], 6),
            "promised": one.committed, "missed": found.short[at],
            "where": {pools[p].pool: gpus for p, gpus in sorted(found.given.get(at, {}).items())},
        }
        for at, one in enumerate(found.wishes.requests)
    ]  # fmt: skip


def lines(body: Mapping[str, Any]) -> list[str]:
    """Return the allocation as lines of text."""
    head = f"by {body['rule']} as of {body['as_of']}: {body['currency']} {body['value']:,.2f} an hour"
    bound = f", within {percent(body['gap'], 2)} of the bound" if body["rule"] == "value" else ""
    said = [head + bound]
    for one in body["given"]:
        where = ", ".join(f"{pool} {gpus:g}" for pool, gpus in one["where"].items()) or "nothing"
        said.append(f"  {one['workload']:<28} {one['granted']:>6g} of {one['asked']:>4}  {where}")
    said += [
        f"  {one['pool']:<28} {one['given']:>6g} of {one['gpus']:>4} GPUs"
        + ("" if one["more"] is None else f", one more earns {one['more']:,.2f} an hour")
        for one in body["pools"]
    ]
    said += [f"  not placed: {one}" for one in body.get("gaps", ())]
    if body.get("conflict"):
        said.append(f"{body['conflict']}; this plan keeps none of them, and nothing is written for Kueue")
    asked, granted = (sum(one[name] for one in body["given"]) for name in ("asked", "granted"))
    said.append(f"granted {counted(granted)} + cut {counted(asked - granted)} = {asked:,} GPUs asked for")
    return [*said, COUNTED] if body["by_work"] else said
