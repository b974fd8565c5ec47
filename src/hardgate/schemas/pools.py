"""What a pool is: its region and accelerator type, effective-dated."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="pools",
    meaning="pools with region and accelerator",
    columns=(
        Column("pool", "text", "pool"),
        Column("region", "text", "region"),
        Column("accelerator", "text", "accelerator type"),
        Column("valid_from", "date", "first day of this row"),
        Column("valid_to", "date", "day after the last", nullable=True),
    ),
    key=("pool", "valid_from"),
    day="valid_from",
    until="valid_to",
    register=True,
)
