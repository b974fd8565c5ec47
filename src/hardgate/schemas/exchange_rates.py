"""Dated exchange rates: one unit of the first currency in units of the second."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="exchange_rates",
    meaning="exchange rates",
    columns=(
        Column("from_currency", "text", "currency converted"),
        Column("to_currency", "text", "currency it is converted to"),
        Column("day", "date", "first day of this rate"),
        Column("rate", "number", "units of the second currency for one of the first"),
    ),
    key=("from_currency", "to_currency", "day"),
    day="day",
)
