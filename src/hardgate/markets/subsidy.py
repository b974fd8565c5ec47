"""What each city's subsidy costs a month, what it brings that would not have come anyhow, and what pausing it stops.

Given is what the platform paid on orders in the last four weeks, as a month. Burn stopped is that of the cities whose
gate says pause; net of what it brings is what is left when the contribution goes that would not have come without it.
What a unit of subsidy brings comes from holdouts; without one it is unknown, since retention under a subsidy is not
retention without it. Wrong when vouchers are handed out now and used later.

Source: METHODS 9, "Subsidy".

>>> exhibit.question
'What does each subsidy cost, and what would not have come without it?'
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.money import rate_on
from hardgate.core.terms import EVERYTHING, Action, Cell, Evidence, Exhibit, Heading, Reading, Scope, Table
from hardgate.markets.payback import STATES
from hardgate.metrics.city_days import money
from hardgate.metrics.payback_risk import GATE
from hardgate.metrics.reporting_currency import rates_of
from hardgate.metrics.subsidy_per_order import metric as subsidy_per_order
from hardgate.metrics.subsidy_return import metric as subsidy_return
from hardgate.metrics.unplaced_orders import noted

MONTH = 365.25 / 12
BACK = 28


def build(evidence: Evidence) -> Table:
    """Build one row a city that has a subsidy or gave one."""
    end = evidence.last_complete("city_day") + timedelta(days=1)
    window = Window(end - timedelta(days=BACK), end)
    found = evidence.rows("city_day", EVERYTHING, window)
    cities = sorted({str(one) for one in found.columns.get("city", ()) if one is not None})
    if not cities:
        return Table("", missing=f"no orders with a city from {window}: bring orders, and subsidies for the schedule")
    lines = [_line(evidence, window, city) for city in cities]
    given = [one.given for one in lines]
    whole, gaps = money(evidence, found, ("discount_platform",))
    total = None if gaps or None in given else round(-sum(whole) / BACK * MONTH, 2)
    parts = sum(one for one in given if one is not None)
    return Table(
        sentence=_sentence(evidence, [one for one in lines if one.state == "pause"]),
        headings=_headings(evidence.currency),
        rows=tuple(_row(one) for one in lines),
        closing=(
            "" if total is None
            else f"given in cities {parts:,.2f} + in no city {total - parts:,.2f} = {total:,.2f} a month"
        ),
        closes=None if total is None else total - parts > -0.01 * len(lines),
        notes=(*gaps, *_unused(lines), *_doubts(evidence, window), *noted(evidence, window)),
        batches=evidence.batches("city_day", window),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One city's subsidy: what a month may be given and was, what a unit of it brought, and what its gate says."""

    city: str
    planned: float | None
    given: float | None
    each: float | None
    brought: Reading
    state: str

    @property
    def stopped(self) -> tuple[float | None, ...]:
        """What a pause stops a month: all that is given, and net of what it brings, with the ends of that."""
        if self.state != "pause":
            return (0.0, 0.0, 0.0, 0.0)
        ends = (self.brought.value, self.brought.high, self.brought.low)
        net = (None if self.given is None or one is None else round(self.given * (1 - one), 2) for one in ends)
        return (self.given, *net)


def _line(evidence: Evidence, window: Window, city: str) -> Line:
    scope = Scope.of(city=city)
    cost, gaps = money(evidence, evidence.rows("city_day", scope, window), ("discount_platform",))
    verdicts = [one for one in evidence.verdicts if one.gate == GATE and one.scope == scope]
    return Line(
        city,
        _planned(evidence, scope),
        None if gaps else round(-sum(cost) / BACK * MONTH, 2),
        evidence.reading(subsidy_per_order, scope, window).value,
        evidence.reading(subsidy_return, scope, window),
        STATES[verdicts[0].outcome] if verdicts else "no ask",
    )


def _planned(evidence: Evidence, scope: Scope) -> float | None:
    """Return what the schedule of a city allows a month, in the reporting currency."""
    asked = [one for one in evidence.asks if one.action is Action.SUBSIDIZE and one.scope == scope]
    if not asked or asked[0].amount is None:
        return None
    currency = asked[0].currency or evidence.currency
    rate = rate_on(rates_of(evidence), currency, evidence.currency, evidence.as_of)
    return None if rate is None else round(float(asked[0].amount * rate), 2)


def _sentence(evidence: Evidence, paused: Sequence[Line]) -> str:
    if not paused:
        return "No subsidy is paused."
    names, unit = ", ".join(one.city for one in paused), evidence.currency
    sums = [
        None if None in one else sum(x for x in one if x is not None)
        for one in zip(*(p.stopped for p in paused), strict=True)
    ]
    gross, net, low, high = sums
    if gross is None:
        return f"Pausing {names} stops what is given there; how much that is a month is unknown."
    said = f"Pausing {names} stops a burn of {unit} {gross:,.2f} a month"
    if net is None:
        return f"{said}; what of it comes back is unknown without a holdout."
    return f"{said}, {unit} {net:,.2f} [{low:,.2f}, {high:,.2f}] net of what it brings."


def _unused(lines: Sequence[Line]) -> tuple[str, ...]:
    """Say how much of the schedule was given: what is asked for and not used is room that nobody needs."""
    both = [(one.given, one.planned) for one in lines if one.given is not None and one.planned]
    planned, given = sum(one for _, one in both), sum(one for one, _ in both)
    if not planned:
        return ()
    part = f"{given:,.2f} of the {planned:,.2f} a month that schedules allow was given ({100 * given / planned:.0f} %)"
    return (f"{part}: an ask is for all of it, the burn is what was given",)


def _doubts(evidence: Evidence, window: Window) -> tuple[str, ...]:
    whole = evidence.reading(subsidy_return, EVERYTHING, window)
    said = "holdouts" if whole.value is not None else "what a unit of subsidy brings is unknown"
    return (f"{said}: {whole.because}",)


def _row(one: Line) -> tuple[Cell, ...]:
    used = round(one.given / one.planned, 4) if one.given is not None and one.planned else None
    gross, net, low, high = one.stopped
    between = "" if one.state != "pause" or low is None else f"[{low:,.2f}, {high:,.2f}]"
    return (one.city, one.planned, one.given, used, one.each, _told(one.brought), one.state, gross, net, between)


def _told(brought: Reading) -> str:
    if brought.value is None or brought.low is None or brought.high is None:
        return "unknown"
    return f"{brought.value:.2f} [{brought.low:.2f}, {brought.high:.2f}]"


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("schedule a month", currency, 2),
        Heading("given a month", currency, 2),
        Heading("of the schedule", "share", 0),
        Heading("given on an order", currency, 2),
        Heading("brought by a unit"),
        Heading("subsidy"),
        Heading("burn stopped a month", currency, 2),
        Heading("net of what it brings", currency, 2),
        Heading("interval"),
    )


exhibit = Exhibit(
    name="markets.subsidy",
    question="What does each subsidy cost, and what would not have come without it?",
    build=build,
)
