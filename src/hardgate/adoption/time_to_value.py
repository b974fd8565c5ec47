"""How long accounts take from access to a first production event, by the reference architecture they began with.

Medians and restricted means of Kaplan-Meier curves, with those still waiting kept; the log-rank test against
accounts without one, within each region and segment, so that an architecture is not judged by who began with it; and
whether it pays for itself: days saved, times what an account brings a day once it is there, times the accounts that
began with it in a year, against what it costs (`architecture_cost`). Nothing pays by days that may be luck, and of
several architectures one is the fastest by luck alone: each counts as one of them all (Holm). Wrong when the easy
cases of a place got the architecture: draw at random who gets it.

Source: METHODS 8; Kaplan & Meier 1958; Mantel 1966 for the test in strata; Holm 1979 for several of them.

>>> saved(60.0, 25.0, 10.0, 12)
4200.0
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from hardgate.core.percent import percent
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.account_base import Account, accounts
from hardgate.metrics.account_revenue import months_before, revenue
from hardgate.metrics.columns import cells
from hardgate.metrics.value_times import HORIZON, SMALL, Waits, waits

NONE = "none"
MONTHS = 3
DAYS_A_MONTH = 30.4375
YEAR = timedelta(days=365)
ROLLUPS = ("account", "feature_usage_day")
NORMAL = 1.96
LUCK = 0.05
"""Days saved that come by luck as often as this pay for nothing, over all architectures together."""


def build(evidence: Evidence) -> Table:
    """Build one row for each architecture, and one for accounts without."""
    end = min(evidence.last_complete(name) for name in ROLLUPS) + timedelta(days=1)
    whole = waits(evidence, EVERYTHING, end)
    if isinstance(whole, str) or not whole.accounts:
        return Table("", missing=whole if isinstance(whole, str) else "no access since use is known: bring accounts")
    known = accounts(evidence, EVERYTHING)
    groups = _groups(evidence, whole, known)
    lucks = {name: _luck(groups[name], groups[NONE], known) for name in groups if name != NONE and NONE in groups}
    counts = among_all(lucks)
    rows = [_row(evidence, name, groups, end, lucks.get(name), counts.get(name)) for name in groups]
    counted = sum(len(one.accounts) for one in groups.values())
    return Table(
        sentence=_sentence(rows, counts),
        headings=_headings(evidence),
        rows=tuple(rows),
        closing=f"{' + '.join(str(len(one.accounts)) for one in groups.values())} = {counted} of {len(whole.accounts)} "
        "accounts with access",
        closes=counted == len(whole.accounts),
        notes=(*_notes(groups), *whole.gaps),
        batches=tuple(sorted({batch for name in ROLLUPS for batch in evidence.batches(name)})),
    )


def _groups(evidence: Evidence, whole: Waits, known: Mapping[str, Account]) -> dict[str, Waits]:
    """Return the waits by architecture, those without one last."""
    named = sorted({str(one) for one in cells(evidence.rows("account"), "architecture") if one is not None})
    found = {}
    for name in (*named, NONE):
        rows = [
            (account, days, there)
            for account, days, there in zip(whole.accounts, whole.days, whole.got_there, strict=True)
            if (known[account].architecture or NONE) == name
        ]
        if rows:
            names, lasted, there = zip(*rows, strict=True)
            found[name] = Waits(names, lasted, there, ())
    return found


def _row(  # noqa: PLR0913  what a row says
    evidence: Evidence, name: str, groups: dict[str, Waits], end: date, luck: float | None, counts: float | None
) -> tuple[Cell, ...]:
    from hardgate.models.kaplan_meier import curve

    mine, none = groups[name], groups.get(NONE)
    drawn = curve(mine.days, mine.got_there)
    low, high = drawn.quantile_interval(confidence=evidence.confidence)
    mean, other = drawn.restricted_mean(HORIZON), None if none is None else _curve(none).restricted_mean(HORIZON)
    compared = none is not None and name != NONE
    worth = _worth(evidence, name, mine, end, mean[0], other[0]) if compared and mean and other else None
    cost = evidence.assumption(f"architecture_cost.{name}", EVERYTHING) if compared else None
    return (
        name,
        len(mine.accounts),
        mine.reached,
        drawn.quantile(),
        f"[{_day(low)}, {_day(high)}]" if low is not None else "",
        None if mean is None else round(mean[0], 1),
        _difference(mean, other) if compared else None,
        luck,
        None if worth is None else round(worth, 2),
        None if cost is None else cost.value,
        _pays(worth, None if cost is None else cost.value, counts, mine, name),
    )


def among_all(lucks: Mapping[str, float | None]) -> dict[str, float]:
    """Return each architecture's chance of luck as it counts among all of them.

    >>> among_all({"rag": 0.02, "batch": 0.5, "young": None})
    {'rag': 0.04, 'batch': 0.5}
    """
    from hardgate.models.experiment import family

    told = {name: luck for name, luck in lucks.items() if luck is not None}
    return dict(zip(told, family(list(told.values())), strict=True))


def _luck(mine: Waits, none: Waits, known: Mapping[str, Account]) -> float | None:
    """Return how often luck alone sets an architecture so far apart from none, within places and the horizon."""
    from hardgate.models.kaplan_meier import log_rank

    both = [[(known[one].region, known[one].segment) for one in group.accounts] for group in (mine, none)]
    places = sorted({one for group in both for one in group})
    strata = [[places.index(one) for one in group] for group in both]
    test = log_rank([(one.days, one.got_there) for one in (mine, none)], strata, within=HORIZON)
    return None if test is None else round(test.probability, 5)


def _difference(mine: tuple[float, float] | None, none: tuple[float, float] | None) -> str | None:
    """Return the days that an architecture saves within the horizon, and their interval of 95 %."""
    if mine is None or none is None:
        return None
    days, spread = none[0] - mine[0], NORMAL * float(np.hypot(mine[1], none[1]))
    return f"{days:.0f} [{days - spread:.0f}, {days + spread:.0f}]"


def _curve(found: Waits) -> Any:  # noqa: ANN401  a curve of kaplan_meier
    from hardgate.models.kaplan_meier import curve

    return curve(found.days, found.got_there)


def _day(value: float | None) -> str:
    return "..." if value is None else f"{value:.0f}"


def _worth(  # noqa: PLR0913  what it is worth depends on all of them
    evidence: Evidence, name: str, mine: Waits, end: date, mean: float, other: float
) -> float | None:
    """Return what the architecture brings in a year: days saved within the horizon, times what a day there brings."""
    got = [one for one, there in zip(mine.accounts, mine.got_there, strict=True) if there]
    months = months_before(evidence.last_complete("revenue_month") + timedelta(days=1), MONTHS)
    found = revenue(evidence, EVERYTHING, months, got)
    brings = found.contribution
    if not got or len(found.months) < MONTHS or not np.isfinite(brings).all():
        return None
    a_day = float(brings.sum()) / len(got) / MONTHS / DAYS_A_MONTH
    known = accounts(evidence, Scope.of(architecture=name))
    begun = sum(1 for one in known.values() if one.access_granted and end - YEAR <= one.access_granted < end)
    return saved(other, mean, a_day, begun)


def saved(without: float, with_it: float, brings_a_day: float, begun: int) -> float:
    """Return what days saved bring in a year."""
    return (without - with_it) * brings_a_day * begun


def _pays(worth: float | None, cost: float | None, luck: float | None, mine: Waits, name: str) -> str:
    if name == NONE:
        return ""
    small = "; small" if mine.reached < SMALL else ""
    if worth is None:
        return f"not known{small}"
    if worth <= 0 or (cost is not None and worth <= cost):
        return f"no{small}"
    if luck is None or luck >= LUCK:
        return f"not shown, may be luck{small}"
    return f"yes{small}" if cost is not None else f"not known: set architecture_cost.{name}{small}"


def _notes(groups: dict[str, Waits]) -> Iterator[str]:
    yield f"restricted means are within {HORIZON:.0f} days; days that the median saves are no promise for the slowest"
    yield "by luck: log-rank within each region and segment, so that who began with what does not count"
    if (several := len(set(groups) - {NONE})) > 1:
        yield (
            f"of {several} architectures each counts as one of them (Holm): luck alone sets one apart in "
            f"{percent(LUCK, 0)} of such tables"
        )
    for name, found in groups.items():
        if found.reached < SMALL:
            yield f"{name}: only {found.reached} got there, fewer than {SMALL}: read its curve with care"


def _sentence(rows: list[tuple[Cell, ...]], counts: Mapping[str, float]) -> str:
    told = [row for row in rows if isinstance(row[3], float)]
    if not told:
        return "Fewer than half of the accounts got to a first production event with any architecture."
    best = min(told, key=lambda row: row[3] if isinstance(row[3], float) else 0.0)
    none = next((row for row in told if row[0] == NONE), None)
    half = f"Half of the accounts that began with {best[0]} are there after {best[3]:.0f} days"
    if none is None or best is none:
        return f"{half}."
    luck = "" if counts.get(str(best[0]), 1.0) < LUCK else ", which may be luck"
    return f"{half}, {none[3]:.0f} without one{luck}."


def _headings(evidence: Evidence) -> tuple[Heading, ...]:
    return (
        Heading("architecture"),
        Heading("with access", "accounts", 0),
        Heading("got there", "accounts", 0),
        Heading("median", "days", 0),
        Heading("median's interval"),
        Heading("restricted mean", "days"),
        Heading("days saved", "95 % interval"),
        Heading("by luck", "log-rank p", 4),
        Heading("brings in a year", evidence.currency, 0),
        Heading("costs in a year", evidence.currency, 0),
        Heading("pays for itself"),
    )


exhibit = Exhibit(
    name="adoption.time_to_value",
    question="How long until a first production use, and does a reference architecture pay for itself?",
    build=build,
)
