"""Where capital is carried above what it will bring: headroom of each pool, and the share at which impairment starts.

Recoverable is value in use; P(impairment) is the share of courses on which it falls short of the carrying amount. A
pool is productive for what is asked of it, at most for what can be: the last column is how low the latter may fall
before the mean falls short. Wrong when the pool could be sold
for more: then fair value counts.

Source: METHODS 11; IAS 36.

>>> exhibit.question
'Which pools are carried above what they will bring?'
"""

from collections.abc import Iterator
from datetime import timedelta

from hardgate.core.days import window_ending
from hardgate.core.money import cents
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Reading, Table
from hardgate.metrics.impairment_headroom import metric as impairment_headroom

WINDOW = "8w"
PLACE = ("region", "accelerator", "pool")


def build(evidence: Evidence) -> Table:
    """Build one row a pool that the asset register carries."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    readings = [evidence.reading(impairment_headroom, scope, window) for scope in evidence.scopes(PLACE)]
    known = [one for one in readings if one.value is not None]
    if not known:
        why = next((one.because for one in readings), "no pool")
        return Table("", missing=f"{why}: bring asset_register, and programmes with the live halls")
    return Table(
        sentence=_sentence(known),
        headings=(
            Heading("pool"), Heading("recoverable", "currency", 0), Heading("carrying amount", "currency", 0),
            Heading("headroom of carrying", "share", 1), Heading("P(impairment)", "share", 1),
            Heading("productive of live now", "share", 1), Heading("at most, were it full", "share", 1),
            Heading("impaired if at most", "share", 1),
        ),
        rows=tuple(_rows(known)),
        notes=tuple(f"{one.scope}: not known: {one.because}" for one in readings if one.value is None),
        batches=tuple(sorted({batch for one in known for batch in one.batches})),
    )  # fmt: skip


def _rows(known: list[Reading]) -> Iterator[tuple[Cell, ...]]:
    for one in known:
        facts = dict(one.facts)
        starts = facts.get("starts_at")
        yield (
            one.scope["pool"], cents(facts["recoverable"]), cents(facts["carrying"]), one.value,
            facts["p_impairment"], facts["share_now"], facts["reachable"],
            "no value in range" if starts is None else starts,
        )  # fmt: skip


def _sentence(known: list[Reading]) -> str:
    least = min(known, key=lambda one: (one.value if one.value is not None else 0.0, str(one.scope)))
    short = sum(one.value is not None and one.value < 0 for one in known)
    many = f"{short} of {len(known)} pools are carried above what they" if short else "No pool is carried above what it"
    return (
        f"{many} will bring on average; the least headroom has {least.scope['pool']}, "
        f"{100 * (least.value or 0):.0f} % of its carrying amount."
    )


exhibit = Exhibit(
    name="outlook.impairment",
    question="Which pools are carried above what they will bring?",
    build=build,
)
