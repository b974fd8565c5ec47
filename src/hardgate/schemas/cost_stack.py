"""The declared cost stack: which level each ledger account belongs to, and which amount of an order it is made of.

CM1, CM2 and CM3 are no standard, so the operator says what they are. An account stands in one level and no other.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="cost_stack",
    meaning="level of each account of the city ledger",
    columns=(
        Column("account", "text", "ledger account"),
        Column("level", "text", "CM1, CM2, CM3 or central"),
        Column(
            "order_column",
            "text",
            "column of orders that it books, or acquisition_spend; null has none",
            nullable=True,
        ),
        Column("from_date", "date", "first day on which this holds"),
    ),
    key=("account", "level", "from_date"),
    day="from_date",
    register=True,
)
