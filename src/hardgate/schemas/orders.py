"""What customers ordered: where, when, and every amount that an order brings or costs.

Amounts that an operator does not have are left out of the column map and stay unknown; none of them becomes zero.
Discounts of the platform and of the merchant are two columns: only the first is ours to give.
"""

from hardgate.core.terms import Column, Schema


def _money(name: str, meaning: str) -> Column:
    return Column(name, "money", meaning, unit="currency", nullable=True)


schema = Schema(
    name="orders",
    meaning="orders of customers in cities",
    columns=(
        Column("order_id", "text", "order number"),
        Column("customer", "text", "customer"),
        Column("city", "text", "city; null stays unallocated", nullable=True),
        Column("zone", "text", "delivery zone in the city", nullable=True),
        Column("segment", "text", "segment of the customer", nullable=True),
        Column("product", "text", "product line of the order", nullable=True),
        Column("placed_at", "timestamp", "time it was placed, UTC"),
        Column("delivered_at", "timestamp", "time it was delivered; null is not delivered", nullable=True),
        Column("value", "money", "what the basket costs before discounts and fees", unit="currency"),
        _money("commission", "what the merchant pays us"),
        _money("delivery_fee", "what the customer pays for delivery and service"),
        _money("discount_platform", "discount that we pay for"),
        _money("discount_merchant", "discount that the merchant pays for"),
        _money("courier_cost", "cost of the courier"),
        _money("payment_cost", "cost of the payment"),
        _money("support_cost", "cost of support"),
        _money("refund", "what was paid back; never more than value and delivery fee"),
        Column("currency", "text", "currency of the amounts"),
    ),
    key=("order_id", "placed_at"),
    day="placed_at",
    every="day",
)
