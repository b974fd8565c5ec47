"""A programme as a model that can be run: its vintages, the business around it, and what it takes the world to be.

Demand is what is asked for in the programme's pools, in productive GPUs: what customers hold, times the productive part
of what they hold. A vintage can sell its available hours times that part; the price of a productive GPU-hour is revenue
over productive GPU-hours, so that a full pool brings what it brings today. Quarter 0 begins with the month of today.
Wrong where vintages of one programme serve different demands: give each its own programme.

>>> quarter_of(date(2027, 2, 1), date(2026, 9, 1)), quarter_of(date(2026, 7, 15), date(2026, 9, 1))
(1, -1)

Source: METHODS 11.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window, add_months, month_of, window_ending
from hardgate.core.terms import EVERYTHING, Evidence, Scope, Status
from hardgate.metrics.allocation import metric as allocation
from hardgate.metrics.availability import metric as availability
from hardgate.metrics.columns import absent, dates
from hardgate.metrics.contribution_margin import metric as contribution_margin
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.ownership_cost import fixed_cost
from hardgate.metrics.productive_utilization import metric as productive_utilization
from hardgate.metrics.programme_books import WINDOW, Books
from hardgate.metrics.programme_drivers import Drivers, Given, drivers, of_reading

if TYPE_CHECKING:
    from hardgate.models.programme import Other, Programme, Vintage

MOST_QUARTERS = 40
MONTHS_A_QUARTER = 3
LEVELS = {"growth": "growth", "erosion": "price_erosion", "demand": "demand", "price": "price",
          "productive_share": "productive_share", "capex": "capex", "delay": "delay", "power_price": "power_price",
          "opex": "opex"}  # fmt: skip
"""The levels of the model, and the driver that each is."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A programme that can be run, or what is missing; amounts in the reporting currency."""

    name: str
    programme: "Programme | None"
    given: dict[str, Given]
    neutral: tuple[str, ...]
    gaps: tuple[str, ...]
    scope: Scope
    window: Window
    start: date
    status: Status
    batches: tuple[str, ...]
    pools: dict[str, str]
    """The pool of each vintage that has one."""

    @property
    def because(self) -> str:
        """What is missing, in words."""
        return "; ".join(self.gaps)

    def first_day(self, quarter: int) -> date:
        """Return the first day of a quarter of the programme."""
        return add_months(self.start, MONTHS_A_QUARTER * quarter)


def quarter_of(day: date, start: date) -> int:
    """Return the quarter that a day lies in, counted from the month that quarter 0 begins with."""
    return ((day.year - start.year) * 12 + day.month - start.month) // MONTHS_A_QUARTER


def names(evidence: Evidence) -> tuple[str, ...]:
    """Return the programmes that are known, by name."""
    rows = evidence.rows("vintage")
    return tuple(sorted({str(one) for one in rows.columns.get("programme", ()) if not absent(one)}))


def meant(evidence: Evidence, scope: Scope) -> str | None:
    """Return the programme that a scope means: that of its tranche, or the only one there is."""
    known = names(evidence)
    if "tranche" in scope:
        rows = evidence.rows("vintage").records()
        mine = sorted({str(row["programme"]) for row in rows if row["vintage"] == scope["tranche"]})
        return mine[0] if len(mine) == 1 else None
    return known[0] if len(known) == 1 else None


def assemble(evidence: Evidence, name: str) -> Assembled:
    """Return a programme as a model, or what is missing of it."""
    start = month_of(evidence.as_of)
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    rows = [row for row in evidence.rows("vintage").records() if row["programme"] == name]
    rows.sort(key=lambda row: (row["day"], str(row["vintage"])))
    scope = _scope(rows)
    found = drivers(evidence, name, scope, window)
    own, more = own_drivers(evidence, scope, window)
    given = {**own, **found.given}
    gaps = [*found.gaps, *(gap for key, gap in more.items() if key not in given)]
    books = Books(evidence, given)
    made = [_vintage(books, row, start) for row in rows]
    gaps += [one for one in made if isinstance(one, str)]
    if any(not isinstance(one, str) and one.kilowatts for one in made):
        gaps += [f"{one}: vintages draw power; bring it in drivers, or say it under assumptions"
                 for one in ("power_price", "pue") if one not in given]  # fmt: skip
    others, missing = _others(books, start)
    gaps += missing
    used = [one for one in given.values() if one.source != "not stated"]
    tables = ("vintage", "driver", "other_segment", "pool_day", "sales_month")
    batches = sorted({one for table in tables for one in evidence.batches(table)})
    programme = None if gaps else _programme([one for one in made if not isinstance(one, str)], found, given, others)
    return Assembled(
        name, programme, given, found.neutral, tuple(dict.fromkeys(gaps)), scope, window, start,
        Status.weakest(one.status for one in used), tuple(batches),
        {str(row["vintage"]): str(row["pool"]) for row in rows if not absent(row["pool"])},
    )  # fmt: skip


