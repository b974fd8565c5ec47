"""Who gets less than asked, why in money and in GPUs, and what would change it.

For each: what it pays on its best pool, what that pool is worth at the margin, how much more it would have to pay, or
how many GPUs more there would admit it. Each change was tried on the plan, everything else the same. Wrong for several
changes at once: the first takes what the second was promised.

Source: METHODS 7.

>>> exhibit.question
'Who is turned away, why, and what would admit them?'
"""

from dataclasses import asdict
from typing import Any

from hardgate.allocation.durability import MISSING, ROUNDING
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.allotment import Allotment, allotment, arrays

UNIT = "currency per GPU-hour"


def build(evidence: Evidence) -> Table:
    """Build one row a workload that gets less than it asks for, the most GPUs first."""
    found = allotment(evidence)
    if found is None:
        return Table("", missing=MISSING)
    turned = turned_away(found)
    kept = {"wishes": asdict(found.wishes), "turned": turned}
    admits = evidence.kept("admission", kept, lambda: _admissions(found, turned))
    rows = [_row(found, at, admits[str(at)]) for at in turned]
    asked = sum(one.gpus for one in found.wishes.requests)
    cut = sum(found.wishes.requests[at].gpus - found.gpus(at) for at in turned)
    granted = sum(found.gpus(at) for at in found.given)
    return Table(
        sentence=f"{len(turned)} of {len(found.wishes.requests)} workloads get less than they ask for.",
        headings=(
            Heading("workload"), Heading("asked", "GPUs", 0), Heading("granted", "GPUs", 0), Heading("best pool"),
            Heading("pays there", UNIT, 2), Heading("pool is worth", UNIT, 2),
            Heading("admitted by", f"more {UNIT}", 2),
            Heading("or by", "more GPUs there", 0), Heading("why"),
        ),
        rows=tuple(rows),
        closing=f"granted {granted:,.0f} + cut {cut:,.0f} = {asked:,.0f} GPUs asked for",
        closes=abs(granted + cut - asked) < ROUNDING,
        notes=(*((found.conflict,) if found.conflict else ()), *found.wishes.gaps),
        batches=evidence.batches("request"),
    )  # fmt: skip


def turned_away(found: Allotment) -> list[int]:
    """Return the requests that get less than they ask for, by what they lack and name."""
    requests = found.wishes.requests
    cut = [at for at, one in enumerate(requests) if found.gpus(at) < one.gpus]
    return sorted(cut, key=lambda at: (found.gpus(at) - requests[at].gpus, requests[at].workload))


def _admissions(found: Allotment, turned: list[int]) -> dict[str, Any]:
    from hardgate.models.admission import admission
    from hardgate.models.allocation_claims import Wanted

    wanted = Wanted.of(**arrays(found.wishes, floors=not found.conflict))
    return {str(at): asdict(admission(wanted, at)) for at in turned}


def _row(found: Allotment, at: int, admits: dict[str, Any]) -> tuple[Cell, ...]:
    one, pool = found.wishes.requests[at], admits["pool"]
    got = found.gpus(at)
    if pool is None:
        return (one.workload, one.gpus, round(got, 2), None, None, None, None, None, "no pool that it can use")
    from hardgate.models.durability import durability

    place = found.wishes.pools[pool]
    lasts = float(durability(one.term_months, one.renewal, found.wishes.horizon_months))
    pays, worth = one.contribution * one.reaches(place.region, place.accelerator) * lasts, found.price[pool]
    why = (
        "others pay more"
        if pays <= worth
        else f"its gangs of {one.gang} do not fit"
        if one.gang > 1
        else "last in line"
    )
    return (
        one.workload, one.gpus, round(got, 2), place.pool, round(pays, 4), round(worth, 4), admits["more_value"],
        admits["more_gpus"], why if not found.short[at] else f"{why}; promised {found.short[at]:,.0f} GPUs more",
    )  # fmt: skip


exhibit = Exhibit(
    name="allocation.turned_away", question="Who is turned away, why, and what would admit them?", build=build
)
