"""The inventory: what is live, under construction or firmly ordered, with its dates.

A row may be one device or a hall.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="capacity",
    meaning="accelerators owned, being built or ordered",
    columns=(
        Column("asset", "text", "asset or batch of assets"),
        Column("pool", "text", "pool it belongs to"),
        Column("gpus", "integer", "accelerators in it", unit="GPUs"),
        Column(
            "ordered_on",
            "date",
            "day the order became firm; the day it was known",
            nullable=True,
        ),
        Column("live_date", "date", "day it accepts or will accept load"),
        Column("retire_date", "date", "day it leaves", nullable=True),
        Column(
            "maintenance_share",
            "number",
            "share of its hours in maintenance, failure or quarantine; null is none declared",
            unit="share",
            nullable=True,
        ),
        Column("capex", "money", "all-in purchase cost", unit="currency", nullable=True),
        Column("currency", "text", "currency of capex", nullable=True),
        Column("useful_life_months", "integer", "useful life", unit="months", nullable=True),
        Column(
            "kilowatts",
            "number",
            "power of all its accelerators at load",
            unit="kW",
            nullable=True,
        ),
    ),
    key=("asset",),
    day="live_date",
    until="retire_date",
    known="ordered_on",
    register=True,
)
