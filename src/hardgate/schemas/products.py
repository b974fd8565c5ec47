"""What is sold, effective-dated."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="products",
    meaning="products",
    columns=(
        Column("product", "text", "product"),
        Column("name", "text", "name for people"),
        Column("kind", "text", "compute, storage, ai or bundle", nullable=True),
        Column("valid_from", "date", "first day of this row"),
        Column("valid_to", "date", "day after the last", nullable=True),
    ),
    key=("product", "valid_from"),
    day="valid_from",
    until="valid_to",
    register=True,
)
