"""What segments of customers would pay at most for a product, from a survey, a conjoint study or won and lost deals.

A conjoint part-worth is one divided by what its utility loses per unit of price: write that as the column's map.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="reservation_prices",
    meaning="reservation prices of segments",
    columns=(
        Column("segment", "text", "segment"),
        Column("customers", "number", "customers in the segment"),
        Column("product", "text", "product"),
        Column("quantity", "number", "units of the product in a month; null is one", nullable=True),
        Column("value", "money", "the most that one of them would pay for a month", unit="currency"),
        Column("deviation", "money", "standard error of that", unit="currency", nullable=True),
        Column("currency", "text", "currency of the amounts"),
        Column("surveyed_on", "date", "day of the study"),
    ),
    key=("segment", "product", "surveyed_on"),
    day="surveyed_on",
)
