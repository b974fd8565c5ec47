"""How many sentences of the last half year speak of how capacity is used, or of a lack of it.

Each is cited, with its document. None found in documents that were read is none; without a document that was read it is
not known. Wrong when a sentence denies what it names: it is shown whole, for a reader to decide.

Source: METHODS 15.

>>> metric.unit
'sentences'
"""

from datetime import date, timedelta
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of

LAST_DAYS = 183
BRING = "bring filings and releases as HTML, or a table disclosures"


def sentences(evidence: Evidence, company: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the sentences of the last half year, and the documents that were read, newest first."""
    window = Window(evidence.as_of - timedelta(days=LAST_DAYS), evidence.as_of + timedelta(days=1))
    rows = [_whole(one) for one in evidence.rows("disclosure", Scope.of(company=company), window).records()]
    rows = [one for one in rows if one["day"] is not None and one["topic"] is not None]
    rows.sort(key=lambda one: (-one["day"].toordinal(), str(one["document"]), one["sentence_no"] or 0, one["topic"]))
    said = [one for one in rows if one["topic"] != "document" and one["sentence"]]
    return said, [one for one in rows if one["topic"] == "document"]


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("day", "document", "sentence_no", "topic", "sentence")}


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Count the sentences."""
    company = company_of(scope)
    if company is None:
        return answer(metric, evidence, scope, window, nothing_of(None, ()))
    said, documents = sentences(evidence, company)
    days: list[date] = [one["day"] for one in (*said, *documents)]
    if not days:
        lacking = Lacking(f"no document of {company} of the last {LAST_DAYS} days was read", BRING)
        return answer(metric, evidence, scope, window, lacking)
    cited = "; ".join(f'"{one["sentence"]}" ({one["document"]})' for one in said[:2])
    facts = (
        ("sentences", float(len(said))),
        ("documents", float(len({str(one["document"]) for one in (*said, *documents)}))),
    )
    found = Found(float(len(said)), facts, max(days), cited, Status.REPORTED, rollup="disclosure")
    return answer(metric, evidence, scope, window, found)


metric = Metric(
    name="utilization_disclosures",
    meaning="sentences on use of capacity or on a lack of it",
    unit="sentences",
    better=Better.NEITHER,
    digits=0,
    facts=(Fact("disclosure", "sentence_no", "count"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
