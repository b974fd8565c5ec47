"""What is owned and how it depreciates: one row an asset.

An equal cost source beside the bill and the general ledger.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="asset_register",
    meaning="fixed assets with their depreciation",
    columns=(
        Column("asset", "text", "asset number of the register"),
        Column("pool", "text", "pool that it serves; null stays unallocated", nullable=True),
        Column("cost", "money", "acquisition cost", unit="currency"),
        Column("currency", "text", "currency of the register"),
        Column("in_service_date", "date", "first day of depreciation"),
        Column("life_months", "integer", "useful life", unit="months"),
        Column("method", "text", "straight_line or declining_balance"),
        Column(
            "residual",
            "money",
            "residual value; null is taken from the register as none declared",
            unit="currency",
            nullable=True,
        ),
        Column(
            "accumulated_depreciation",
            "money",
            "depreciation booked so far",
            unit="currency",
            nullable=True,
        ),
        Column(
            "impairment",
            "money",
            "impairment booked so far",
            unit="currency",
            nullable=True,
        ),
        Column("retired_on", "date", "day it left the register", nullable=True),
    ),
    key=("asset",),
    day="in_service_date",
    until="retired_on",
)
