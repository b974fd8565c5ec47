"""Who gets less than asked, why in money and in GPUs, and what would change it.

For each: what it pays on its best pool as the plan weighs it, by how long its revenue lasts; what that pool is worth at
the margin; how much more contribution would admit it, unweighed, as it stands in workload_requests; or how many GPUs
more there. Each change was tried on the plan, everything else the same, and two cents or
one GPU less did not admit it; where that was not shown, the last column says "at most". Wrong for several changes at
once: the first takes what the second was promised.

Source: METHODS 7.

>>> exhibit.question
'Who is turned away, why, and what would admit them?'
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from hardgate.allocation.durability import MISSING, counted, digits, notes
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.allotment import ROUNDING, Allotment, allotment, arrays

UNIT = "currency per GPU-hour"
EDGE = 1e-5  # of a price: a matter of rounding
WEIGHED = (
    "what a workload pays and what a pool is worth are weighed by durability, as the plan counts them; "
    "more contribution is not, and counts as far as its revenue lasts"
)


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
    cut, granted = sum(found.cut(at) for at in turned), sum(found.served)
    return Table(
        sentence=f"{len(turned)} of {len(found.wishes.requests)} workloads get less than they ask for.",
        headings=(
            Heading("workload"), Heading("asked", "GPUs", 0), Heading("granted", "GPUs", digits(found)),
            Heading("best pool"),
            Heading("pays there, weighed", UNIT, 2), Heading("pool is worth", UNIT, 2),
            Heading("admitted by", f"more contribution, {UNIT}", 2),
            Heading("or by", "more GPUs there", 0), Heading("why"),
        ),
        rows=tuple(rows),
        closing=f"granted {counted(granted)} + cut {counted(asked - granted)} = {asked:,} GPUs asked for",
        closes=abs(granted + cut - asked) < ROUNDING,
        notes=(*notes(found), WEIGHED),
        batches=evidence.batches("request"),
    )  # fmt: skip


def turned_away(found: Allotment) -> list[int]:
    """Return the requests that get less than they ask for, by what they lack and name."""
    requests = found.wishes.requests
    cut = [at for at in range(len(requests)) if found.cut(at) > ROUNDING]
    return sorted(cut, key=lambda at: (-found.cut(at), requests[at].workload))


def _admissions(found: Allotment, turned: list[int]) -> dict[str, Any]:
    import numpy as np

    from hardgate.models.admission import admission
    from hardgate.models.allocation_claims import Wanted

    wanted = Wanted.of(**arrays(found.wishes, floors=not found.conflict))
    price = np.array(found.price)
    return {str(at): asdict(admission(wanted, at, price=price, lasts=_lasts(found, at))) for at in turned}


def _lasts(found: Allotment, at: int) -> float:
    from hardgate.models.durability import durability

    one = found.wishes.requests[at]
    return float(durability(one.term_months, one.renewal, found.wishes.horizon_months))


def _row(found: Allotment, at: int, admits: dict[str, Any]) -> tuple[Cell, ...]:
    one, pool = found.wishes.requests[at], admits["pool"]
    got = found.served[at]
    if pool is None:
        return (one.workload, one.gpus, round(got, 2), None, None, None, None, None, "no pool that it can use")
    place = found.wishes.pools[pool]
    pays = one.contribution * one.reaches(place.region, place.accelerator) * _lasts(found, at)
    worth = found.price[pool]
    return (
        one.workload, one.gpus, round(got, 2), place.pool, round(pays, 4), round(worth, 4), admits["more_value"],
        admits["more_gpus"], "; ".join(why(found, at, outbid=pays < worth - EDGE, admits=admits)),
    )  # fmt: skip


def why(found: Allotment, at: int, *, outbid: bool, admits: Mapping[str, Any]) -> Iterator[str]:
    """Yield why one request is cut, and which of its answers may be more than is needed."""
    gang = found.wishes.requests[at].gang
    yield "others pay more" if outbid else f"its gangs of {gang} do not fit" if gang > 1 else "last in line"
    if found.short[at]:
        yield f"promised {counted(found.short[at])} GPUs more"
    for name, words in (("value", "at most so much money"), ("gpus", "at most so many GPUs")):
        if admits[f"more_{name}"] is not None and not admits[f"least_{name}"]:
            yield words


exhibit = Exhibit(
    name="allocation.turned_away", question="Who is turned away, why, and what would admit them?", build=build
)
