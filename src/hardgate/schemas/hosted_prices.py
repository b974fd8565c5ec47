"""What others charge us, effective-dated: tokens of hosted models, and what a call needs beside its model."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="hosted_prices",
    meaning="prices of hosted models and of orchestration, by kind",
    columns=(
        Column("provider", "text", "who charges it, as usage names it; null is any", nullable=True),
        Column("model", "text", "model, or orchestration for what is no model's"),
        Column(
            "kind",
            "text",
            "input, output, cache_read, cache_write, reasoning, call; or step, tool_call, vector_query, guard_token, "
            "egress_gb, cpu_hour, storage_gb_month",
        ),
        Column("price", "money", "price", unit="currency", least=0),
        Column("per", "number", "units that the price is for, such as 1000000 tokens", nullable=True),
        Column("currency", "text", "currency of the price"),
        Column("valid_from", "date", "first day of this price"),
        Column("valid_to", "date", "day after the last", nullable=True),
    ),
    key=("provider", "model", "kind", "valid_from"),
    day="valid_from",
    until="valid_to",
    register=True,
)
