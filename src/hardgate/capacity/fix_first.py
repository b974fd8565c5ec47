"""Which leak to close first: each pool's leaks of the ladder in money, the largest first.

A leak's money is its share of the pool's cost, so all rows, what was productive included, add up to what was paid.
Wrong when a leak cannot be closed: idle GPUs that a contract reserves are paid for by somebody; see backlog.

Source: METHODS 1.

>>> exhibit.question
'Which leak costs the most?'
"""

from hardgate.capacity.ladder import period
from hardgate.capacity.leaks import Pool, pools
from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.cost_source import SOURCES, ZERO

SHOWN = 10
FIXES = {
    "maintenance": "return them from maintenance",
    "not allocated": "sell or move them",
    "not active": "reclaim or share what is held idle",
    "lost work": "checkpoint more often, fix what fails",
    "not reported": "bring workload_allocations or pool_usage",
    "not seen": "bring the missing telemetry",
}


def build(evidence: Evidence) -> Table:
    """Build the list of leaks in money, or in GPU-hours where no cost is known."""
    window, paid = period(evidence)
    found = pools(evidence, window, paid)
    leaks = [(pool, name) for pool in found for name in FIXES if pool.parts[name]]
    if not found:
        return Table("", missing="no live pool: bring capacity")
    priced = paid is not None and paid.total is not None
    leaks.sort(key=lambda one: (-(one[0].money(one[1]) or ZERO), -one[0].parts[one[1]], one[0].scope.parts, one[1]))
    rows = [_row(pool, name) for pool, name in leaks[:SHOWN]]
    rest = leaks[SHOWN:]
    if rest:
        money = sum((pool.money(name) or ZERO for pool, name in rest), ZERO) if priced else None
        rows.append((f"{len(rest)} more", "", round(sum(pool.hours(name) for pool, name in rest), 1), cents(money), ""))
    total = sum((pool.money(*FIXES) or ZERO for pool in found), ZERO) if priced else None
    rows.append(
        ("all leaks and what was not seen", "", round(sum(pool.hours(*FIXES) for pool in found), 1), cents(total), "")
    )
    kept = sum((pool.money("productive") or ZERO for pool in found), ZERO)
    spent = sum((pool.cost or ZERO for pool in found if pool.installed), ZERO)
    closes = abs(kept + (total or ZERO) - spent) <= CENT if priced else None
    words = SOURCES[evidence.cost_source].words
    return Table(
        sentence=_sentence(leaks, evidence.currency, priced=priced),
        headings=(
            Heading("pool"), Heading("leak"), Heading("size", "GPU-hours", 0), Heading("cost", "currency", 2),
            Heading("what closes it"),
        ),
        rows=tuple(rows),
        closing=f"these {total:,.2f} + productive {kept:,.2f} = {spent:,.2f} of the {words}" if priced else "",
        closes=closes,
        batches=evidence.batches("pool_day", window),
    )  # fmt: skip


def _row(pool: Pool, name: str) -> tuple[Cell, ...]:
    return (str(pool.scope), name, round(pool.hours(name), 1), cents(pool.money(name)), FIXES[name])


def _sentence(leaks: list[tuple[Pool, str]], currency: str, *, priced: bool) -> str:
    if not leaks:
        return "Nothing leaks: every installed GPU-hour was productive."
    pool, name = leaks[0]
    money = pool.money(name)
    size = short(money, currency) if priced and money is not None else f"{pool.hours(name):,.0f} GPU-hours"
    return f"The largest leak is {name} in {pool.scope}: {size}."


exhibit = Exhibit(
    name="capacity.fix_first",
    question="Which leak costs the most?",
    build=build,
    chart=Chart("bars", "pool", ("cost",)),
)
