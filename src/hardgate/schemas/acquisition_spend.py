"""What was spent to win new customers, by city, channel and day."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="acquisition_spend",
    meaning="spend to win new customers",
    columns=(
        Column("city", "text", "city; null stays unallocated", nullable=True),
        Column("channel", "text", "where it was spent"),
        Column("day", "date", "day"),
        Column("amount", "money", "amount spent", unit="currency"),
        Column("currency", "text", "currency of the amount"),
    ),
    key=("city", "channel", "day"),
    day="day",
)
