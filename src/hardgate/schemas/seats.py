"""Seats that accounts pay for by the month, whatever they use."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="seats",
    meaning="seats and their fees, by account, product and month",
    columns=(
        Column("account", "text", "customer account"),
        Column("product", "text", "product"),
        Column("month", "date", "first day of the month"),
        Column("seats", "integer", "seats paid for"),
        Column("fee", "money", "charged for the seats, after discounts", unit="currency"),
        Column("currency", "text", "currency of the fee"),
        Column("included_tokens", "integer", "tokens included in a seat; null is no limit", nullable=True),
    ),
    key=("account", "product", "month"),
    day="month",
    every="month",
)
