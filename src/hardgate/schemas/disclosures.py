"""What companies said in words: a sentence a row, with the document that it stands in.

A row of topic `document` says that the document was read, so that nothing found is told apart from nothing read.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="disclosures",
    meaning="sentences of published documents",
    columns=(
        Column("company", "text", "company, or our own name for it"),
        Column("document", "text", "accession number or name of the document"),
        Column("sentence_no", "integer", "number of the sentence in the document; 0 is the document itself"),
        Column("topic", "text", "what the sentence is about; `document` for the document itself"),
        Column("sentence", "text", "the sentence as it stands", nullable=True),
        Column("said_on", "date", "day it was said, or the last day of the period that the document is about"),
        Column("document_digest", "text", "SHA-256 of the document; null is that of the batch", nullable=True),
        Column("filed", "date", "day the document was filed; the day it was known", nullable=True),
    ),
    key=("company", "document", "sentence_no", "topic"),
    day="said_on",
    known="filed",
)
