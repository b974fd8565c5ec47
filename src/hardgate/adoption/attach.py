"""Who pays for AI features among the accounts that could: four rates by region, segment and feature, each by its name.

Unit: accounts that paid in eight weeks. Revenue: what features earn over what the base workloads earn. 90 days:
accounts that paid within 90 days of their access. Weekly: accounts that paid in the last week. Beside them stands
the rate that the next tranche of the region rests on. Wrong when bases are compared that were declared differently.

Source: METHODS 8.

>>> exhibit.question
'How many of the accounts that could attach pay for AI features, and is it what the cases rest on?'
"""

from collections.abc import Iterator
from datetime import timedelta

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Reading, Scope, Table
from hardgate.metrics.account_base import accounts, base_on
from hardgate.metrics.attach_case import metric as attach_case
from hardgate.metrics.attach_cohort_90d import metric as attach_cohort_90d
from hardgate.metrics.attach_revenue import metric as attach_revenue
from hardgate.metrics.attach_unit import metric as attach_unit
from hardgate.metrics.attach_weekly_active import metric as attach_weekly_active
from hardgate.metrics.columns import cells
from hardgate.metrics.feature_use import paid_use

WINDOW = "8w"
FEW = 3
VARIANTS = (attach_unit, attach_revenue, attach_cohort_90d, attach_weekly_active)


def build(evidence: Evidence) -> Table:
    """Build one row for everything, each region, segment and feature."""
    end = min(evidence.last_complete(name) for name in ("account", "feature_usage_day")) + timedelta(days=1)
    window = window_ending(WINDOW, end)
    whole = evidence.reading(attach_unit, EVERYTHING, window)
    if whole.value is None:
        return Table("", missing=whole.because)
    scopes = [EVERYTHING, *_scopes(evidence)]
    read = {scope: evidence.reading(attach_unit, scope, window) for scope in scopes}
    rows = [_row(evidence, scope, window, read[scope]) for scope in scopes]
    regions = [scope for scope in scopes if "region" in scope]
    parts = [_facts(read[scope]) for scope in regions]
    attached, base = (sum(one[i] for one in parts) for i in (0, 1))
    total = _facts(whole)
    return Table(
        sentence=_sentence(whole, rows),
        headings=_headings(),
        rows=tuple(rows),
        closing=f"{attached} attached of {base} accounts in {len(regions)} regions = {total[0]} of {total[1]} in all",
        closes=(attached, base) == total,
        notes=(*_notes(evidence, window), *dict.fromkeys(gap for one in read.values() for gap in one.gaps)),
        batches=whole.batches,
    )


def _scopes(evidence: Evidence) -> Iterator[Scope]:
    for dimension, rollup in (("region", "account"), ("segment", "account"), ("feature", "feature_usage_day")):
        found = {str(one) for one in cells(evidence.rows(rollup), dimension) if one is not None}
        yield from (Scope.of(**{dimension: one}) for one in sorted(found))


def _row(evidence: Evidence, scope: Scope, window: Window, unit: Reading) -> tuple[Cell, ...]:
    others = [evidence.reading(one, scope, window).value for one in VARIANTS[1:]]
    case = evidence.reading(attach_case, scope, window).value if "region" in scope else None
    said = ""
    if case is not None and unit.low is not None and unit.high is not None:
        said = "holds" if unit.low >= case else "misses" if unit.high < case else "not settled"
    name = "everything" if scope == EVERYTHING else f"{scope.parts[0][0]} {scope}"
    count = _facts(unit)[1]
    return (name, count, unit.value, _interval(unit), *others, case if "region" in scope else "", said)


def _interval(reading: Reading) -> str:
    if reading.low is None or reading.high is None:
        return ""
    return f"[{100 * reading.low:.1f}, {100 * reading.high:.1f}]"


def _facts(reading: Reading) -> tuple[int, int]:
    facts = dict(reading.facts)
    return int(facts.get("attached_accounts", 0)), int(facts.get("base_accounts", 0))


def _sentence(whole: Reading, rows: list[tuple[Cell, ...]]) -> str:
    attached, base = _facts(whole)
    said = f"{attached} of {base} eligible accounts paid for an AI feature in eight weeks"
    short = [str(row[0]).removeprefix("region ") for row in rows if row[-1] == "misses"]
    return f"{said}; {', '.join(short)} misses what its case rests on." if short else f"{said}."


def _notes(evidence: Evidence, window: Window) -> tuple[str, ...]:
    """Say what the base is, and how many accounts stand outside it."""
    last = window.end - timedelta(days=1)
    known = accounts(evidence, EVERYTHING)
    inside = len(base_on(known.values(), last))
    outside = len(known) - inside
    base = f"base: accounts eligible on {last}, {outside} others are not yet or no longer"
    use = paid_use(evidence, EVERYTHING, window)
    eligible = {one.name for one in base_on(known.values(), last)}
    strangers = sorted(use.who() - eligible) if use is not None else []
    are = "account paid and is" if len(strangers) == 1 else "accounts paid and are"
    named = f"{len(strangers)} {are} not in the base: {', '.join(strangers[:FEW])}"
    told = (f"{named}; bring {'it' if len(strangers) == 1 else 'them'} in accounts",) if strangers else ()
    return (f"{base}; paid: events outside trials from {window}", *told)


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("where"),
        Heading("eligible", "accounts", 0),
        Heading("unit", "share"),
        Heading("unit's interval"),
        Heading("revenue of base revenue", "share"),
        Heading("within 90 days", "share"),
        Heading("weekly active", "share"),
        Heading("case", "share"),
        Heading("the case"),
    )


exhibit = Exhibit(
    name="adoption.attach",
    question="How many of the accounts that could attach pay for AI features, and is it what the cases rest on?",
    build=build,
)
