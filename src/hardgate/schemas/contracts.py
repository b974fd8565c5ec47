"""The contract ledger: who committed to what, and how firmly.

Backlog and remaining performance obligations are two columns.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="contracts",
    meaning="customer commitments",
    columns=(
        Column("contract", "text", "contract number"),
        Column("customer", "text", "customer"),
        Column("pool", "text", "pool it may be served from; null is any", nullable=True),
        Column("tranche", "text", "tranche that it is pledged to", nullable=True),
        Column(
            "signed_on",
            "date",
            "day it was signed; the day it was known",
            nullable=True,
        ),
        Column("start_date", "date", "first day of service"),
        Column("end_date", "date", "day after the last day of service"),
        Column(
            "committed_amount",
            "money",
            "amount committed over the whole term",
            unit="currency",
        ),
        Column(
            "committed_gpu_hours",
            "number",
            "units committed over the whole term",
            unit="GPU-hours",
            nullable=True,
        ),
        Column("currency", "text", "currency of the amounts"),
        Column("take_or_pay", "boolean", "paid whether used or not"),
        Column("termination", "text", "none, penalty or convenience"),
        Column(
            "portable",
            "boolean",
            "may be moved to another region or pool",
            nullable=True,
        ),
        Column(
            "credit_grade",
            "text",
            "credit grade, a key of the haircuts in policy.yaml",
            nullable=True,
        ),
        Column(
            "ramp_months",
            "integer",
            "months to full volume",
            unit="months",
            nullable=True,
        ),
        Column(
            "rpo",
            "money",
            "part of remaining performance obligations (ASC 606-10-50-13)",
            unit="currency",
            nullable=True,
        ),
        Column("backlog", "money", "issuer-defined backlog", unit="currency", nullable=True),
    ),
    key=("contract",),
    day="start_date",
    until="end_date",
    known="signed_on",
    register=True,
)
