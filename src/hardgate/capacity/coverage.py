"""What customers are bound to pay for each tranche, by how few of them, and for how long.

Coverage before haircuts, after them, and with no single name above its cap; the largest and the five largest customers;
the months from going live in which what counts covers what is needed, one after the other; and the next date that
decides. Wrong when contracts that fill live GPUs are not pledged to them.

Source: METHODS 3, backlog coverage. RPO is ASC 606-10-50-13; backlog is the issuer's own definition.

>>> exhibit.question
'How much of what each tranche needs is contracted, and by how few?'
"""

from datetime import date, timedelta

from hardgate.capacity.position import WINDOW
from hardgate.core.days import Window, add_months, window_ending
from hardgate.core.money import cents
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics import revenue_needed
from hardgate.metrics.backlog import backlog, cap
from hardgate.metrics.backlog_coverage import metric as backlog_coverage
from hardgate.metrics.backlog_coverage_haircut import metric as backlog_coverage_haircut
from hardgate.metrics.backlog_coverage_raw import metric as backlog_coverage_raw
from hardgate.metrics.backlog_hhi import metric as backlog_hhi
from hardgate.metrics.backlog_top_customer import metric as backlog_top_customer
from hardgate.metrics.cancel_share import curve
from hardgate.metrics.columns import cells
from hardgate.metrics.commitments import Servable, first_whole_month, servable
from hardgate.metrics.ownership_cost import life_months
from hardgate.metrics.planned import Planned, open_tranches
from hardgate.metrics.reporting_currency import converted

METRICS = (backlog_coverage_raw, backlog_coverage_haircut, backlog_coverage, backlog_hhi, backlog_top_customer)


def build(evidence: Evidence) -> Table:
    """Build one row a tranche that is still open."""
    found = open_tranches(evidence)
    if not found:
        return Table("", missing="no open tranche: bring capacity_plan")
    if not evidence.rows("contract_month").count:
        return Table("", missing="no commitments of customers: bring contracts")
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    rows = [_row(evidence, window, one, scope) for one, scope in found]
    notes = [
        f"{one.tranche}: {evidence.reading(metric, scope, window).because}"
        for (one, scope), row in zip(found, rows, strict=True)
        for metric, cell in zip(METRICS[:3], row[1:4], strict=True)
        if cell is None
    ]
    return Table(
        sentence=_sentence(rows[0]),
        headings=_headings(),
        rows=tuple(rows),
        notes=(*dict.fromkeys(notes), _obligations(evidence)),
        batches=evidence.batches("contract_month"),
    )


def _row(evidence: Evidence, window: Window, planned: Planned, scope: Scope) -> tuple[Cell, ...]:
    readings = [evidence.reading(metric, scope, window).value for metric in METRICS]
    life = Window(
        first_whole_month(planned.live_date),
        add_months(first_whole_month(planned.live_date), life_months(evidence, scope)),
    )
    found = servable(evidence, scope, life)
    needed = revenue_needed.per_month(evidence, scope, window, planned)
    months = None if found is None or isinstance(needed, str) else _covered(evidence, scope, found, needed, planned)
    return (planned.tranche, *readings, _top_five(found), months, str(_next(evidence, planned) or "none"))


def _top_five(found: Servable | None) -> float | None:
    sums = (
        []
        if found is None
        else sorted(
            (sum(one.amount for one in mine) for mine in found.by_customer(enforceable=True).values()), reverse=True
        )
    )
    return round(sum(sums[:5]) / sum(sums), 4) if sum(sums) else None


def _covered(evidence: Evidence, scope: Scope, found: Servable, needed: float, planned: Planned) -> int:
    """Count months from going live, one after the other, in which what counts covers what is needed."""
    ramp, months = revenue_needed.ramp(planned.ramp_months or 0), 0
    month = found.window.start
    while month < found.window.end:
        mine = Servable(planned, found.window, tuple(one for one in found.commitments if one.month == month), ())
        load = ramp[months] if months < len(ramp) else 1.0
        if backlog(evidence, scope, mine).coverage(needed * load, cap(evidence, scope)) < 1:
            break
        months, month = months + 1, add_months(month, 1)
    return months


def _next(evidence: Evidence, planned: Planned) -> date | None:
    """Return the next day on which a decision is due: the commit date, or a step of the cancel fee."""
    days = [planned.commit_date, *(day for day, _ in curve(evidence, planned))]
    return min((day for day in days if day >= evidence.as_of), default=None)


def _obligations(evidence: Evidence) -> str:
    """Say what remains of all contracts from today, as the two columns that they are."""
    ahead = Window(evidence.as_of.replace(day=1), date.max)
    rows = evidence.rows("contract_month", window=ahead)
    said = []
    for column, words in (
        ("rpo", "remaining performance obligations"),
        ("backlog", "backlog as the contracts define it"),
    ):
        known = [value is not None for value in cells(rows, column)]
        total = converted(evidence, rows, column).total if all(known) else None
        amount = "not known" if total is None else f"{evidence.currency} {cents(total):,}"
        said.append(f"{words} {amount}")
    return f"from this month on: {', '.join(said)}"


def _sentence(row: tuple[Cell, ...]) -> str:
    raw, capped = row[1], row[3]
    if not isinstance(capped, float) or not isinstance(raw, float):
        return f"What is contracted for {row[0]} cannot be held against what it needs."
    return f"{row[0]} is covered {capped:.2f} times after haircuts and the cap on single names, {raw:.2f} times before."


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("tranche"),
        Heading("before haircuts", "x", 2),
        Heading("after haircuts", "x", 2),
        Heading("and capped", "x", 2),
        Heading("HHI", "", 3),
        Heading("largest customer of what must be paid", "share"),
        Heading("five largest of what must be paid", "share"),
        Heading("covered", "months", 0),
        Heading("next decision"),
    )


exhibit = Exhibit(
    name="capacity.coverage",
    question="How much of what each tranche needs is contracted, and by how few?",
    build=build,
)
