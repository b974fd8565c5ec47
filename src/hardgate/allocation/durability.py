"""Whose revenue lasts: what each tenant asks for and gets, plain and weighed by how long its revenue is bound.

The weight is .3 for work of the moment and 1 for what lasts the whole horizon; the plan maximises the weighed sum, so
both columns are shown. Wrong when renewal probabilities are wishes: set them to 0 and look again.

Source: METHODS 7.

>>> exhibit.question
'Whose revenue lasts, and who gets the GPUs?'
"""

from dataclasses import dataclass

from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.allotment import ROUNDING, Allotment, allotment

MISSING = "no request: bring workload_requests, and capacity for what is live"
COUNTED = (
    "GPUs asked for and granted, and money per GPU-hour of a workload, are of a type of throughput 1; "
    "a GPU of another type counts as its throughput"
)


@dataclass(frozen=True, slots=True)
class Sums:
    """What one tenant asks for and gets; money an hour."""

    asked: int = 0
    granted: float = 0.0
    gpus: float = 0.0
    earned: float = 0.0
    weighed: float = 0.0

    def plus(self, other: "Sums") -> "Sums":
        """Add two."""
        return Sums(
            self.asked + other.asked, self.granted + other.granted, self.gpus + other.gpus,
            self.earned + other.earned, self.weighed + other.weighed,
        )  # fmt: skip


def build(evidence: Evidence) -> Table:
    """Build one row a tenant, the most weighed revenue first."""
    found = allotment(evidence)
    if found is None:
        return Table("", missing=MISSING)
    tenants = by_tenant(found)
    order = sorted(tenants, key=lambda one: (-tenants[one].weighed, one))
    rows = [_row(name, tenants[name]) for name in order]
    total = Sums()
    for one in tenants.values():
        total = total.plus(one)
    rows.append(_row("all", total))
    share = total.weighed / total.earned if total.earned else 0.0
    free = sum(one.gpus for one in found.wishes.pools) - total.gpus
    return Table(
        sentence=f"Of {evidence.currency} {total.earned:,.2f} an hour of the plan {percent(share)} counts as lasting.",
        headings=(
            Heading("tenant"), Heading("asked", "GPUs", 0), Heading("granted", "GPUs", digits(found)),
            Heading("held in pools", "GPUs", 0), Heading("earned an hour", "currency", 2),
            Heading("weighed by durability", "currency", 2), Heading("durability", "share"),
        ),
        rows=tuple(rows),
        closing=f"held {counted(total.gpus)} + left {counted(free)} = {total.gpus + free:,.0f} available GPUs",
        closes=free >= -ROUNDING,
        notes=notes(found),
        batches=evidence.batches("request"),
    )  # fmt: skip


def by_tenant(found: Allotment) -> dict[str, Sums]:
    """Add up what each tenant asks for and gets."""
    from hardgate.models.durability import durability

    tenants: dict[str, Sums] = {}
    for at, one in enumerate(found.wishes.requests):
        lasts = float(durability(one.term_months, one.renewal, found.wishes.horizon_months))
        earned = one.contribution * found.served[at]
        mine = Sums(one.gpus, found.served[at], found.gpus(at), earned, earned * lasts)
        tenants[one.tenant] = tenants.get(one.tenant, Sums()).plus(mine)
    return tenants


def notes(found: Allotment) -> tuple[str, ...]:
    """Return what to know of a plan: guarantees in conflict, what GPUs are counted in, and what could not be read."""
    conflict = (found.conflict,) if found.conflict else ()
    return (*conflict, *((COUNTED,) if found.by_work else ()), *found.wishes.gaps)


def digits(found: Allotment) -> int:
    """Return how many digits what is granted needs: one where somebody gets a part of a GPU's work."""
    return int(any(abs(one - round(one)) > ROUNDING for one in found.served))


def counted(gpus: float) -> str:
    """Write a number of GPUs, with one digit where it is not whole.

    >>> counted(1537.0), counted(9.84)
    ('1,537', '9.8')
    """
    return f"{gpus:,.1f}".removesuffix(".0")


def _row(name: str, one: Sums) -> tuple[Cell, ...]:
    lasting = round(one.weighed / one.earned, 4) if one.earned else None
    return (
        name,
        one.asked,
        round(one.granted, 2),
        round(one.gpus, 2),
        round(one.earned, 2),
        round(one.weighed, 2),
        lasting,
    )


exhibit = Exhibit(name="allocation.durability", question="Whose revenue lasts, and who gets the GPUs?", build=build)
