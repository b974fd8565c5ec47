"""The sentences in which companies speak of how their capacity is used, each with its document.

Wrong as a measure of anything: what is not said is not known, and a sentence may deny what it names.

Source: METHODS 15.

>>> exhibit.question
'What do companies say of how their capacity is used, and of a lack of it?'
"""

from hardgate.core.terms import Evidence, Exhibit, Heading, Table
from hardgate.metrics.columns import cells
from hardgate.metrics.utilization_disclosures import LAST_DAYS, sentences


def build(evidence: Evidence) -> Table:
    """Build one row a sentence of the last half year."""
    companies = sorted({str(one) for one in cells(evidence.rows("disclosure"), "company") if one is not None})
    if not companies:
        return Table("", missing="no document was read: bring filings and releases as HTML, or disclosures")
    rows = []
    documents = 0
    for company in companies:
        said, read = sentences(evidence, company)
        documents += len(read)
        rows += [(company, str(one["day"]), one["topic"], one["sentence"], one["document"]) for one in said]
    return Table(
        sentence=f"{len(rows)} sentences of {LAST_DAYS} days speak of capacity; {documents} documents were read.",
        headings=(Heading("company"), Heading("said on"), Heading("about"), Heading("sentence"), Heading("document")),
        rows=tuple(rows),
        batches=evidence.batches("disclosure"),
    )


exhibit = Exhibit(
    name="watch.disclosures",
    question="What do companies say of how their capacity is used, and of a lack of it?",
    build=build,
)