def _scope(rows: Sequence[dict[str, Any]]) -> Scope:
    """Return what all vintages have in common of region, accelerator and pool."""
    parts = []
    for name in ("region", "accelerator", "pool"):
        seen = {None if absent(row[name]) else str(row[name]) for row in rows}
        if len(seen) == 1 and None not in seen:
            parts.append((name, str(seen.pop())))
    return Scope(tuple(parts))


def own_drivers(evidence: Evidence, scope: Scope, window: Window) -> tuple[dict[str, Given], dict[str, str]]:
    """Return demand, productive share and the doubt of prices from our own readings, or why not."""
    readings = {
        one.name: evidence.reading(one, scope, window)
        for one in (demand, allocation, availability, productive_utilization, contribution_margin)
    }
    asked, held, there, productive, margin = readings.values()
    found: dict[str, Given] = {}
    gaps = {one.metric: f"{one.metric}: {one.because}" for one in readings.values() if one.value is None}
    if productive.value is not None and held.value and there.value is not None:
        part = productive.value / held.value
        now = there.value * part
        low, high = (None if one is None else one / productive.value * now for one in (productive.low, productive.high))
        source = f"readings productive_utilization, allocation and availability of {scope}"
        found["productive_share"] = Given(
            "productive_share", now, low, high, source, Status.MEASURED, evidence.confidence
        )
        if asked.value is not None:
            low, high = (None if one is None else one * part for one in (asked.low, asked.high))
            source = f"reading demand of {scope}"
            found["demand"] = Given("demand", asked.value * part, low, high, source, asked.status, evidence.confidence)
    priced = of_reading("price", margin, evidence.confidence)
    if priced is not None and priced.value > 0:
        low, high = (None if one is None else one / priced.value for one in (priced.low, priced.high))
        found["price"] = replace(priced, value=1.0, low=low, high=high)
    lacking = {
        "demand": "; ".join(gaps.get(one, "") for one in ("demand", "allocation", "productive_utilization")).strip(
            "; "
        ),
        "productive_share": "; ".join(
            gaps.get(one, "") for one in ("productive_utilization", "allocation", "availability")
        ).strip("; "),
        "price": gaps.get("contribution_margin", "contribution_margin: not positive"),
    }
    return found, {key: why for key, why in lacking.items() if key not in found}


def _vintage(books: Books, row: dict[str, Any], start: date) -> "Vintage | str":
    """Return one vintage, or what is missing of it."""
    from hardgate.models.programme import Vintage

    name, pool, given = str(row["vintage"]), row["pool"], books.given
    scope = EVERYTHING if absent(pool) else Scope.of(pool=str(pool))
    placed = _place(row)
    share = _number(row, "productive_share")
    share = share if share is not None else given["productive_share"].value if "productive_share" in given else None
    money = {key: books.money(row, key) for key in ("amount", "price", "variable_cost", "opex")}
    price, variable = books.realised(scope)
    price = money["price"] if money["price"] is not None else price
    variable = money["variable_cost"] if money["variable_cost"] is not None else variable
    opex = money["opex"] if money["opex"] is not None else fixed_cost(books.evidence, placed)
    figures = {"amount": money["amount"], "price": price, "variable_cost": variable, "opex": opex,
               "productive_share": share, "gpus": _number(row, "gpus"), "lead_months": _number(row, "lead_months"),
               "life_months": _number(row, "life_months")}  # fmt: skip
    lacking = [key for key, value in figures.items() if value is None]
    if lacking:
        return f"{name}: no {', no '.join(lacking)}; bring them in programmes, or sales of {scope}"
    known = {key: float(value) for key, value in figures.items() if value is not None}
    spend = quarter_of(row["day"], start)
    return Vintage(
        name, spend, known["amount"],
        lead=ceil(known["lead_months"] / MONTHS_A_QUARTER),
        life=max(round(known["life_months"] / MONTHS_A_QUARTER), 1),
        gpus=known["gpus"],
        price=known["price"],
        erosion=given["price_erosion"].value if "price_erosion" in given else 0.0,
        productive_share=min(known["productive_share"], 1.0),
        ramp=round((_number(row, "ramp_months") or 0) / MONTHS_A_QUARTER),
        kilowatts=_number(row, "kilowatts") or 0.0,
        opex=known["opex"] * MONTHS_A_QUARTER,
        variable_cost=known["variable_cost"],
        committed=bool(row["committed"]),
    )  # fmt: skip


