"""What all other business is planned to bring, a row a segment and quarter: the programme is held against the whole."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="other_segments",
    meaning="plan of all other segments by quarter",
    columns=(
        Column("segment", "text", "name of the segment"),
        Column("quarter", "date", "first day of the quarter"),
        Column("revenue", "money", "revenue", unit="currency"),
        Column("ebita", "money", "adjusted EBITA", unit="currency"),
        Column("depreciation", "money", "depreciation within EBITA", unit="currency"),
        Column("capex", "money", "capital expenditure", unit="currency"),
        Column(
            "working_capital",
            "money",
            "working capital bound anew; null is taken as none planned",
            unit="currency",
            nullable=True,
        ),
        Column("currency", "text", "currency of the amounts"),
        Column("stated_on", "date", "day the plan became known", nullable=True),
    ),
    key=("segment", "quarter"),
    day="quarter",
    known="stated_on",
)
