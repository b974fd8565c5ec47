"""Who saw which arm of an experiment, and from when on."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="exposures",
    meaning="customers exposed to an arm of an experiment",
    columns=(
        Column("feature", "text", "feature"),
        Column("customer", "text", "customer"),
        Column("arm", "text", "control or treated"),
        Column("exposed_at", "timestamp", "first time the arm was seen, UTC"),
    ),
    key=("feature", "customer", "exposed_at"),
    day="exposed_at",
)
