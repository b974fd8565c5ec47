"""For customer success: who adopts, who stalls, and what to do next.

Every eligible account stands in one state, by what it paid for in the last four weeks beside the four before. The rows
are the accounts with most revenue among those that need somebody. Wrong for accounts with a season: four weeks of
holiday look like stalling.

Source: METHODS 8.

>>> state(access=True, ever=True, lately=0, before=5, deep=False, tried=False, held_out=False)
'stalled'
"""

from datetime import date, timedelta

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Exhibit, Heading, Table
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_USAGE, Account, accounts, base_on
from hardgate.metrics.account_revenue import months_before, revenue
from hardgate.metrics.columns import cells, whole
from hardgate.metrics.expansion import HELD_OUT
from hardgate.metrics.feature_use import ROLLUP, RUNGS, Use, paid_use

LATELY = timedelta(weeks=4)
SHOWN = 15
NEXT = {
    "stalled": "call: it paid and has stopped",
    "shrinking": "ask what changed: it uses half of what it did",
    "trying": "turn the trial into a contract",
    "not started": "start it on the architecture that gets there fastest",
    "without access": "open access",
    "held out": "leave it alone: it is what a randomised offer is compared with",
    "growing": "offer the next rung: its own data",
    "deep": "ask for a commitment",
}
"""States in the order of their call, and what to do next."""
NEEDY = ("stalled", "shrinking", "trying", "not started")


def build(evidence: Evidence) -> Table:
    """Build the accounts that need somebody, by what they pay."""
    end = min(evidence.last_complete(name) for name in ("account", ROLLUP)) + timedelta(days=1)
    base = base_on(accounts(evidence, EVERYTHING).values(), end - timedelta(days=1))
    use = paid_use(evidence, EVERYTHING, Window(date.min, end))
    if not base or use is None:
        lacking = BRING_USAGE if base else BRING_ACCOUNTS
        return Table("", missing=f"nobody to look after: {lacking}")
    states = _states(evidence, base, use, end)
    paid = _paid(evidence, [one.name for one in base])
    last = use.last_days()
    needy = sorted(
        (one for one in base if states[one.name] in NEEDY), key=lambda one: (-(paid.get(one.name) or 0.0), one.name)
    )
    rows = [
        (
            one.name, one.region, one.segment, states[one.name], _text(last.get(one.name)),
            None if one.name not in paid else round(paid[one.name], 2), NEXT[states[one.name]],
        )
        for one in needy[:SHOWN]
    ]  # fmt: skip
    counts = {name: sum(1 for one in states.values() if one == name) for name in NEXT}
    return Table(
        sentence=_sentence(evidence, counts, sum(paid.get(one.name, 0.0) for one in needy), len(base)),
        headings=_headings(evidence),
        rows=tuple(rows),
        closing=f"{' + '.join(f'{count} {name}' for name, count in counts.items())} = {sum(counts.values())} of "
        f"{len(base)} eligible accounts",
        closes=sum(counts.values()) == len(base),
        notes=use.gaps,
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches(ROLLUP)})),
    )


def state(  # noqa: PLR0913  what is known of an account
    *, access: bool, ever: bool, lately: int, before: int, deep: bool, tried: bool, held_out: bool
) -> str:
    """Return the state of an account; `lately` and `before` are days of paid use in four weeks."""
    if ever and not lately:
        return "stalled"
    if lately and 2 * lately < before:
        return "shrinking"
    if lately:
        return "deep" if deep else "growing"
    if tried:
        return "trying"
    if held_out and not access:
        return "held out"
    return "not started" if access else "without access"


def _states(evidence: Evidence, base: list[Account], use: Use, end: date) -> dict[str, str]:
    now, before = Window(end - LATELY, end), Window(end - 2 * LATELY, end - LATELY)
    lately, earlier = (_days(use.within(window)) for window in (now, before))
    deep = {who for rung in RUNGS[1:] for who in _rung(evidence, now, rung)}
    tried = _tried(evidence, now)
    ever = use.who()
    return {
        one.name: state(
            access=one.access_granted is not None, ever=one.name in ever, lately=lately.get(one.name, 0),
            before=earlier.get(one.name, 0), deep=one.name in deep, tried=one.name in tried,
            held_out=one.offer == HELD_OUT,
        )
        for one in base
    }  # fmt: skip


def _days(use: Use) -> dict[str, int]:
    """Return the days on which each account paid."""
    found: dict[str, set[date]] = {}
    for who, day in zip(use.accounts, use.when, strict=True):
        found.setdefault(who, set()).add(day)
    return {who: len(when) for who, when in found.items()}


def _rung(evidence: Evidence, window: Window, rung: str) -> frozenset[str]:
    found = paid_use(evidence, EVERYTHING, window, rung)
    return frozenset() if found is None else found.who()


def _tried(evidence: Evidence, window: Window) -> set[str]:
    rows = evidence.rows(ROLLUP, EVERYTHING, window)
    events = whole(rows, "events")
    return {str(who) for who, count in zip(cells(rows, "account"), events.values.tolist(), strict=True) if count}


def _paid(evidence: Evidence, names: list[str]) -> dict[str, float]:
    """Return what each account paid in the last complete month; one that is not known is left out."""
    end = evidence.last_complete("revenue_month") + timedelta(days=1)
    found = revenue(evidence, EVERYTHING, months_before(end, 1), names)
    if not found.months:
        return {}
    return {name: float(one) for name, one in zip(found.accounts, found.total[:, -1], strict=True) if np.isfinite(one)}


def _text(day: date | None) -> str:
    return "" if day is None else str(day)


def _sentence(evidence: Evidence, counts: dict[str, int], paid: float, base: int) -> str:
    well = counts["growing"] + counts["deep"]
    needy = sum(counts[name] for name in NEEDY)
    money = f", which pay {evidence.currency} {paid:,.0f} a month" if paid else ""
    return f"{well} of {base} eligible accounts use AI features and keep at it; {needy} need somebody{money}."


def _headings(evidence: Evidence) -> tuple[Heading, ...]:
    return (
        Heading("account"),
        Heading("region"),
        Heading("segment"),
        Heading("state"),
        Heading("paid last on"),
        Heading("pays now", f"{evidence.currency} a month", 0),
        Heading("next"),
    )


exhibit = Exhibit(
    name="adoption.health",
    question="Who adopts, who stalls, and what should customer success do next?",
    build=build,
)
