"""The tranches that ask for capital: what, where, how much, by when. Fees for cancelling stand in cancel_fees."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="capacity_plan",
    meaning="planned tranches of capacity",
    columns=(
        Column("tranche", "text", "name of the tranche"),
        Column("pool", "text", "pool that it adds to"),
        Column("gpus", "integer", "accelerators it adds", unit="GPUs"),
        Column("amount", "money", "capital to commit", unit="currency"),
        Column("currency", "text", "currency of the amount"),
        Column("proposed_on", "date", "day the plan became known", nullable=True),
        Column("commit_date", "date", "last day to commit"),
        Column("live_date", "date", "day it accepts load if committed in time"),
        Column(
            "ramp_months",
            "integer",
            "months from live to full load",
            unit="months",
            nullable=True,
        ),
        Column("requested_by", "text", "who asks", nullable=True),
        Column(
            "released_share",
            "number",
            "share of the capital already committed",
            unit="share",
            nullable=True,
        ),
        Column(
            "attach_rate",
            "number",
            "attach rate of AI features that the business case rests on",
            unit="share",
            nullable=True,
        ),
    ),
    key=("tranche",),
    day="commit_date",
    known="proposed_on",
    register=True,
)
