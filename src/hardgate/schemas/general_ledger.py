"""What was booked: account, cost centre and month. An equal cost source beside the bill and the asset register."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="general_ledger",
    meaning="booked amounts by account, cost centre and month",
    columns=(
        Column("account", "text", "ledger account"),
        Column("cost_centre", "text", "cost centre"),
        Column("month", "date", "first day of the month booked"),
        Column("amount", "money", "amount booked; costs are positive", unit="currency"),
        Column("currency", "text", "currency of the amount"),
        Column(
            "pool",
            "text",
            "pool, where the ledger knows it; otherwise by rule",
            nullable=True,
        ),
    ),
    key=("account", "cost_centre", "month", "currency"),
    day="month",
    every="month",
    lines=True,
)
