"""What others expect: the consensus for one company, item and period, on the day it stood so."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="estimates",
    meaning="consensus estimates by date",
    columns=(
        Column("company", "text", "company, or our own name for it"),
        Column("item", "text", "eps, revenue or any measure"),
        Column("period", "text", "fy2026, or ntm for the next twelve months"),
        Column("period_end", "date", "last day of the period; null for ntm", nullable=True),
        Column("on_day", "date", "day on which the consensus stood so"),
        Column("value", "money", "the consensus, in units of `unit`"),
        Column("unit", "text", "RMB mn, USD bn, USD per share"),
        Column("prior_value", "money", "the same item of the period a year before", nullable=True),
        Column("analysts", "integer", "number of estimates in it", unit="estimates", nullable=True),
        Column("source", "text", "who published the consensus", nullable=True),
        Column("known_on", "date", "day it was known; null is the ingest", nullable=True),
    ),
    key=("company", "item", "period", "on_day", "source"),
    day="on_day",
    known="known_on",
)
