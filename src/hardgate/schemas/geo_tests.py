"""Holdouts of a subsidy by city or zone: what each cluster brought and was given on each day, before and during."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="geo_tests",
    meaning="outcomes of geo holdouts and switchbacks by cluster and day",
    columns=(
        Column("test", "text", "name of the test"),
        Column("city", "text", "city that it is about; null is all", nullable=True),
        Column("cluster", "text", "city, zone or block of time that was given or not"),
        Column("day", "date", "day"),
        Column("treated", "boolean", "in the arm that is given the subsidy"),
        Column("running", "boolean", "the test had begun on this day"),
        Column("outcome", "money", "contribution before subsidy", unit="currency"),
        Column("subsidy", "money", "subsidy given", unit="currency", nullable=True),
        Column("currency", "text", "currency of the amounts"),
    ),
    key=("test", "cluster", "day"),
    day="day",
)
