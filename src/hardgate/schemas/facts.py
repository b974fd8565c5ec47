"""What companies published: one figure a row, with the place in the document where it stands.

A figure that a later document states otherwise is a row of its own, known from the day that document was filed.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="facts",
    meaning="published figures of companies",
    columns=(
        Column("company", "text", "company, or our own name for it"),
        Column("concept", "text", "what the document calls the figure; tag or row"),
        Column("segment", "text", "segment or dimension; null is the whole company", nullable=True),
        Column("period_start", "date", "first day of the period; null is a figure of one day", nullable=True),
        Column("period_end", "date", "last day of the period"),
        Column("value", "money", "the figure, in units of `unit`"),
        Column("unit", "text", "RMB mn, USD bn, currency, ratio, %, per share, shares or count"),
        Column("currency", "text", "currency, where the unit does not say it", nullable=True),
        Column("denominator", "text", "what a ratio is a share of", nullable=True),
        Column(
            "definition", "text", "the issuer's own definition, or the name of the line it is defined by", nullable=True
        ),
        Column(
            "taxonomy",
            "text",
            "us-gaap, ifrs-full or html where a document was read; null is the owner's own table",
            nullable=True,
        ),
        Column("measure", "text", "our name of the concept; null is not known to us", nullable=True),
        Column("method", "text", "reported, rounded, derived or secondary; null is reported", nullable=True),
        Column("rounding", "money", "the last place that is printed, in units of `unit`", nullable=True),
        Column("document", "text", "accession number or name of the document", nullable=True),
        Column("document_digest", "text", "SHA-256 of the document; null is that of the batch", nullable=True),
        Column("table_name", "text", "table of the document", nullable=True),
        Column("row_name", "text", "row of that table", nullable=True),
        Column("column_name", "text", "column of that table", nullable=True),
        Column("form", "text", "form of the filing", nullable=True),
        Column("filed", "date", "day the document was filed; the day it was known", nullable=True),
    ),
    key=("company", "concept", "segment", "period_start", "period_end", "unit", "currency", "document"),
    day="period_end",
    known="filed",
)