def _place(row: dict[str, Any]) -> Scope:
    parts = [(one, str(row[one])) for one in ("region", "accelerator", "pool") if not absent(row[one])]
    return Scope(tuple(parts))


def _number(row: dict[str, Any], name: str) -> float | None:
    return None if absent(row[name]) else float(row[name])


def _others(books: Books, start: date) -> tuple[dict[int, "Other"], list[str]]:
    """Return what other segments bring by quarter, and what is missing of it."""
    from hardgate.models.programme import Other

    rows = books.evidence.rows("other_segment")
    records = rows.records()
    names = ("revenue", "ebita", "depreciation", "capex", "working_capital")
    sums: dict[int, dict[str, float]] = {}
    gaps = []
    for row, day in zip(records, dates(rows, "day"), strict=True):
        if day is None or quarter_of(day, start) < 0:
            continue
        mine = sums.setdefault(quarter_of(day, start), dict.fromkeys(names, 0.0))
        for name in names:
            amount = books.money(row, name)
            if amount is None and name != "working_capital":
                gaps.append(f"other_segments: no {name} of {row['segment']} from {day}; bring it")
            mine[name] += amount or 0.0
    return {quarter: Other(**mine) for quarter, mine in sorted(sums.items())}, gaps


def _programme(
    vintages: Sequence["Vintage"], found: Drivers, given: dict[str, Given], others: dict[int, "Other"]
) -> "Programme":
    from hardgate.models.programme import NAMES, Levels, Programme
    from hardgate.models.programme_run import run

    ends = [one.live + one.life for one in vintages if not one.committed] or [one.live + one.life for one in vintages]
    quarters = min(max([1, *ends]), MOST_QUARTERS)
    last = max(others, default=-1)
    value = {name: one.value for name, one in found.given.items()}
    spread = {name: _spread(given.get(LEVELS[name]), added=name in {"growth", "erosion", "delay"}) for name in NAMES}
    made = Programme(
        tuple(vintages),
        quarters,
        demand=given["demand"].value,
        growth=value["growth"],
        volatility=value["volatility"],
        price_volatility=value["price_volatility"],
        correlation=value["correlation"],
        power_price=value.get("power_price", 0.0),
        pue=value.get("pue", 1.0),
        idle_power=value["idle_power"],
        tax_rate=value["tax_rate"],
        working_capital=value["working_capital"],
        losses=value["losses"],
        others=tuple(others.get(at, others[last]) for at in range(quarters)) if others else (),
        centre=Levels(capex=value["capex"], delay=value["delay"], opex=value["opex"]),
        spread=Levels(**spread),
    )
    today = float(run(made.committed()).revenue[0]) - (made.others[0].revenue if made.others else 0.0)
    return replace(made, bound=made.working_capital * today)


def _spread(one: Given | None, *, added: bool) -> float:
    if one is None:
        return 0.0
    return one.deviation if added else one.relative


def papers(found: Assembled) -> Iterable[str]:
    """Yield each driver with its interval and source, for the notes of an exhibit."""
    for name, one in sorted(found.given.items()):
        if one.source != "not stated":
            interval = "" if one.low is None or one.high is None else f" [{one.low:.4g}, {one.high:.4g}]"
            yield f"{name} {one.value:.4g}{interval}: {one.source} ({one.status})"
    if found.neutral:
        yield f"not stated, and taken as neutral: {', '.join(found.neutral)}"
