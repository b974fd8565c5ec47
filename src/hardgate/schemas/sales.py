"""What was sold: account, product, pool and month, net of discounts."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="sales",
    meaning="net revenue and quantity sold",
    columns=(
        Column("account", "text", "customer account"),
        Column("product", "text", "product"),
        Column("pool", "text", "pool that served it; null stays unallocated", nullable=True),
        Column("month", "date", "first day of the month"),
        Column("quantity", "number", "GPU-hours sold", unit="GPU-hours", nullable=True),
        Column(
            "net_revenue",
            "money",
            "revenue after discounts and credits",
            unit="currency",
        ),
        Column(
            "variable_cost",
            "money",
            "cost that goes away when the unit is not sold; null is unknown",
            unit="currency",
            nullable=True,
        ),
        Column("currency", "text", "currency of the amounts"),
    ),
    key=("account", "product", "pool", "month"),
    day="month",
    every="month",
)
