"""What one GPU more would earn in each pool, and what one GPU less would lose.

A pool that is full of work worth little has a low price: a tranche there would earn as little. Where the two sides
differ, supply just meets demand. `low` and `high` are the price on days of low and of high demand, by each pool's own
history. A price is a step in demand: it is the same until another workload stands at the margin, so that both may be
equal. `usual` is the price in the middle of nine equal parts of the days, and the share of days says in how many of
them one GPU more earns nothing. One price a pool: requests are by day, and nobody says in which hours a workload is
needed. Wrong when requests are missing from the table: then scarcity is hidden.

Source: METHODS 7.

>>> exhibit.question
'What would one GPU more earn, pool by pool?'
"""

from collections.abc import Sequence
from statistics import median

from hardgate.allocation.durability import MISSING, counted, notes
from hardgate.core.days import window_ending
from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.allotment import ROUNDING, Allotment, allotment, by_demand
from hardgate.metrics.demand_scenarios import WEEKS, demand_scenarios, demanded
from hardgate.metrics.shadow_price import metric as shadow_price

UNIT = "currency per GPU-hour"


def build(evidence: Evidence) -> Table:
    """Build one row a pool, the dearest first."""
    found = allotment(evidence)
    if found is None:
        return Table("", missing=MISSING)
    days = by_demand(evidence, found.wishes)
    order = sorted(range(len(found.wishes.pools)), key=lambda at: (-found.more[at], found.wishes.pools[at].pool))
    rows = tuple(_row(evidence, found, at, tuple(one[at] for one in days)) for at in order)
    granted, there = sum(sum(one.values()) for one in found.given.values()), sum(one.gpus for one in found.wishes.pools)
    top = found.wishes.pools[order[0]]
    return Table(
        sentence=f"One GPU more earns most in {top.pool}: {evidence.currency} {found.more[order[0]]:,.2f} an hour.",
        headings=(
            Heading("pool"), Heading("available", "GPUs", 0), Heading("granted", "GPUs", 0),
            Heading("one more earns", UNIT, 2), Heading("one less loses", UNIT, 2), Heading("low", UNIT, 2),
            Heading("usual", UNIT, 2), Heading("high", UNIT, 2), Heading("days at zero", "share"),
        ),
        rows=rows,
        closing=f"granted {counted(granted)} + left {counted(there - granted)} = {there:,} available GPUs; "
        f"the plan in whole gangs lies within {percent(found.gap, 2)} of the most that any plan earns",
        closes=granted <= there + ROUNDING,
        notes=(*notes(found), *_scenarios(evidence, found)),
        batches=evidence.batches("request"),
    )  # fmt: skip


def _row(evidence: Evidence, found: Allotment, at: int, prices: tuple[float, ...]) -> tuple[Cell, ...]:
    pool = found.wishes.pools[at]
    window = window_ending("1w", evidence.as_of)
    reading = evidence.reading(shadow_price, pool.scope, window)
    granted = sum(row.get(at, 0.0) for row in found.given.values())
    fewer = found.fewer[at]
    return (
        pool.pool, pool.gpus, round(granted, 2), round(found.more[at], 4),
        "breaks a promise" if fewer is None else round(fewer, 4), reading.low,
        round(median(prices), 4) if prices else None, reading.high, share_at_zero(prices),
    )  # fmt: skip


def share_at_zero(prices: Sequence[float]) -> float | None:
    """Return the share of prices at which one GPU more earns nothing.

    >>> share_at_zero([0.0, 0.0, 1.5, 3.0])
    0.5
    """
    return round(sum(one <= 0 for one in prices) / len(prices), 4) if prices else None


def _scenarios(evidence: Evidence, found: Allotment) -> tuple[str, ...]:
    """Say which day the prices are of, and what is asked for on the days that their interval lies between."""
    said = f"one price a pool, of {evidence.as_of}: requests are by day"
    sides = demand_scenarios(evidence, found.wishes.pools)
    if sides is None:
        return (said,)
    low, high = (sum(demanded(found.wishes, side)) for side in sides.sides)
    now = sum(one.gpus for one in found.wishes.requests)
    return said, (
        f"low and high: the price with each pool's demand as far under and over its trend as on the days of {WEEKS} "
        f"weeks, with {percent(sides.confidence, 0)} confidence; {low:,} and {high:,} GPUs asked for, {now:,} now"
    )


exhibit = Exhibit(
    name="allocation.shadow_price",
    question="What would one GPU more earn, pool by pool?",
    build=build,
    chart=Chart("bars", "pool", ("one more earns",)),
)
