"""The subsidy schedule: what each city may give away a month, from a day up to another. An active one asks to go on."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="subsidies",
    meaning="schedule of subsidies by city",
    columns=(
        Column("city", "text", "city"),
        Column("from_date", "date", "first day"),
        Column("to_date", "date", "day after the last one; null is open", nullable=True),
        Column("amount_per_month", "money", "what may be given a month", unit="currency"),
        Column("currency", "text", "currency of the amount"),
        Column("requested_by", "text", "who asks for it", nullable=True),
    ),
    key=("city", "from_date"),
    day="from_date",
    register=True,
)
