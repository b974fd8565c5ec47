"""The books of the delivery business: booked amounts by account, city and month. Revenue is positive, cost negative."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="city_ledger",
    meaning="booked amounts of the cities and of the centre",
    columns=(
        Column("account", "text", "ledger account"),
        Column("city", "text", "city; null is the centre", nullable=True),
        Column("month", "date", "first day of the month booked"),
        Column("amount", "money", "amount booked; revenue is positive, cost negative", unit="currency"),
        Column("currency", "text", "currency of the amount"),
    ),
    key=("account", "city", "month", "currency"),
    day="month",
    every="month",
    lines=True,
)
