"""What sales plans to chase: campaigns for new logos, each with the hours and money that it asks for."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="sales_plan",
    meaning="planned campaigns for new logos",
    columns=(
        Column("campaign", "text", "name of the campaign"),
        Column("region", "text", "region", nullable=True),
        Column("segment", "text", "segment", nullable=True),
        Column("logos", "integer", "new accounts it is meant to win", unit="accounts", nullable=True),
        Column("hours", "number", "sales hours it takes", unit="hours", nullable=True),
        Column("budget", "money", "money it takes", unit="currency", nullable=True),
        Column("currency", "text", "currency of the budget"),
        Column("decide_by", "date", "last day to decide"),
        Column("requested_by", "text", "who asks", nullable=True),
        Column("proposed_on", "date", "day the plan became known", nullable=True),
    ),
    key=("campaign",),
    day="decide_by",
    known="proposed_on",
    register=True,
)
