"""Product analytics: which account used which AI feature on which day, how deep, and whether it paid."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="feature_usage",
    meaning="use of AI features by account and day",
    columns=(
        Column("account", "text", "customer account"),
        Column("feature", "text", "AI feature"),
        Column("rung", "text", "inference, dataset or customization"),
        Column("day", "date", "day (UTC)"),
        Column("events", "integer", "qualifying events: calls, dataset uses, training runs", unit="events"),
        Column("paid", "boolean", "the account pays for them"),
        Column("trial", "boolean", "within a trial; null is no trial", nullable=True),
    ),
    key=("account", "feature", "rung", "day", "paid", "trial"),
    day="day",
    every="day",
)
