"""A workload gets GPUs when the most valuable plan gives them to it, promises first.

Value is contribution per GPU-hour, on the accelerator it would run on, weighed by how long the revenue lasts. A
workload that demand scenarios give to now and take from then is held. Wrong when contributions are not comparable.

Source: METHODS 7.

>>> gate.question, gate.limits.granted_share
('Does the most valuable plan give this workload its GPUs?', 1.0)
"""

from dataclasses import dataclass

from hardgate.allocation.durability import MISSING, counted, digits, notes
from hardgate.core.percent import percent
from hardgate.core.terms import Action, Cell, Condition, Evidence, Exhibit, Gate, Heading, Table
from hardgate.metrics.allotment import ROUNDING, allotment
from hardgate.metrics.granted_share import metric as granted_share


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under allocation.admit."""

    granted_share: float = 1.0


gate = Gate(
    name="allocation.admit",
    question="Does the most valuable plan give this workload its GPUs?",
    opens=Action.GRANT,
    per=("tenant", "workload"),
    window="1w",
    conditions=(Condition(granted_share, at_least="granted_share"),),
    limits=Limits(),
    owner="capacity",
)


def build(evidence: Evidence) -> Table:
    """Build one row a workload that the plan gives something, and one for all that get nothing."""
    found = allotment(evidence)
    if found is None:
        return Table("", missing=MISSING)
    rows: list[tuple[Cell, ...]] = []
    for at, one in enumerate(found.wishes.requests):
        given = found.given.get(at, {})
        if given:
            pools = ", ".join(f"{found.wishes.pools[p].pool} {gpus:,.0f}" for p, gpus in sorted(given.items()))
            rows.append(
                (one.workload, one.tenant, one.gpus, round(found.served[at], 2), one.committed, one.held, pools)
            )
    none = [one for at, one in enumerate(found.wishes.requests) if not found.given.get(at)]
    if none:
        asked, promised, held = (sum(getattr(one, name) for one in none) for name in ("gpus", "committed", "held"))
        rows.append((f"{len(none)} more", "", asked, 0.0, promised, held, "nothing"))
    asked, granted = sum(one.gpus for one in found.wishes.requests), sum(found.served)
    missed = sum(found.short)
    return Table(
        sentence=f"The plan earns {evidence.currency} {found.value:,.2f} an hour, weighed by durability, "
        f"with {counted(missed)} promised GPUs missed.",
        headings=(
            Heading("workload"), Heading("tenant"), Heading("asked", "GPUs", 0),
            Heading("granted", "GPUs", digits(found)), Heading("promised", "GPUs", 0), Heading("held now", "GPUs", 0),
            Heading("where"),
        ),
        rows=tuple(rows),
        closing=f"granted {counted(granted)} + cut {counted(asked - granted)} = {asked:,} GPUs asked for; "
        f"within {percent(found.gap, 2)} of the bound",
        closes=sum(found.gpus(at) for at in found.given) <= sum(one.gpus for one in found.wishes.pools) + ROUNDING,
        notes=notes(found),
        batches=evidence.batches("request"),
    )  # fmt: skip


exhibit = Exhibit(name="allocation.admit", question="Who gets the GPUs?", build=build)
