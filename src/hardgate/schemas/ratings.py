"""Ranks and scores of third parties, reported as they stand and never counted with."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="ratings",
    meaning="ranks and scores of third parties",
    columns=(
        Column("company", "text", "company, or our own name for it"),
        Column("provider", "text", "who gives the rank"),
        Column("kind", "text", "what is ranked, such as value score"),
        Column("on_day", "date", "day from which it stood"),
        Column("rating", "text", "the rank or score as printed"),
        Column("known_on", "date", "day it was known; null is the ingest", nullable=True),
    ),
    key=("company", "provider", "kind", "on_day"),
    day="on_day",
    known="known_on",
)
