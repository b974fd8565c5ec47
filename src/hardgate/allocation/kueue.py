"""The plan as quotas of Kueue: which tenant's queue gets how many GPUs of each pool, and the next step there.

`hardgate allocate --kueue DIR` writes the change as manifests with one that takes it back; a person applies them. One
step moves at most a quarter of a pool. Wrong when queues were changed by hand since: compare before applying.

Source: METHODS 7; Kueue v0.19, API version v1beta2.

>>> exhibit.question
'Which quotas would change, and by how much?'
"""

from hardgate.allocation.durability import MISSING
from hardgate.allocation.manifests import clashes
from hardgate.allocation.quotas import moves
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.allotment import allotment

SHARE = 0.25


def build(evidence: Evidence) -> Table:
    """Build one row a quota that changes now or in a later step."""
    found = allotment(evidence)
    if found is None:
        return Table("", missing=MISSING)
    if found.conflict:
        return Table("", missing=f"{found.conflict}, or bring more capacity")
    every = moves(found, SHARE)
    changed = [one for one in every if one.following != one.now]
    rows: list[tuple[Cell, ...]] = [
        (one.tenant, one.pool, one.now, one.following, one.planned)
        for one in every
        if one.following != one.now or one.planned != one.now
    ]
    now, following, planned = (sum(getattr(one, name) for one in every) for name in ("now", "following", "planned"))
    later = sum(abs(one.planned - one.following) for one in every)
    up, down = (sum(max(sign * (one.following - one.now), 0) for one in every) for sign in (1, -1))
    return Table(
        sentence=(f"{len(changed)} quotas change by {up + down:,} GPUs" if changed else "No quota changes")
        + (f"; {later:,} more wait for the next step." if later else "."),
        headings=(
            Heading("tenant"), Heading("pool"), Heading("now", "GPUs", 0), Heading("next", "GPUs", 0),
            Heading("planned", "GPUs", 0),
        ),
        rows=tuple(rows),
        closing=f"now {now:,} + given {up:,} - given up {down:,} = {following:,} GPUs in quotas; planned {planned:,}",
        closes=now + up - down == following,
        notes=tuple(clashes(found)),
        batches=evidence.batches("request"),
    )  # fmt: skip


exhibit = Exhibit(name="allocation.kueue", question="Which quotas would change, and by how much?", build=build)
