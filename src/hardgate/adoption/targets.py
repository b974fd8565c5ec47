"""Which accounts to call first: those whose attaching is likely, worth something, and worth the GPU-hours it takes.

The chance to pay for an AI feature within a quarter, times what accounts like it bring in a year, less the GPU-hours
that would take where the region is full, at the shadow price there. Beside it stands the value for each of
these GPU-hours. The list is scored on past months that it had not seen: are its chances true, and how much of what came
lies in its top tenth, beside a random and a largest-first list. Where accounts of the list were called by lot, what a
call adds to the chance takes its place. Wrong when the list is followed and nobody is drawn by lot: a likely account
may have come by itself.

Source: METHODS 8, targets.

>>> net(0.25, 1000.0, 100.0, 4.0)
150.0
"""

from datetime import date, timedelta
from math import inf, isfinite
from typing import Any

import numpy as np

from hardgate.adoption.target_model import FEWEST, HISTORY, Facts, evaluation, learned, payers_of, snapshot, worth
from hardgate.adoption.target_prices import prices
from hardgate.adoption.target_uplift import FEWEST as FEWEST_DRAWN
from hardgate.adoption.target_uplift import Lot, added, cases, scored
from hardgate.core.days import Window, add_months, month_of, months_between
from hardgate.core.percent import percent
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_REVENUE, BRING_USAGE, Account, accounts
from hardgate.metrics.account_revenue import Revenue, months_before, revenue
from hardgate.metrics.columns import cells, dates, whole
from hardgate.metrics.expansion import HELD_OUT, OFFERED
from hardgate.metrics.feature_use import ROLLUP, paid_use

MONTHS = 30
SHOWN = 20
CENT = 0.01
VALUE = 5
"""Where a ranked row holds what it is worth."""
LOTS = (OFFERED, HELD_OUT)
COSTS = "bring variable cost and GPU-hours of the AI features in recurring_revenue"
ROLLUPS = ("account", "feature_usage_day", "revenue_month")


def build(evidence: Evidence) -> Table:
    """Build the list of accounts, best first."""
    end = min(evidence.last_complete(name) for name in ROLLUPS) + timedelta(days=1)
    found = accounts(evidence, EVERYTHING)
    paid = revenue(evidence, EVERYTHING, months_before(end, MONTHS), found)
    use = paid_use(evidence, EVERYTHING, Window(date.min, end))
    if not found or not paid.months or use is None:
        lacking = BRING_ACCOUNTS if not found else BRING_REVENUE if not paid.months else BRING_USAGE
        return Table("", missing=f"nothing to rank: {lacking}")
    priced = prices(evidence, sorted({one.region for one in found.values()}), end)
    plain = _plain(evidence, found, paid, use.first_days(), priced.by_region)
    told = evidence.kept("adoption.targets", plain, lambda: _told(plain))
    if told is None:
        short = f"fewer than {FEWEST} accounts paid within a quarter of a month with {HISTORY} months before it"
        return Table("", missing=f"nothing to learn from: {short}; bring more months of recurring_revenue")
    if told["ranked"] is None:
        return Table("", missing=f"what AI features bring is not known of any account that pays: {COSTS}")
    by_lot = told["lot"] is not None
    rows = [_row(found[name], numbers, priced.by_region, by_lot=by_lot) for name, *numbers in told["ranked"]]
    value = sum(one[VALUE] for one in told["ranked"])
    shown, rest = (sum(one[VALUE] for one in part) for part in (told["ranked"][:SHOWN], told["ranked"][SHOWN:]))
    return Table(
        sentence=_sentence(evidence, told),
        headings=_headings(evidence, by_lot=by_lot),
        rows=tuple(rows[:SHOWN]),
        closing=f"{evidence.currency} {shown:,.0f} of {min(SHOWN, len(rows))} accounts shown + {rest:,.0f} of "
        f"{max(len(rows) - SHOWN, 0)} others = {value:,.0f} of {len(rows)} accounts",
        closes=abs(value - shown - rest) < CENT,
        notes=(
            *_left_out(told["left_out"]),
            *_evaluated(told["evaluation"]),
            _by_lot(told["lot"]),
            *priced.notes,
            *paid.gaps,
            *use.gaps,
        ),
        batches=tuple(sorted({*priced.batches, *(batch for name in ROLLUPS for batch in evidence.batches(name))})),
    )


def net(chance: float, brings: float, gpu_hours: float, price: float) -> float:
    """Return what attaching is worth by its chance: contribution less GPU-hours at what they earn."""
    return chance * (brings - gpu_hours * price)


