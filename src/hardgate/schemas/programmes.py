"""Investment programmes: one row a vintage of capital, with what it is expected to become.

A null price, variable cost or share is read from what was sold and measured in the vintage's pool; a null opex is
`fixed_cost_per_gpu_month` of the assumptions. Amounts of a row are in its currency.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="programmes",
    meaning="vintages of investment programmes",
    columns=(
        Column("programme", "text", "name of the programme"),
        Column("vintage", "text", "tranche or hall; the name of its tranche in capacity_plan, where it has one"),
        Column("pool", "text", "pool that it adds to", nullable=True),
        Column("spend_date", "date", "day the capital is spent"),
        Column("gpus", "integer", "accelerators it adds", unit="GPUs"),
        Column("amount", "money", "capital", unit="currency"),
        Column("currency", "text", "currency of the amounts"),
        Column("lead_months", "integer", "months from spending to live", unit="months"),
        Column("life_months", "integer", "useful life", unit="months"),
        Column("ramp_months", "integer", "months from live to full load", unit="months", nullable=True),
        Column("price", "money", "of a productive GPU-hour today", unit="currency", nullable=True),
        Column("productive_share", "number", "most that can be sold of live GPU-hours", unit="share", nullable=True),
        Column("variable_cost", "money", "of a productive GPU-hour, without power", unit="currency", nullable=True),
        Column(
            "kilowatts",
            "number",
            "of one accelerator at full load; null: power is in variable cost and opex",
            unit="kW",
            nullable=True,
        ),
        Column("opex", "money", "fixed cost of a live GPU-month", unit="currency", nullable=True),
        Column("committed", "boolean", "goes on with or without the programme"),
        Column("stated_on", "date", "day the programme became known", nullable=True),
    ),
    key=("programme", "vintage"),
    day="spend_date",
    known="stated_on",
    register=True,
)
