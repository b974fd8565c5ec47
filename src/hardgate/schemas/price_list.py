"""What products cost by list, effective-dated: one row a product and unit."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="price_list",
    meaning="list prices",
    columns=(
        Column("product", "text", "product"),
        Column(
            "unit",
            "text",
            "seat_month, gpu_hour, call, gb_month, or tokens of a kind: input, output, cache_read, cache_write, "
            "reasoning",
        ),
        Column("per", "number", "units that the price is for, such as 1000000 tokens", nullable=True),
        Column("price", "money", "price, without tax", unit="currency", least=0),
        Column("currency", "text", "currency of the price"),
        Column("included_tokens", "integer", "tokens included in a seat and month; null is no limit", nullable=True),
        Column("pool", "text", "pool that it is served from, for GPU-hours", nullable=True),
        Column("valid_from", "date", "first day of this price"),
        Column("valid_to", "date", "day after the last", nullable=True),
        Column("decided_on", "date", "day the price was proposed; the day it was known", nullable=True),
    ),
    key=("product", "unit", "valid_from"),
    day="valid_from",
    until="valid_to",
    known="decided_on",
    register=True,
)
