"""Delivery zones of cities with their region and size, on the days from `from_date` on."""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="city_zones",
    meaning="delivery zones of cities",
    columns=(
        Column("city", "text", "city"),
        Column("zone", "text", "delivery zone in the city"),
        Column("region", "text", "region of the city", nullable=True),
        Column("km2", "number", "area that is served", unit="km2", nullable=True),
        Column("from_date", "date", "first day on which this holds"),
    ),
    key=("city", "zone", "from_date"),
    day="from_date",
    register=True,
)
