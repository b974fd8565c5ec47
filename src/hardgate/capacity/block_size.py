"""How large the next block of each pool should be: by its last GPU, by all pools together, and by least regret.

The newsvendor buys until the last GPU just pays its ownership; the stochastic programme does so for all tranches at
once, with the power that there is; least regret needs no margin and weighs too little 1.25 times as much as too much,
to the power 1.2. The gap says how far the programme's answer may be from the best. All three count the demand of the
month of going live alone; capacity.tranche judges the whole tranche over its life, in which demand goes on to grow:
both figures stand in the table, and they answer different questions. Wrong when a block that turns out too small can be
followed at once: then start smaller, see capacity.waiting.

Source: METHODS 2; Birge & Louveaux 2011; Kleywegt, Shapiro & Homem-de-Mello 2002 for the gap.

>>> exhibit.question
'How large should the next block be?'
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from hardgate.core.money import short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.next_block import Case, Cases, blocks, cases


def build(evidence: Evidence) -> Table:
    """Build one row an open tranche whose economics are known."""
    found = cases(evidence)
    if not found.known:
        return Table(
            "", missing=f"{'; '.join(found.gaps) or 'no open tranche'}: bring capacity_plan, capacity and sales"
        )
    made = blocks(evidence, found)
    rows = tuple(_rows(found, made))
    return Table(
        sentence=_sentence(found.known[0][0], rows[0]),
        headings=(
            Heading("tranche"), Heading("planned", "GPUs", 0), Heading("position", "GPUs", 0),
            Heading("demand at going live", "GPUs", 0), Heading("cost of margin", "share", 0),
            Heading("newsvendor block", "GPUs", 0), Heading("block of all together", "GPUs", 0),
            Heading("least-regret block", "GPUs", 0), Heading("planned, over its life", "currency", 0),
        ),
        rows=rows,
        notes=(*_larger(found, made, evidence.currency), *_notes(made, evidence.currency), *found.gaps),
        batches=found.batches,
    )  # fmt: skip


def _rows(found: Cases, made: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for at, (one, _) in enumerate(found.known):
        ratio = round(one.own / one.margin, 4) if one.margin > 0 else None
        single = made["newsvendor"][at]
        yield (
            one.tranche, one.gpus, one.position, round(one.median_gpus, 1), ratio,
            "no limit" if single is None else single, made["programme"][at], made["regret"][at],
            round(one.value_now()),
        )  # fmt: skip


def _larger(found: Cases, made: Mapping[str, Any], currency: str) -> Iterator[str]:
    """Say of each tranche that is larger than its block and still worth ordering which figure counts what."""
    for at, (one, _) in enumerate(found.known):
        single = made["newsvendor"][at]
        if single is not None and single < one.gpus and one.value_now() > 0:
            worth = short(round(one.value_now()), currency)
            yield (
                f"{one.tranche}: {single:,.0f} of {one.gpus:,.0f} GPUs pay by the demand of the month it goes live; "
                f"all of it is worth {worth} over {one.life_months} months, in which demand grows by "
                f"{100 * one.growth:.1f} % a year, and by that capacity.tranche judges"
            )


def _notes(made: Mapping[str, Any], currency: str) -> Iterator[str]:
    profit, _, gap, high = (Decimal(str(one)) for one in made["gap"])
    yield (
        f"all together earn {short(profit, currency)} a month on fresh samples; the best block for just those would "
        f"earn {short(gap, currency)} more, at most {short(high, currency)} (95 %)"
    )
    short_of = {place: price for place, price in made["prices"].items() if price > 0}
    for place, price in short_of.items():
        yield f"power binds in {place}: one more kW is worth {short(price, currency)} a month"
    if not made["prices"]:
        yield "no resource is taken to be short; say power_available under assumptions where power is"
    elif not short_of:
        yield "the power that is available does not bind"


def _sentence(one: Case, row: tuple[Cell, ...]) -> str:
    size = row[5] if isinstance(row[5], str) else f"{row[5]:,.0f} GPUs"
    return f"{one.tranche} is planned with {one.gpus:,.0f} GPUs; when it goes live the last GPU pays up to {size}."


exhibit = Exhibit(
    name="capacity.block_size",
    question="How large should the next block be?",
    build=build,
)
