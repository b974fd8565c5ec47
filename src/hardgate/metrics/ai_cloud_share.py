"""What share of external cloud revenue comes from AI products.

As the issuer states it, else the ratio of both figures of one quarter. Wrong to compare across issuers: what counts as
an AI product is each issuer's own definition, which stands beside the figure.

Source: METHODS 15.

>>> metric.denominator
'cloud revenue from external customers'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.margins import margins
from hardgate.metrics.published import QUARTER, series
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of
from hardgate.metrics.stated import WHOLE

STATED = "ai_share_of_external_cloud"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    stated = series(evidence, company, STATED, WHOLE, QUARTER).good
    ratios = margins(evidence, company, ("ai_cloud_revenue", WHOLE), ("external_cloud_revenue", WHOLE))
    if ratios and (not stated or ratios[-1].end > stated[-1].end):
        one = ratios[-1]
        facts = (("ai_cloud_revenue", float(one.profit.value)), ("external_cloud_revenue", float(one.revenue.value)))
        return Found(one.value, facts, one.end, one.cited, one.status, one.restated)
    if stated:
        last = stated[-1]
        return Found(
            float(last.value), ((STATED, float(last.value)),), last.end, last.cited, last.status, last.restated
        )
    return nothing_of(company, ("AI share of external cloud revenue",))


metric = Metric(
    name="ai_cloud_share",
    meaning="share of external cloud revenue from AI products",
    unit="share",
    better=Better.HIGHER,
    denominator="cloud revenue from external customers",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
