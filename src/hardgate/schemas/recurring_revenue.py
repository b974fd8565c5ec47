"""What each account pays a month, by product, and for which AI feature where it is for one."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="recurring_revenue",
    meaning="recurring revenue by account, product and month",
    columns=(
        Column("account", "text", "customer account"),
        Column("product", "text", "product"),
        Column("feature", "text", "AI feature that the amount is for; null is the base workload", nullable=True),
        Column("month", "date", "first day of the month"),
        Column("amount", "money", "revenue after discounts and credits", unit="currency"),
        Column("variable_cost", "money", "cost that goes away with the revenue", unit="currency", nullable=True),
        Column("gpu_hours", "number", "GPU-hours that served it", unit="GPU-hours", nullable=True),
        Column("currency", "text", "currency of the amounts"),
    ),
    key=("account", "product", "feature", "month"),
    day="month",
    every="month",
)
