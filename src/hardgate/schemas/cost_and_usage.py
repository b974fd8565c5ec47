"""A bill in FOCUS terms, one row a charge (FinOps Open Cost and Usage Specification 1.0 to 1.2).

The lines of one provider, account, billing period and day are restated together. Text keys are never null: a bill
without a provider column has the empty provider.
"""

from hardgate.core.terms import Column, Schema

schema = Schema(
    name="cost_and_usage",
    meaning="charges of cloud and infrastructure suppliers",
    columns=(
        Column("charge_day", "date", "day on which the charge period starts, UTC"),
        Column("charge_period_start", "timestamp", "start of the charge, inclusive"),
        Column("charge_period_end", "timestamp", "end of the charge, exclusive"),
        Column(
            "billing_period_start", "date", "start of the invoice period, inclusive"
        ),
        Column(
            "billing_period_end",
            "date",
            "end of the invoice period, exclusive",
            nullable=True,
        ),
        Column("provider", "text", "who makes the service available", nullable=True),
        Column("invoice_issuer", "text", "who sends the invoice", nullable=True),
        Column("invoice_id", "text", "the invoice, FOCUS 1.2", nullable=True),
        Column("billing_account", "text", "account that is invoiced", nullable=True),
        Column(
            "sub_account", "text", "account or subscription below it", nullable=True
        ),
        Column(
            "currency",
            "text",
            "billing currency, ISO 4217 or a named unit",
            nullable=True,
        ),
        Column(
            "charge_category",
            "text",
            "Usage, Purchase, Tax, Credit or Adjustment",
            nullable=True,
        ),
        Column("charge_class", "text", "Correction, or null", nullable=True),
        Column(
            "charge_frequency",
            "text",
            "One-Time, Recurring or Usage-Based",
            nullable=True,
        ),
        Column(
            "charge_description", "text", "what the supplier calls it", nullable=True
        ),
        Column(
            "pricing_category",
            "text",
            "Standard, Dynamic, Committed or Other",
            nullable=True,
        ),
        Column("pricing_quantity", "number", "quantity priced", nullable=True),
        Column("pricing_unit", "text", "unit of the quantity priced", nullable=True),
        Column("consumed_quantity", "number", "quantity consumed", nullable=True),
        Column("consumed_unit", "text", "unit of the quantity consumed", nullable=True),
        Column("billed_cost", "money", "amount invoiced", unit="currency"),
        Column(
            "effective_cost",
            "money",
            "amortised: after discounts, purchases spread over their usage",
            unit="currency",
        ),
        Column("list_cost", "money", "at list price", unit="currency", nullable=True),
        Column(
            "contracted_cost",
            "money",
            "at the negotiated unit price",
            unit="currency",
            nullable=True,
        ),
        Column(
            "list_unit_price",
            "number",
            "list price of one pricing unit",
            unit="currency",
            nullable=True,
        ),
        Column(
            "contracted_unit_price",
            "number",
            "negotiated price of one pricing unit",
            unit="currency",
            nullable=True,
        ),
        Column(
            "commitment_discount_id",
            "text",
            "the commitment that discounts it",
            nullable=True,
        ),
        Column("commitment_discount_category", "text", "Spend or Usage", nullable=True),
        Column(
            "commitment_discount_type",
            "text",
            "what the supplier calls the commitment",
            nullable=True,
        ),
        Column("commitment_discount_status", "text", "Used or Unused", nullable=True),
        Column(
            "commitment_discount_quantity",
            "number",
            "quantity of the commitment used or unused",
            nullable=True,
        ),
        Column(
            "commitment_discount_unit", "text", "unit of that quantity", nullable=True
        ),
        Column(
            "capacity_reservation_id",
            "text",
            "the reservation, FOCUS 1.1",
            nullable=True,
        ),
        Column("capacity_reservation_status", "text", "Used or Unused", nullable=True),
        Column("region", "text", "region id of the supplier", nullable=True),
        Column("service_category", "text", "FOCUS service category", nullable=True),
        Column("service_name", "text", "the service", nullable=True),
        Column("resource_id", "text", "the resource", nullable=True),
        Column("resource_name", "text", "its name", nullable=True),
        Column("resource_type", "text", "its type", nullable=True),
        Column("sku_id", "text", "the sku", nullable=True),
        Column("sku_price_id", "text", "the price of the sku", nullable=True),
        Column("tags", "text", "tags as sorted key=value lines", nullable=True),
    ),
    key=("provider", "billing_account", "billing_period_start", "charge_day"),
    day="charge_day",
    every="day",
    lines=True,
)
