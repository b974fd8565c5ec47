"""Whether the cloud earns more of what it sells: its margin now less that of the same period a year before.

The profit is the segment's adjusted EBITA, else its operating income; the reading says which. By quarter where a year
of them is known, else by year. Wrong when costs were moved between segments.

Source: METHODS 15.

>>> round(10556 / 118028 - 6121 / 106374, 4)
0.0319
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics import cloud
from hardgate.metrics.margins import by_quarter_or_year, year_before
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the change of the cloud's margin over a year."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    profit = cloud.profit_where(evidence, company)
    if profit is None:
        return nothing_of(company, ("profit of the cloud segment",))
    found = by_quarter_or_year(evidence, company, profit, cloud.where(evidence, company))
    before = year_before(found, found[-1]) if found else None
    if before is None:
        return nothing_of(company, (f"{profit[0]} and revenue of the cloud, now and a year before,",))
    now = found[-1]
    facts = (("margin", now.value), ("margin_year_before", before.value))
    cited = f"{profit[0]} over cloud revenue: {now.cited}; {before.cited}"
    return Found(now.value - before.value, facts, now.end, cited, now.status, now.restated or before.restated,
                 months=now.months)  # fmt: skip


metric = Metric(
    name="segment_margin_step",
    meaning="change of the cloud segment's margin over a year",
    unit="share",
    better=Better.HIGHER,
    denominator="revenue of the cloud segment",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.DERIVED,
)
