"""Which of our entities a foreign key stands for, effective-dated.

Filled from rules in hardgate.toml or brought as a table.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="identities",
    meaning="foreign keys and the entities they stand for",
    columns=(
        Column("system", "text", "table that the key comes from"),
        Column("foreign_key", "text", "key as it stands there"),
        Column("entity_kind", "text", "pool, product or account"),
        Column("entity", "text", "our name of it"),
        Column("valid_from", "date", "first day of this row"),
        Column("valid_to", "date", "day after the last", nullable=True),
    ),
    key=("system", "foreign_key", "entity_kind", "valid_from"),
    day="valid_from",
    until="valid_to",
    register=True,
)
