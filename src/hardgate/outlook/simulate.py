"""When the programme pays off, as a range: margin, cash, payback, funding and return over many courses of the world.

Demand and prices move, drivers lie anywhere in their intervals, and the same courses answer every question. Payback and
the turn of free cash flow count only where they stay; what does not come within the horizon is a share of its own.
The fans are of every vintage ordered whatever comes; beside stands what the capacity trigger would make of it, deciding
on each course. Wrong where an interval is not stated: a driver without one does not move.

Source: METHODS 11. FCF turn: the first quarter whose trailing year is positive, and the next one's.

>>> exhibit.question
'When does the programme pay off, and how surely?'
"""

from collections.abc import Iterator
from math import isfinite

from hardgate.core.money import cents, short
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.payback_quarter import quantile
from hardgate.metrics.programme_decided import Decided, decided
from hardgate.metrics.programme_model import Assembled, names
from hardgate.metrics.programme_outcome import CONFIDENCE, PATHS, SCRAMBLES, Figure, Outcome, outcome, tails
from hardgate.outlook.programme import BRING


def build(evidence: Evidence) -> Table:
    """Build the fans of every programme."""
    found = [outcome(evidence, name) for name in names(evidence)]
    able = [(one, came) for one, came in found if came is not None]
    if not able:
        why = "; ".join(f"{one.name}: {one.because or 'no hurdle_rate'}" for one, _ in found)
        return Table("", missing=f"{why or 'no programme'}: {BRING}")
    return Table(
        sentence=sentence(*able[0]),
        headings=_headings(),
        rows=tuple(row for one, came in able for row in _rows(one, came)),
        notes=(
            *(note for one, came in able for note in notes(one, came, evidence.currency)),
            *(note for one, _ in able for note in both_ways(one, decided(evidence, one), evidence.currency)),
        ),
        batches=tuple(sorted({batch for one, _ in able for batch in one.batches})),
    )


def _rows(one: Assembled, came: Outcome) -> Iterator[tuple[Cell, ...]]:
    paid = turned = 0.0
    for quarter, (margin, flow) in enumerate(zip(came.margin, came.free_cash_flow, strict=True)):
        paid, turned = paid + came.payback[quarter], turned + came.turn[quarter]
        margins: list[Cell] = [round(margin[at], 4) for at in (0, 2, 4)] if margin else [None] * 3
        flows = [cents(flow[at]) for at in (0, 2, 4)]
        yield (one.name, str(one.first_day(quarter)), *margins, *flows, round(paid, 4), round(turned, 4))


def _headings() -> tuple[Heading, ...]:
    ends = ("low", "middle", "high")
    return (
        Heading("programme"),
        Heading("quarter from"),
        *(Heading(f"margin {end}", "share", 1) for end in ends),
        *(Heading(f"free cash flow {end}", "currency", 0) for end in ends),
        Heading("paid back by then of courses", "share", 1),
        Heading("cash turned by then of courses", "share", 1),
    )


def sentence(one: Assembled, came: Outcome) -> str:
    """Say how surely it pays off, and when."""
    middle = quantile(came, 0.5)
    paid = "not paid back within the horizon" if middle is None else f"paid back from {one.first_day(int(middle))} on"
    share = f"{100 * came.p_hurdle.value:.1f} % of the courses"
    return f"{one.name} earns its hurdle rate in {share}; in the middle one it is {paid}."


def notes(one: Assembled, came: Outcome, currency: str) -> Iterator[str]:
    """Yield the figures beside the fans, each with its standard error."""
    yield f"{one.name}: {SCRAMBLES} scrambles of {PATHS:,} courses; low and high hold {_most(came)} of them"
    yield f"{one.name}: NPV at the hurdle rate {_money(came.npv, currency)}, {_ends(came, came.npv_fan, currency)}"
    yield f"{one.name}: P(hurdle) {_share(came.p_hurdle)}"
    yield f"{one.name}: peak funding {_money(came.peak, currency)}, {_ends(came, came.peak_fan, currency)}"
    early, late = (quantile(came, part) for part in tails(came.confidence))
    first = "no course" if early is None else str(one.first_day(int(early)))
    last = "later than the horizon" if late is None else str(one.first_day(int(late)))
    yield f"{one.name}: paid back between {first} and {last}; not within the horizon in {_share(came.never_paid)}"
    yield f"{one.name}: free cash flow does not turn within the horizon in {_share(came.never_turned)}"
    returns = (("internal", came.irr_fan, came.irr_undefined), ("modified", came.mirr_fan, came.mirr_undefined))
    for kind, fan, undefined in returns:
        yield f"{one.name}: {kind} rate of return a year {_rates(fan)}; no number in {_share(undefined)}"


def both_ways(one: Assembled, made: Decided | None, currency: str) -> Iterator[str]:
    """Yield what comes of it with every vintage ordered, and with the trigger deciding on each course."""
    if made is None:
        yield f"{one.name}: no vintage has a trigger that is known; every one is ordered whatever comes"
        return
    ways = (("every vintage ordered whatever comes", made.every), ("the trigger deciding on each course", made.some))
    for said, way in ways:
        yield (
            f"{one.name}: with {said} P(hurdle) {_share(way.p_hurdle)}, NPV {_money(way.npv, currency)}, "
            f"P(NPV < 0) {_share(way.p_loss)}"
        )
    for name, at in made.triggers.items():
        limit = f"from {100 * at:.1f} % of its pool's position on" if isfinite(at) else "never"
        yield f"{one.name}: {name} is ordered {limit}: in {_share(made.some.ordered[name])}"
    if made.free:
        yield f"{one.name}: {', '.join(made.free)}: no trigger is known, ordered whatever comes"


def _money(one: Figure, currency: str) -> str:
    return f"{short(one.value, currency)} (standard error {short(one.error, currency)})"


def _most(came: Outcome) -> str:
    return "nine tenths" if came.confidence == CONFIDENCE else f"{100 * came.confidence:g} %"


def _ends(came: Outcome, fan: tuple[float, ...], currency: str) -> str:
    low, high = (short(one, currency) for one in (fan[0], fan[-1]))
    return f"{_most(came)} of the courses from {low} to {high}"


def _share(one: Figure) -> str:
    return f"{100 * one.value:.1f} % of the courses (standard error {100 * one.error:.2f} points)"


def _rates(fan: tuple[float, ...]) -> str:
    return "unknown" if not fan else f"{100 * fan[2]:.1f} % [{100 * fan[0]:.1f}, {100 * fan[-1]:.1f}]"


exhibit = Exhibit(
    name="outlook.simulate",
    question="When does the programme pay off, and how surely?",
    build=build,
    chart=Chart(
        "lines", "quarter from", ("free cash flow low", "free cash flow middle", "free cash flow high"), by="programme"
    ),
)
