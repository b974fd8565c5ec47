"""Offers to single accounts that are not signed yet: what, how much, at which discount, until when."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="deals",
    meaning="open deals",
    columns=(
        Column("deal", "text", "number of the deal"),
        Column("account", "text", "customer account"),
        Column("product", "text", "product"),
        Column("discount", "number", "off the list price; null where a price is given", unit="share", nullable=True),
        Column("price", "money", "price of one unit instead", unit="currency", nullable=True),
        Column("quantity", "number", "units over the term", nullable=True),
        Column("amount", "money", "value of the deal", unit="currency", nullable=True),
        Column("currency", "text", "currency of the amounts"),
        Column("stage", "text", "open, won or lost"),
        Column("close_date", "date", "day on which it is to be signed"),
        Column("offered_by", "text", "who wants to offer it", nullable=True),
        Column("proposed_on", "date", "day it was proposed; the day it was known", nullable=True),
    ),
    key=("deal",),
    day="close_date",
    known="proposed_on",
)
