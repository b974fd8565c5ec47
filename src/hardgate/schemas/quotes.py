"""Prices of companies and of the industry and sector that they are held against."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="quotes",
    meaning="prices and price multiples by day",
    columns=(
        Column("name", "text", "company, industry or sector"),
        Column("kind", "text", "company, industry or sector"),
        Column("on_day", "date", "day of the price"),
        Column("price", "money", "closing price, or level of the index", unit="currency", nullable=True),
        Column("currency", "text", "currency of the price and of the market value", nullable=True),
        Column("market_value", "money", "market capitalization", unit="currency", nullable=True),
        Column("forward_ps", "number", "price to next-twelve-month sales as published", unit="x", nullable=True),
        Column("industry", "text", "the company's industry, a name of this table", nullable=True),
        Column("sector", "text", "the company's sector, a name of this table", nullable=True),
        Column("source", "text", "who published it", nullable=True),
        Column("known_on", "date", "day it was known; null is the ingest", nullable=True),
    ),
    key=("name", "on_day"),
    day="on_day",
    known="known_on",
)