def _plain(
    evidence: Evidence, found: dict[str, Account], paid: Revenue, first: dict[str, date], prices: dict[str, float]
) -> dict[str, Any]:
    """Return what the list depends on, as plain JSON."""
    start = paid.months[0]
    regions, segments = (sorted({getattr(one, kind) for one in found.values()}) for kind in ("region", "segment"))
    rows = []
    tried = _tried(evidence, list(found), paid.months)
    last = add_months(paid.months[-1], 1)
    for at, one in enumerate(found.values()):
        alive = one.eligible(last - timedelta(days=1))
        rows.append({
            "name": one.name,
            "access": None if one.access_granted is None else months_between(start, one.access_granted),
            "adopted": months_between(start, first[one.name]) if one.name in first else None,
            "groups": [
                *(one.region == r for r in regions[1:]), *(one.segment == s for s in segments[1:]),
                one.architecture is not None,
            ],
            "base": _listed(paid.base[at]), "brought": _listed(paid.contribution[at]),
            "took": _listed(paid.gpu_hours[at]),
            "tried": tried[at].tolist(), "price": round(prices[one.region], 6), "alive": alive,
            "drawn": months_between(start, one.offered_on) if one.offered_on and one.offer in LOTS else None,
            "called": one.offer == OFFERED,
        })  # fmt: skip
    return {"accounts": rows}


def _listed(values: Any) -> list[float | None]:  # noqa: ANN401  an array
    return [None if not isfinite(one) else round(one, 4) for one in values.tolist()]


def _tried(evidence: Evidence, names: list[str], months: tuple[date, ...]) -> Any:  # noqa: ANN401  an array
    """Return the events that nobody paid for, by account and month."""
    rows = evidence.rows(ROLLUP, EVERYTHING, Window(months[0], add_months(months[-1], 1)))
    every, charged = whole(rows, "events"), whole(rows, "paid_events")
    free = np.where(every.known & charged.known, every.values - charged.values, 0)
    at, column = ({one: i for i, one in enumerate(listed)} for listed in (names, months))
    found = np.zeros((len(names), len(months)), np.int64)
    for i, (who, day) in enumerate(zip(cells(rows, "account"), dates(rows, "day"), strict=True)):
        if free[i] and str(who) in at and day is not None and month_of(day) in column:
            found[at[str(who)], column[month_of(day)]] += free[i]
    return found


def _told(plain: dict[str, Any]) -> dict[str, Any] | None:
    """Rank the accounts that do not pay yet, and score the lists of the past."""
    rows = plain["accounts"]
    filled = {
        name: np.array([[np.nan if one is None else one for one in row[name]] for row in rows], dtype=np.float64)
        for name in ("base", "brought", "took", "tried")
    }
    when = {
        name: np.array([inf if row[name] is None else row[name] for row in rows], dtype=np.float64)
        for name in ("access", "adopted")
    }
    groups = np.array([row["groups"] for row in rows], dtype=np.float64)
    facts = Facts(
        filled["base"], filled["tried"], when["access"], when["adopted"], groups, filled["brought"], filled["took"]
    )
    price = np.array([row["price"] for row in rows], dtype=np.float64)
    model = learned(facts, facts.months)
    if model is None:
        return None
    who, features = snapshot(facts, facts.months)
    chances = model.chances(features)
    drawn = np.array([inf if row["drawn"] is None else row["drawn"] for row in rows], dtype=np.float64)
    seen = cases(facts, Lot(drawn, np.array([row["called"] for row in rows], np.bool_)))
    call, lot = added(seen), scored(seen)
    counts = chances if call is None or lot is None else call.to(features)
    brings, takes = worth(facts, who, facts.months)
    if who.size and not np.isfinite(brings).any():
        return {"ranked": None}
    ranked = []
    for i, at in enumerate(who.tolist()):
        if not isfinite(when["adopted"][at]) and rows[at]["alive"]:
            chance, counted, year, hours = (float(one[i]) for one in (chances, counts, brings, takes))
            value = net(counted, year, hours, float(price[at]))
            numbers = (chance, float(facts.base[at, -1]), year, hours, value, counted)
            ranked.append([rows[at]["name"], *(round(one, 4) + 0.0 for one in numbers)])
    ranked.sort(key=lambda row: (-row[VALUE], row[0]))
    return {
        "ranked": ranked, "evaluation": evaluation(facts, price), "lot": lot if call is not None else None,
        "left_out": payers_of(facts, facts.months)[1],
    }  # fmt: skip


