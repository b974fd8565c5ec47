"""Hours that couriers were out, by zone and day: the denominator of delivery density."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="couriers",
    meaning="courier hours by zone and day",
    columns=(
        Column("city", "text", "city"),
        Column("zone", "text", "delivery zone in the city"),
        Column("day", "date", "day"),
        Column("hours", "number", "hours that couriers were out", unit="hours", nullable=True),
    ),
    key=("city", "zone", "day"),
    day="day",
    every="day",
)
