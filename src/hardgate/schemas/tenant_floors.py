"""GPUs that a tenant is guaranteed as far as it asks for them, whatever others would pay."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="tenant_floors",
    meaning="guaranteed GPUs of tenants",
    columns=(
        Column("tenant", "text", "tenant of the requests"),
        Column("gpus", "integer", "GPUs guaranteed", unit="GPUs", least=0),
        Column("valid_from", "date", "first day of the guarantee"),
        Column("valid_to", "date", "day after the last; null is open", nullable=True),
    ),
    key=("tenant", "valid_from"),
    day="valid_from",
    until="valid_to",
    register=True,
)
