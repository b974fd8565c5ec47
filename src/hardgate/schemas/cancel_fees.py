"""What cancelling a tranche costs from a date on. Each row holds until the next date of the same tranche."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="cancel_fees",
    meaning="fees for cancelling a tranche, by date",
    columns=(
        Column("tranche", "text", "tranche of the capacity plan"),
        Column("from_date", "date", "first day on which this fee is due"),
        Column("fee", "money", "fee for cancelling on or after that day", unit="currency"),
        Column("currency", "text", "currency of the fee"),
        Column("agreed_on", "date", "day the schedule of fees was agreed; the day it was known", nullable=True),
    ),
    key=("tranche", "from_date"),
    day="from_date",
    known="agreed_on",
    register=True,
)