def _row(account: Account, numbers: list[float], prices: dict[str, float], *, by_lot: bool) -> tuple[Cell, ...]:
    chance, base, brings, takes, value, counted = numbers
    scarce = prices[account.region] > 0
    each = round(counted * brings / takes, 4) if takes > 0 and scarce else None
    names, adds = (account.name, account.region, account.segment), (round(counted, 4),) if by_lot else ()
    return (*names, round(base, 2), round(chance, 4), *adds, round(brings, 2), round(takes, 1), each, round(value, 2))


def _sentence(evidence: Evidence, told: dict[str, Any]) -> str:
    ranked, scored = told["ranked"], told["evaluation"]
    if not ranked:
        return "Every active account with access pays for an AI feature already."
    name, chance, value = ranked[0][0], ranked[0][1], ranked[0][VALUE]
    why = (
        f"{percent(chance, 0)} likely"
        if told["lot"] is None
        else f"a call adds {percent(ranked[0][VALUE + 1], 0)} to its chance"
    )
    first = f"Call {name} first: {why}, worth {evidence.currency} {value:,.0f} by its chance"
    if scored is None:
        return f"{first}; no past list can be scored yet."
    held, largest = (scored["top"][one] for one in ("value", "largest"))
    tops = f"{percent(held, 0)} of what came, largest-first {percent(largest, 0)}"
    return f"{first}. The top tenth of past lists held {tops}."


def _evaluated(scored: dict[str, Any] | None) -> tuple[str, ...]:
    if scored is None:
        return ("no past list can be scored yet",)
    slope = "not known" if scored["slope"] is None else f"{scored['slope']:.2f}"
    top, lift = scored["top"], scored["lift"]
    cases = f"{scored['snapshots']} past months, {scored['cases']:,} cases, {scored['paid']} paid"
    true = f"said {percent(scored['said'])}, happened {percent(scored['happened'])}, calibration slope {slope}"
    groups = ", ".join(f"{percent(said)} and {percent(came)} of {count}" for said, came, count in scored["groups"])
    value, chance, largest = (percent(top[one]) for one in ("value", "chance", "largest"))
    held = f"{value}; by chance alone {chance}, largest-first {largest}, random {percent(0.1)}"
    less = scored["net"]
    left = f"{less['list']:,.0f}; by chance alone {less['chance']:,.0f}, largest-first {less['largest']:,.0f}"
    lifts = f"{lift['list']:.2f}; by chance alone {lift['chance']:.2f}, largest-first {lift['largest']:.2f}"
    return (
        f"scored on {cases}: {true}, Brier {scored['brier']:.4f}",
        f"by chance, said and happened: {groups}",
        f"of what came, the top tenth by chance times worth held {held}, with hindsight {percent(top['oracle'])}",
        f"less GPU-hours at their worth, the top tenth of the list brought {left}",
        f"lift in the top tenth of the list over random: {lifts}",
    )


def _left_out(accounts: int) -> tuple[str, ...]:
    if not accounts:
        return ()
    return (f"{accounts} accounts that pay are left out of what one brings, since it is not known of them: {COSTS}",)


def _by_lot(told: dict[str, Any] | None) -> str:
    if told is None:
        return (
            f"fewer than {FEWEST_DRAWN} accounts of past lists were called by lot, or held out: the list goes by "
            "chance, and who would have come anyhow counts"
        )
    chance = "not known" if told["chance"] is None else f"{told['chance']:.2f}"
    return (
        f"{told['called']} called and {told['held_out']} held out by lot: Qini coefficient {told['added']:.2f} of the "
        f"list by what a call adds, {chance} by chance"
    )


def _headings(evidence: Evidence, *, by_lot: bool) -> tuple[Heading, ...]:
    return (
        Heading("account"),
        Heading("region"),
        Heading("segment"),
        Heading("pays now", f"{evidence.currency} a month", 0),
        Heading("chance in a quarter", "share"),
        *((Heading("a call adds", "share"),) if by_lot else ()),
        Heading("brings if it attaches", f"{evidence.currency} a year", 0),
        Heading("takes", "GPU-hours a year", 0),
        Heading("value for a scarce GPU-hour", evidence.currency, 2),
        Heading("worth by its chance", evidence.currency, 0),
    )


exhibit = Exhibit(
    name="adoption.targets",
    question="Which active accounts should sales call first, and is the list worth following?",
    build=build,
)
