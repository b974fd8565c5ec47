"""What an hour of sales brings with the accounts that are there, beside what it brings with new logos.

One row for everything and for each region and segment in which both can be told. Wrong when one sales team does
the easy work: an average hour is not the next one.

Source: METHODS 8.

>>> told(150.0, 100.0, 120.0, 90.0)
'not settled'
"""

from datetime import timedelta

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Reading, Rows, Scope, Table
from hardgate.metrics.columns import cells, dates
from hardgate.metrics.expansion_contribution_per_hour import metric as expansion_contribution_per_hour
from hardgate.metrics.new_logo_contribution_per_hour import metric as new_logo_contribution_per_hour
from hardgate.metrics.sales_effort import BRING, EXPANSION, LOST, NEW, ROLLUP, WON

WINDOW = "12m"
METRICS = (expansion_contribution_per_hour, new_logo_contribution_per_hour)


def build(evidence: Evidence) -> Table:
    """Build one row for everything and for each region and segment."""
    rows = evidence.rows(ROLLUP)
    if not rows.count:
        return Table("", missing=f"no opportunities: {BRING}")
    end = min(evidence.last_complete(name) for name in (ROLLUP, "revenue_month")) + timedelta(days=1)
    window = window_ending(WINDOW, end)
    pairs = sorted(
        {
            (str(region), str(segment))
            for region, segment in zip(cells(rows, "region"), cells(rows, "segment"), strict=True)
            if region is not None and segment is not None
        }
    )
    scopes = [EVERYTHING, *(Scope.of(region=region, segment=segment) for region, segment in pairs)]
    built = [_row(evidence, scope, window) for scope in scopes]
    whole = evidence.reading(METRICS[1], EVERYTHING, window)
    counts = _counts(rows, window)
    placed, total = sum(count for place, count in counts.items() if None not in place), sum(counts.values())
    told_of = [_closed(evidence.reading(one, EVERYTHING, window)) for one in METRICS]
    return Table(
        sentence=_sentence(evidence, built[0]),
        headings=_headings(evidence),
        rows=tuple(built),
        closing=f"closed: {placed} in {len(pairs)} places + {total - placed} without one = {total} in all",
        closes=None if None in told_of else sum(one or 0 for one in told_of) == total,
        notes=(f"closed from {window}", *([whole.because] if whole.value is None else [])),
        batches=evidence.batches(ROLLUP),
    )


def _counts(rows: Rows, window: Window) -> dict[tuple[str | None, str | None], int]:
    """Return how many opportunities of either kind were closed in a window, by region and segment."""
    found: dict[tuple[str | None, str | None], int] = {}
    columns = (cells(rows, name) for name in ("region", "segment", "kind", "stage"))
    for region, segment, kind, stage, day in zip(*columns, dates(rows, "closed_on"), strict=True):
        if kind in {EXPANSION, NEW} and stage in {WON, LOST} and day is not None and day in window:
            found[region, segment] = found.get((region, segment), 0) + 1
    return found


def _row(evidence: Evidence, scope: Scope, window: Window) -> tuple[Cell, ...]:
    there, new = (evidence.reading(one, scope, window) for one in METRICS)
    verdict = ""
    if there.low is not None and there.high is not None and new.low is not None and new.high is not None:
        verdict = told(there.high, there.low, new.high, new.low)
    return (str(scope), there.value, _interval(there), _closed(there), new.value, _interval(new), _closed(new), verdict)


def told(there_high: float, there_low: float, new_high: float, new_low: float) -> str:
    """Say where the next hour should go."""
    if new_low >= there_high:
        return "new logos"
    return "accounts that are there" if new_high < there_low else "not settled"


def _interval(reading: Reading) -> str:
    return "" if reading.low is None or reading.high is None else f"[{reading.low:,.0f}, {reading.high:,.0f}]"


def _closed(reading: Reading) -> int | None:
    facts = dict(reading.facts)
    return int(facts["closed"]) if "closed" in facts else None


def _sentence(evidence: Evidence, row: tuple[Cell, ...]) -> str:
    if not isinstance(row[1], float) or not isinstance(row[4], float):
        return "What an hour of sales brings cannot be told for both kinds yet."
    return (
        f"An hour of sales brings {evidence.currency} {row[1]:,.0f} with accounts that are there "
        f"and {evidence.currency} {row[4]:,.0f} with new logos."
    )


def _headings(evidence: Evidence) -> tuple[Heading, ...]:
    money = f"{evidence.currency} an hour"
    return (
        Heading("where"),
        Heading("accounts that are there", money, 0),
        Heading("its interval"),
        Heading("expansions closed", "", 0),
        Heading("new logos", money, 0),
        Heading("its interval "),
        Heading("new logos closed", "", 0),
        Heading("the next hour goes to"),
    )


exhibit = Exhibit(
    name="adoption.sales_hours",
    question="What does an hour of sales bring with the accounts that are there, beside new logos?",
    build=build,
)
