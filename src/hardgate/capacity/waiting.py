"""What waiting is worth, and what building in stages is worth: it may say build now.

The right to order is taken to be open for two years and may be used in any month: valued on a lattice of demand, and by
least-squares Monte Carlo beside it. An order lives its whole life whenever it is placed, while in the trigger all end
together, so that waiting is worth more here. In stages each half has a right of its own. The perpetual multiple is
value over cost at which to invest where the right never lapses; growth above the discount rate has none. Wrong when
waiting loses customers for good. With long lead times uncertainty may bring the moment forward.

Source: METHODS 2; Longstaff & Schwartz 2001; McDonald & Siegel 1986; Bar-Ilan & Strange 1996.

>>> verdict({"build_now": True, "now": 5.0, "right": 5.0, "first_now": True})
'build now'
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hardgate.core.money import CENT, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.next_block import Case, cases, waiting


def build(evidence: Evidence) -> Table:
    """Build one row an open tranche whose economics are known."""
    found = cases(evidence)
    if not found.known:
        return Table(
            "", missing=f"{'; '.join(found.gaps) or 'no open tranche'}: bring capacity_plan, capacity and sales"
        )
    made = [(one, waiting(evidence, one)) for one, _ in found.known]
    return Table(
        sentence=_sentence(*made[0], evidence.currency),
        headings=(
            Heading("tranche"), Heading("says"), Heading("ordering now", "currency", 0),
            Heading("the right to order", "currency", 0), Heading("waiting", "currency", 0),
            Heading("right by least squares", "currency", 0), Heading("its standard error", "currency", 0),
            Heading("in two stages", "currency", 0), Heading("staging", "currency", 0),
            Heading("perpetual multiple", "x", 2),
        ),
        rows=tuple(_rows(made)),
        notes=found.gaps,
        batches=found.batches,
    )  # fmt: skip


def verdict(made: Mapping[str, Any]) -> str:
    """Say what to do: build now, build the first half now, wait, or never at these figures."""
    if made["build_now"]:
        return "build now"
    if made["first_now"]:
        return "first half now"
    return "wait" if made["right"] > 0 else "never"


def _rows(made: Sequence[tuple[Case, Mapping[str, Any]]]) -> Iterator[tuple[Cell, ...]]:
    for one, found in made:
        multiple = found["multiple"]
        yield (
            one.tranche, verdict(found),
            *(_cents(found[key]) for key in ("now", "right", "waiting", "simulated", "error")),
            _cents(found["staged"]), _cents(found["staged"] - found["right"]),
            "none" if multiple is None else round(multiple, 4),
        )  # fmt: skip


def _cents(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(CENT) + 0


def _sentence(one: Case, found: Mapping[str, Any], currency: str) -> str:
    if found["build_now"]:
        return (
            f"{one.tranche}: build now; ordering is worth {short(_cents(found['now']), currency)} and waiting nothing."
        )
    more = short(_cents(found["waiting"]), currency)
    return f"{one.tranche}: {verdict(found)}; keeping the right is worth {more} more than ordering all of it now."


exhibit = Exhibit(
    name="capacity.waiting",
    question="What is waiting worth, and what is staging?",
    build=build,
)
