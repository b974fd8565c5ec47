"""The sales pipeline: what was sold to whom, won or lost, and the hours that went into it.

A row is the newest state of one opportunity. Without `updated_on` a closed one is taken to have been known to be
won when it was opened, so bring it where the CRM has it.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="opportunities",
    meaning="opportunities of the sales pipeline",
    columns=(
        Column("opportunity", "text", "number of the opportunity"),
        Column("account", "text", "customer account; null where a new logo has none yet", nullable=True),
        Column("kind", "text", "expansion of an account, or new for a new logo"),
        Column("region", "text", "region", nullable=True),
        Column("segment", "text", "segment", nullable=True),
        Column("product", "text", "product offered", nullable=True),
        Column("opened_on", "date", "day on which work began"),
        Column("closed_on", "date", "day on which it was won or lost", nullable=True),
        Column("stage", "text", "won, lost, or open under any other name"),
        Column("amount", "money", "revenue of the first twelve months", unit="currency", nullable=True),
        Column("hours", "number", "hours of sales and of engineers before the sale", unit="hours", nullable=True),
        Column("cost", "money", "spend beside hours: credits, events, partners", unit="currency", nullable=True),
        Column("currency", "text", "currency of the amounts"),
        Column("updated_on", "date", "day of this state", nullable=True),
    ),
    key=("opportunity",),
    day="opened_on",
    known="updated_on",
)
