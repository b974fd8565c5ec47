"""Stated targets: who, what, by when, said on which day and in which document."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="promises",
    meaning="stated targets of companies",
    columns=(
        Column("company", "text", "company, or our own name for it"),
        Column("promise", "text", "short name of the promise"),
        Column("measure", "text", "measure that it is about"),
        Column("segment", "text", "segment; null is the whole company", nullable=True),
        Column("sense", "text", "at least or at most"),
        Column("target", "money", "the figure promised, in units of `unit`"),
        Column("unit", "text", "RMB mn, USD bn, ratio or %"),
        Column("denominator", "text", "measure that a ratio is a share of", nullable=True),
        Column("due", "date", "last day of the period by which it is to be so"),
        Column("said_on", "date", "day it was said; the day it was known"),
        Column("document", "text", "document it stands in", nullable=True),
        Column(
            "sentence", "text", "what was said, in our own words or as quoted by the owner of the data", nullable=True
        ),
    ),
    key=("company", "promise"),
    day="due",
    known="said_on",
    register=True,
)
