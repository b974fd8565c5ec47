"""What is owned, sold, busy and productive, in GPU-hours and in money, down to the last unit of the bill.

Each rung is a share of what is installed, on the same set of GPUs; each leak is what was lost between two rungs, at the
pool's own cost per installed GPU-hour. The money of all rows, the unallocated row included, adds up to the declared
cost source; where another source exists, its total and the difference are printed. Wrong when a pool's charges carry
another pool's key: read the unallocated row and `hardgate doctor`.

Source: METHODS 1; FOCUS 1.2 for EffectiveCost; goodput, Kokolis et al. 2025.

>>> exhibit.question
'Is what we own live, sold, busy and productive?'
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from hardgate.capacity.leaks import LEAKS, PARTS, UNSEEN, Pool, pools
from hardgate.core.days import Window, window_ending
from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.cost_source import SOURCES, ZERO, Cost, cost, months_paid, present

MONTHS = 3
RUNGS = {
    "available": PARTS[1:],
    "allocated": ("not active", "lost work", "not seen", "productive"),
    "active": ("lost work", "productive"),
    "productive": ("productive",),
    "not seen": UNSEEN,
}
"""Which parts a rung surely holds; "not seen" says how much more it may be."""
Row = tuple[Cell, ...]


def build(evidence: Evidence) -> Table:
    """Build the ladder of the last complete months that the cost source knows."""
    window, paid = period(evidence)
    found = pools(evidence, window, paid)
    if not found and paid is None:
        return Table("", missing="no live pool and no cost: bring capacity and a cost source")
    rows = [_row(name, group) for name, group in grouped(found)]
    outside = _outside(found, paid)
    if paid is not None and paid.total is not None:
        rows += [_money_row(name, amount) for name, amount in outside]
        rows.append(_row("total", found, paid.total))
        rows += list(_others(evidence, window, paid))
    elif len(rows) > 1:
        rows.append(_row("total", found))
    closing, closes = (_unpaid(evidence), None) if paid is None else close(found, outside, paid, evidence.currency)
    return Table(
        sentence=_sentence(found, window, paid, evidence.currency),
        headings=_headings(),
        rows=tuple(rows),
        closing=closing,
        closes=closes,
        notes=tuple(_notes(paid, evidence.currency)),
        batches=_batches(evidence, window, paid),
    )


def period(evidence: Evidence) -> tuple[Window, Cost | None]:
    """Return the months to read and what was paid in them; without costs the last complete months."""
    window = months_paid(evidence, evidence.cost_source, MONTHS)
    if window is None:
        end = evidence.last_complete("pool_day") + timedelta(days=1)
        return window_ending(f"{MONTHS}m", end), None
    return window, cost(evidence, evidence.cost_source, window)


def grouped(found: Sequence[Pool]) -> list[tuple[str, list[Pool]]]:
    """Return the pools of each region and accelerator."""
    groups: dict[Scope, list[Pool]] = {}
    for pool in found:
        groups.setdefault(pool.scope.narrowed(("region", "accelerator")), []).append(pool)
    return [(str(scope), group) for scope, group in groups.items()]


def _row(name: str, group: Sequence[Pool], total: Decimal | None = None) -> Row:
    installed = sum(pool.installed for pool in group)
    shares = [
        sum(pool.parts[one] for pool in group for one in held) / installed if installed else None
        for held in RUNGS.values()
    ]
    paid = total if total is not None else _sum(pool.cost for pool in group)
    money = [cents(_sum(pool.money(*names) for pool in group)) for names in (("productive",), LEAKS, UNSEEN)]
    return (name, round(sum(pool.hours(*PARTS) for pool in group), 1), *shares, cents(paid), *money)


def _money_row(name: str, amount: Decimal) -> Row:
    return (name, *[""] * (len(RUNGS) + 1), cents(amount), "", "", "")


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    have = list(amounts)
    return None if None in have or not have else sum((one for one in have if one is not None), ZERO)


def _outside(found: Sequence[Pool], paid: Cost | None) -> list[tuple[str, Decimal]]:
    """Return the money that no GPU-hour carries: pools that were not live, and what no rule gave to a pool."""
    if paid is None or paid.total is None:
        return []
    live = {pool.scope["pool"] for pool in found if "pool" in pool.scope and pool.installed}
    idle = sum((paid.of(name) for name in paid.by_pool if name not in live), ZERO)
    named = [("pools without live GPU-hours", idle)] if any(name not in live for name in paid.by_pool) else []
    return [*named, ("unallocated", paid.unallocated)]


def _unpaid(evidence: Evidence) -> str:
    """Say what to bring where the declared cost source has no rows."""
    other = " or ".join(present(evidence))
    if not other:
        return "no cost source: GPU-hours alone; bring cost_and_usage, general_ledger or asset_register"
    own = evidence.cost_source
    return f"{own} is the declared cost source and has no rows: GPU-hours alone; bring {own}, or declare {other}"


def close(found: Sequence[Pool], outside: Sequence[tuple[str, Decimal]], paid: Cost, currency: str) -> tuple[str, bool]:
    """Return the closing line, and whether all the money of the parts adds up to the cost source within 0.01."""
    words = SOURCES[paid.source].words
    if paid.total is None:
        return f"does not close to the {words}: {'; '.join(paid.gaps)}", False
    productive, leaked, unseen = (
        _sum(pool.money(*names) for pool in found if pool.installed) or ZERO
        for names in (("productive",), LEAKS, UNSEEN)
    )
    rest = sum((amount for _, amount in outside), ZERO)
    parts = productive + leaked + unseen + rest
    difference = parts - paid.total
    line = (
        f"productive {productive:,.2f} + leaked {leaked:,.2f} + not seen {unseen:,.2f} + without GPU-hours {rest:,.2f}"
        f" = {parts:,.2f}; {words} {paid.total:,.2f} {currency}; difference {difference:,.2f}"
    )
    return line, abs(difference) <= CENT


def _others(evidence: Evidence, window: Window, paid: Cost) -> Iterable[Row]:
    for name in present(evidence):
        if name != paid.source:
            other = cost(evidence, name, window)
            yield (
                _money_row(f"{name} instead", other.total)
                if other.total is not None
                else (f"{name} instead", *[""] * 6, None, "", "", "")
            )
            if other.total is not None and paid.total is not None:
                yield _money_row(f"difference to {paid.source}", other.total - paid.total)


def _sentence(found: Sequence[Pool], window: Window, paid: Cost | None, currency: str) -> str:
    installed = sum(pool.installed for pool in found)
    if not installed:
        amount = short(paid.total, currency) if paid is not None and paid.total is not None else "an unknown amount"
        return f"From {window}, {amount} was paid and no pool was live to carry it."
    share = sum(pool.parts["productive"] for pool in found) / installed
    unseen = sum(pool.parts[name] for pool in found for name in UNSEEN) / installed
    most = f" and at most {100 * (share + unseen):.1f} %" if unseen else ""
    return f"From {window}, {100 * share:.1f} %{most} of the installed GPU-hours were productive."


def _headings() -> tuple[Heading, ...]:
    shares = tuple(Heading(f"{name} of installed", "share") for name in RUNGS)
    money = tuple(
        Heading(name, "currency", 2) for name in ("cost", "cost of productive", "cost of leaks", "cost of not seen")
    )
    return (Heading("region / accelerator"), Heading("installed", "GPU-hours", 0), *shares, *money)


def _notes(paid: Cost | None, currency: str) -> Iterable[str]:
    if paid is None:
        return
    foreign = {name: amount for name, amount in paid.own.items() if name != currency}
    if foreign and paid.total is not None:
        amounts = ", ".join(short(amount, name) for name, amount in sorted(paid.own.items()))
        yield f"paid as {amounts}; converted by dated rates: {short(paid.total, currency)}"


def _batches(evidence: Evidence, window: Window, paid: Cost | None) -> tuple[str, ...]:
    found = set(evidence.batches("pool_day", window))
    if paid is not None:
        found |= set(evidence.batches(SOURCES[paid.source].rollup, window))
    return tuple(sorted(found))


exhibit = Exhibit(
    name="capacity.ladder",
    question="Is what we own live, sold, busy and productive?",
    build=build,
)
