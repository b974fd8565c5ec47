"""What waiting is worth, and what building in stages is worth: it may say build now.

The value is that of capacity.tranche, outlook.shift and outlook.portfolio: ordering now is worth the same in each, a
later order earns until the same month, and every course but ordering now pays the cancel fee that is due today. The
right to order is taken to be open for two years and may be used in any month: valued on a lattice of demand, and by
least-squares Monte Carlo beside it. A quarter later is to order then whatever comes, as in outlook.shift; the right
waits to see demand first, and is worth at least as much before the fee. Beside stands the right of one whose order
lives its whole life whenever it is placed: it is worth more, since nothing is lost by being late. In stages each half
has a right of its own. The perpetual multiple is value over cost at which to invest where the right never lapses;
growth above the discount rate has none. Wrong when waiting loses customers for good. With long lead times uncertainty
may bring the moment forward.

Source: METHODS 2; Longstaff & Schwartz 2001; McDonald & Siegel 1986; Bar-Ilan & Strange 1996.

>>> verdict({"build_now": True, "now": 5.0, "right": 5.0, "fee": 0.0, "first_now": True})
'build now'
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import isfinite
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import cents, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.ceiling_trigger import metric as ceiling_trigger
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.economic_trigger import metric as economic_trigger
from hardgate.metrics.next_block import WINDOW, Case, cases
from hardgate.metrics.tranche_right import waiting


def build(evidence: Evidence) -> Table:
    """Build one row an open tranche whose economics are known."""
    found = cases(evidence)
    if not found.known:
        return Table(
            "", missing=f"{'; '.join(found.gaps) or 'no open tranche'}: bring capacity_plan, capacity and sales"
        )
    made = [(one, waiting(evidence, one)) for one, _ in found.known]
    why = {one.tranche: _let_through(evidence, scope) for one, scope in found.known}
    return Table(
        sentence=_sentence(*made[0], why[made[0][0].tranche], evidence.currency),
        headings=(
            Heading("tranche"), Heading("says"), Heading("ordering now", "currency", 0),
            Heading("a quarter later", "currency", 0), Heading("a quarter later less now", "currency", 0),
            Heading("the right to order", "currency", 0), Heading("waiting", "currency", 0),
            Heading("right by least squares", "currency", 0), Heading("its standard error", "currency", 0),
            Heading("in two stages", "currency", 0), Heading("staging", "currency", 0),
            Heading("right with its whole life", "currency", 0), Heading("cancel fee", "currency", 0),
            Heading("perpetual multiple", "x", 2),
        ),
        rows=tuple(_rows(made)),
        notes=(*_notes(made, why), *found.gaps),
        batches=found.batches,
    )  # fmt: skip


def verdict(made: Mapping[str, Any]) -> str:
    """Say what to do: build now, build the first half now, wait, or never at these figures."""
    if made["build_now"]:
        return "build now"
    if made["first_now"]:
        return "first half now"
    return "wait" if made["right"] + made["fee"] > 0 else "never"


def _let_through(evidence: Evidence, scope: Scope) -> str:
    """Say why capacity.trigger lets a tranche through that waiting may be worth more for; nothing where it does not."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    stands, full, pays = (
        evidence.reading(one, scope, window).value for one in (demand_over_position, ceiling_trigger, economic_trigger)
    )
    if stands is None or full is None or pays is None or stands < min(full, pays):
        return ""
    if stands >= pays:
        return f"capacity.trigger lets it go since it pays from {100 * pays:.1f} % of the position on, at discount_rate"
    alone = f"by value alone it goes at {100 * pays:.1f} %" if isfinite(pays) else "by value alone it never goes"
    return f"capacity.trigger lets it go at {100 * stands:.1f} % since work waits from {100 * full:.1f} % on; {alone}"


def _notes(made: Sequence[tuple[Case, Mapping[str, Any]]], why: Mapping[str, str]) -> Iterator[str]:
    """Say where the gate goes and this waits, and what each column counts."""
    for one, found in made:
        if why[one.tranche] and not found["build_now"]:
            yield f"{one.tranche}: {verdict(found)}, by value alone; {why[one.tranche]}"
    yield (
        "the right waits to see demand and orders in the best month, a quarter later orders then whatever comes: "
        "where the first gains and the second loses, what is gained is the choice"
    )
    yield "a later order earns until the same month; the right with its whole life loses nothing by being late"


def _rows(made: Sequence[tuple[Case, Mapping[str, Any]]]) -> Iterator[tuple[Cell, ...]]:
    for one, found in made:
        multiple = found["multiple"]
        yield (
            one.tranche, verdict(found),
            cents(found["now"]), cents(found["later"]), cents(found["later"] - found["now"]),
            *(cents(found[key]) for key in ("right", "waiting", "simulated", "error", "staged")),
            cents(found["staged"] - max(found["right"], found["now"])),
            cents(found["renewed"]), cents(found["fee"]),
            "none" if multiple is None else round(multiple, 4),
        )  # fmt: skip


def _sentence(one: Case, found: Mapping[str, Any], why: str, currency: str) -> str:
    if found["build_now"]:
        worth, less = (short(cents(amount), currency) for amount in (found["now"], -found["waiting"]))
        said = f"{one.tranche}: build now; ordering is worth {worth}, and waiting {less} less"
        staging = cents(found["staged"] - found["now"])
        return f"{said}; in two stages it is worth {short(staging, currency)} more." if staging > 0 else f"{said}."
    more = short(cents(found["waiting"]), currency)
    said = f"{one.tranche}: {verdict(found)}; keeping the right is worth {more} more than ordering all of it now"
    return f"{said}; {why}." if why else f"{said}."


exhibit = Exhibit(
    name="capacity.waiting",
    question="What is waiting worth, and what is staging?",
    build=build,
)
