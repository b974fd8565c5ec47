"""Where demand of each pool may go in a year, with how often such intervals have held what came.

Theta on logarithms, under two years a damped trend; spreads are multiplied by one factor that an origin held out asked
for, pooled over pools. Coverage and score are of forecasts up to three months ahead from every origin with 15 months
before it; the score of carrying the last month on stands beside. Where a tranche is planned, the demand that its case
has when it goes live stands beside the fan of that month: a case outside it rests on growth that the last months do not
show. Wrong after a break: nothing of it is in the past.

Source: METHODS 16; Gneiting & Raftery 2007 for the score.

>>> exhibit.question
'Where may demand go, and how far can that be trusted?'
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.demand_fan import CHECKED, FIRST, Lies, able, cases_in_fans, fans, series


def build(evidence: Evidence) -> Table:
    """Build one row a pool with enough months of demand."""
    every = series(evidence)
    known = able(every)
    if not known:
        few = f"no pool with {FIRST + CHECKED} complete months of demand"
        return Table("", missing=f"{few}: bring workload_allocations or pool_usage of earlier months")
    found, cases = fans(evidence, known), cases_in_fans(evidence)
    first = {one.pool: one for one in reversed(cases)}
    rows = [(*_row(pool, known[pool], one), *_case(first.get(pool))) for pool, one in found["pools"].items()]
    return Table(
        sentence=_sentence(found, cases, evidence.confidence),
        headings=(
            Heading("pool"), Heading("months", "", 0), Heading("last month", "GPUs", 0),
            *(Heading(f"in {ahead} months {end}", "GPUs", 0) for ahead in (3, 12) for end in ("low", "middle", "high")),
            Heading("forecasts checked", "", 0), Heading("inside their interval of forecasts", "share", 0),
            Heading("score of demand", "share", 2), Heading("score of the last month carried on", "share", 2),
            Heading("tranche"), Heading("live in", "months", 0), Heading("the case's demand when live", "GPUs", 0),
            *(Heading(f"forecast of that month {end}", "GPUs", 0) for end in ("low", "middle", "high")),
            Heading("inside the fan"),
        ),
        rows=tuple(rows),
        notes=(
            *_outside(cases),
            f"spreads are multiplied by {found['factor']:.2f}, pooled over {len(known)} pools from one origin held out",
            *(f"{pool}: {len(one)} complete months, at least {FIRST + CHECKED} are needed"
              for pool, one in every.items() if pool not in known),
        ),
        batches=evidence.batches("pool_day"),
    )  # fmt: skip


def _case(one: Lies | None) -> tuple[Cell, ...]:
    if one is None:
        return ("", *[None] * 5, "")
    return (one.tranche, one.months, one.case, one.low, one.middle, one.high, "yes" if one.inside else "no")


def _outside(cases: Sequence[Lies]) -> Iterator[str]:
    for one in cases:
        if not one.inside:
            yield f"{one.words}; the gates and capacity.block_size take the case, by demand_growth over all months"


def _row(pool: str, series: Sequence[float], one: Mapping[str, Any]) -> tuple[Cell, ...]:
    checked = one["check"] or [0, None, None, None]
    scores = [None if value is None else round(value, 4) for value in checked[1:]]
    return (pool, len(series), round(series[-1], 1), *one["fans"], checked[0], *scores)


def _sentence(found: Mapping[str, Any], cases: Sequence[Lies], confidence: float) -> str:
    checks = [one["check"] for one in found["pools"].values() if one["check"]]
    count = sum(one[0] for one in checks)
    inside = sum(one[0] * one[1] for one in checks) / count
    better = sum(one[2] < one[3] for one in checks)
    outside = ", ".join(one.tranche for one in cases if not one.inside)
    said = (
        f"Of {count} forecasts of past months {100 * inside:.0f} % lay in their {100 * confidence:.0f} % interval; "
        f"they beat the last month carried on in {better} of {len(checks)} pools"
    )
    return f"{said}; the case of {outside} lies outside its own." if outside else f"{said}."


exhibit = Exhibit(
    name="outlook.forecast",
    question="Where may demand go, and how far can that be trusted?",
    build=build,
)
