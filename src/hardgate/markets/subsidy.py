"""What each city's subsidy costs a month, what it brings that would not have come anyhow, and what pausing it stops.

Given is what the platform paid on orders in the last four weeks, as a month. Burn stopped is that of the cities whose
gate says pause. What a unit of subsidy brings comes from holdouts; without one it is unknown, since retention under a
subsidy is not retention without it. Wrong when vouchers are handed out now and used later.

Source: METHODS 9, "Subsidy".

>>> exhibit.question
'What does each subsidy cost, and what would not have come without it?'
"""

from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.money import CENT
from hardgate.core.terms import EVERYTHING, Action, Cell, Evidence, Exhibit, Heading, Reading, Scope, Table
from hardgate.markets.payback import STATES
from hardgate.metrics.city_days import money
from hardgate.metrics.payback_risk import GATE
from hardgate.metrics.subsidy_per_order import metric as subsidy_per_order
from hardgate.metrics.subsidy_return import metric as subsidy_return

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
    rows = [_row(evidence, window, city) for city in cities]
    given = [row[2] for row in rows]
    stopped = sum(one for row in rows if isinstance(one := row[6], float))
    whole, gaps = money(evidence, found, ("discount_platform",))
    total = None if gaps or None in given else round(-sum(whole) / BACK * MONTH, 2)
    parts = sum(one for one in given if isinstance(one, float))
    return Table(
        sentence=_sentence(evidence, rows, stopped),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=(
            "" if total is None
            else f"given in cities {parts:,.2f} + in no city {total - parts:,.2f} = {total:,.2f} a month"
        ),
        closes=None if total is None else total - parts > -0.01 * len(rows),
        notes=(*gaps, *_doubts(evidence, window)),
        batches=evidence.batches("city_day", window),
    )  # fmt: skip


def _sentence(evidence: Evidence, rows: list[tuple[Cell, ...]], stopped: float) -> str:
    paused = [str(row[0]) for row in rows if row[5] == "pause"]
    if not paused:
        return "No subsidy is paused."
    return f"Pausing {', '.join(paused)} stops a burn of {evidence.currency} {stopped:,.2f} a month."


def _doubts(evidence: Evidence, window: Window) -> tuple[str, ...]:
    whole = evidence.reading(subsidy_return, EVERYTHING, window)
    said = "holdouts" if whole.value is not None else "what a unit of subsidy brings is unknown"
    return (f"{said}: {whole.because}",)


def _row(evidence: Evidence, window: Window, city: str) -> tuple[Cell, ...]:
    scope = Scope.of(city=city)
    cost, gaps = money(evidence, evidence.rows("city_day", scope, window), ("discount_platform",))
    given = None if gaps else round(-sum(cost) / BACK * MONTH, 2)
    each = evidence.reading(subsidy_per_order, scope, window)
    brought = evidence.reading(subsidy_return, scope, window)
    asked = [one for one in evidence.asks if one.action is Action.SUBSIDIZE and one.scope == scope]
    verdicts = [one for one in evidence.verdicts if one.gate == GATE and one.scope == scope]
    state = STATES[verdicts[0].outcome] if verdicts else "no ask"
    planned = asked[0].amount.quantize(CENT) if asked and asked[0].amount is not None else None
    return (city, planned, given, each.value, _told(brought), state, given if state == "pause" else 0.0)


def _told(brought: Reading) -> str:
    if brought.value is None or brought.low is None or brought.high is None:
        return "unknown"
    return f"{brought.value:.2f} [{brought.low:.2f}, {brought.high:.2f}]"


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("schedule a month", "", 2),
        Heading("given a month", currency, 2),
        Heading("given on an order", currency, 2),
        Heading("brought by a unit"),
        Heading("subsidy"),
        Heading("burn stopped a month", currency, 2),
    )


exhibit = Exhibit(
    name="markets.subsidy",
    question="What does each subsidy cost, and what would not have come without it?",
    build=build,
)
