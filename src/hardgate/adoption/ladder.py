"""From first calls to own data to an own model: how many accounts climb each rung, and how deep they go.

Inference, dataset use and customization are rungs, each reached with the first paid event. Conversion is the share of
those on the rung below that have climbed; depth is what an active account does in a week. Wrong when a feature has
no lower rung: accounts that begin on a higher one count as having climbed.

Source: METHODS 8 and its glossary, activation ladder.

>>> highest({"inference": {"k1", "k2"}, "dataset": {"k2"}, "customization": set()}, "k2")
'dataset'
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_USAGE, accounts, base_on
from hardgate.metrics.columns import cells, whole
from hardgate.metrics.feature_use import ROLLUP, RUNGS, Use, ladder

WINDOW = "8w"
WEEKS = 8


def build(evidence: Evidence) -> Table:
    """Build one row a rung."""
    end = min(evidence.last_complete(name) for name in ("account", ROLLUP)) + timedelta(days=1)
    base = {one.name for one in base_on(accounts(evidence, EVERYTHING).values(), end - timedelta(days=1))}
    if not base:
        return Table("", missing=f"no eligible account: {BRING_ACCOUNTS}")
    ever, now = ladder(evidence, EVERYTHING, Window(date.min, end)), window_ending(WINDOW, end)
    lately = ladder(evidence, EVERYTHING, now)
    if ever is None or lately is None:
        return Table("", missing=f"no use of any feature before {end}: {BRING_USAGE}")
    reached = {rung: climbed(ever, rung) & base for rung in RUNGS}
    rows = [_row(evidence, rung, reached, lately[rung], base, now) for rung in RUNGS]
    standing = [sum(1 for one in sorted(base) if highest(reached, one) == rung) for rung in RUNGS]
    none = len(base) - sum(standing)
    parts = " + ".join(f"{count} on {rung}" for count, rung in zip(standing, RUNGS, strict=True))
    return Table(
        sentence=_sentence(reached, base),
        headings=_headings(),
        rows=tuple(rows),
        closing=f"highest rung: {none} on none + {parts} = {none + sum(standing)} of {len(base)} eligible accounts",
        closes=none + sum(standing) == len(base),
        notes=tuple(dict.fromkeys(gap for use in ever.values() for gap in use.gaps)),
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches(ROLLUP)})),
    )


def climbed(ever: Mapping[str, Use], rung: str) -> frozenset[str]:
    """Return the accounts that reached a rung: they paid on it, or on one above."""
    return frozenset(who for one in RUNGS[RUNGS.index(rung) :] for who in ever[one].who())


def highest(reached: Mapping[str, Collection[str]], account: str) -> str | None:
    """Return the highest rung that an account reached."""
    return next((rung for rung in reversed(RUNGS) if account in reached[rung]), None)


def _row(  # noqa: PLR0913  a rung and what it stands beside
    evidence: Evidence,
    rung: str,
    reached: Mapping[str, Collection[str]],
    lately: Use,
    base: Collection[str],
    window: Window,
) -> tuple[Cell, ...]:
    from hardgate.models.intervals import wilson

    at = RUNGS.index(rung)
    below = base if at == 0 else reached[RUNGS[at - 1]]
    count, among = len(reached[rung]), len(below)
    interval = wilson(count, among, evidence.confidence)
    said = "" if interval is None else f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
    share = round(count / among, 4) if among else None
    active = lately.who() & frozenset(reached[rung])
    events = _events(evidence, rung, active, window)
    deep = round(events / len(active) / WEEKS, 2) if active and events is not None else None
    alive = round(len(active) / count, 4) if count else None
    return (rung, among, count, share, said, alive, deep)


def _events(evidence: Evidence, rung: str, active: Collection[str], window: Window) -> int | None:
    """Return the paid events of active accounts on a rung; None where a count is not known."""
    rows = evidence.rows(ROLLUP, EVERYTHING, window)
    paid, who, rungs = whole(rows, "paid_events"), cells(rows, "account"), cells(rows, "rung")
    mine = [i for i in range(rows.count) if rungs[i] == rung and str(who[i]) in active]
    return sum(int(paid.values[i]) for i in mine) if all(paid.known[i] for i in mine) else None


def _sentence(reached: Mapping[str, Collection[str]], base: Collection[str]) -> str:
    counts = [len(reached[rung]) for rung in RUNGS]
    return (
        f"Of {len(base)} eligible accounts {counts[0]} pay for inference, {counts[1]} use their own data "
        f"and {counts[2]} customize a model."
    )


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("rung"),
        Heading("on the rung below", "accounts", 0),
        Heading("climbed", "accounts", 0),
        Heading("conversion", "share"),
        Heading("conversion's interval"),
        Heading("active of climbed, 8 weeks", "share"),
        Heading("depth", "events a week", 1),
    )


exhibit = Exhibit(
    name="adoption.ladder",
    question="How many accounts climb from inference to their own data and their own model, and how deep do they go?",
    build=build,
    chart=Chart("bars", "rung", ("climbed",)),
)
