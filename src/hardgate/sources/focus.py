"""FOCUS cost and usage files, CSV or Parquet: versions 1.0 to 1.2, and 1.3 as far as it says the same.

The version is told by the columns that each one brought. A column that a file does not have is null; the enumerated
values are given FOCUS's own spelling ("Usage-based" is Usage-Based), and tags become sorted key=value lines, so that
a rule can ask for one of them. Wrong for dates with slashes in the order day, month: say dates = "dmy".

Source: FinOps Open Cost and Usage Specification, https://focus.finops.org (CC BY 4.0).

>>> version_of(["BilledCost", "EffectiveCost", "ChargePeriodStart", "InvoiceId"])
'1.2'
"""

from collections.abc import Mapping, Sequence

from hardgate.engine.portable import literal
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source, plain

# Our column: the names it has had in FOCUS, newest first where two can stand in one file.
NAMES: Mapping[str, tuple[str, ...]] = {
    "charge_period_end": ("ChargePeriodEnd",),
    "billing_period_end": ("BillingPeriodEnd",),
    "provider": ("ServiceProviderName", "ProviderName"),
    "invoice_issuer": ("InvoiceIssuerName",),
    "invoice_id": ("InvoiceId",),
    "billing_account": ("BillingAccountId",),
    "sub_account": ("SubAccountId",),
    "charge_description": ("ChargeDescription",),
    "pricing_quantity": ("PricingQuantity",),
    "pricing_unit": ("PricingUnit",),
    "consumed_quantity": ("ConsumedQuantity",),
    "consumed_unit": ("ConsumedUnit",),
    "list_cost": ("ListCost",),
    "contracted_cost": ("ContractedCost",),
    "list_unit_price": ("ListUnitPrice",),
    "contracted_unit_price": ("ContractedUnitPrice",),
    "commitment_discount_id": ("CommitmentDiscountId",),
    "commitment_discount_type": ("CommitmentDiscountType",),
    "commitment_discount_quantity": ("CommitmentDiscountQuantity",),
    "commitment_discount_unit": ("CommitmentDiscountUnit",),
    "capacity_reservation_id": ("CapacityReservationId",),
    "region": ("RegionId", "Region"),
    "service_category": ("ServiceCategory",),
    "service_name": ("ServiceName",),
    "resource_id": ("ResourceId",),
    "resource_name": ("ResourceName",),
    "resource_type": ("ResourceType",),
    "sku_id": ("SkuId",),
    "sku_price_id": ("SkuPriceId",),
}

# Our column: its name in FOCUS and the values that FOCUS allows.
ENUMERATED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "charge_category": ("ChargeCategory", ("Usage", "Purchase", "Tax", "Credit", "Adjustment")),
    "charge_class": ("ChargeClass", ("Correction",)),
    "charge_frequency": ("ChargeFrequency", ("One-Time", "Recurring", "Usage-Based")),
    "pricing_category": ("PricingCategory", ("Standard", "Dynamic", "Committed", "Other")),
    "commitment_discount_category": ("CommitmentDiscountCategory", ("Spend", "Usage")),
    "commitment_discount_status": ("CommitmentDiscountStatus", ("Used", "Unused")),
    "capacity_reservation_status": ("CapacityReservationStatus", ("Used", "Unused")),
}

# Columns that a version was the first to have, newest version first.
BROUGHT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("1.3", ("ServiceProviderName", "HostProviderName", "AllocatedResourceId", "ContractApplied")),
    ("1.2", ("InvoiceId", "BillingAccountType", "SubAccountType", "PricingCurrency", "PricingCurrencyEffectiveCost")),
    (
        "1.1",
        ("CapacityReservationId", "CommitmentDiscountQuantity", "ServiceSubcategory", "SkuMeter", "SkuPriceDetails"),
    ),
)


def version_of(columns: Sequence[str]) -> str:
    """Return the version of FOCUS that a file's columns speak: that of the newest column it has."""
    have = {plain(name) for name in columns}
    return next((version for version, names in BROUGHT if have & {plain(name) for name in names}), "1.0")


def _detect(columns: Sequence[str]) -> bool:
    return {"billedcost", "effectivecost", "chargeperiodstart"} <= {plain(name) for name in columns}


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    start = raw.require("the charge period's start", "ChargePeriodStart")
    currency = raw.first("BillingCurrency")
    columns = {
        "charge_day": start,
        "charge_period_start": start,
        "billing_period_start": raw.require("the billing period's start", "BillingPeriodStart"),
        "billed_cost": raw.require("the billed cost", "BilledCost"),
        "effective_cost": raw.require("the effective cost", "EffectiveCost"),
        "currency": currency or literal(given.options.get("currency")),
        "tags": _tags(raw),
    }
    columns |= {ours: raw.first(*theirs) or "null" for ours, theirs in NAMES.items()}
    for ours, (theirs, allowed) in ENUMERATED.items():
        found = raw.first(theirs)
        columns[ours] = "null" if found is None else _spelled(found, allowed)
    return {"cost_and_usage": Extract(columns, note=f"FOCUS {version_of(raw.names)}")}


def _spelled(column: str, allowed: Sequence[str]) -> str:
    """Give a value the spelling of the allowed one that differs from it in case, spaces or hyphens only."""
    bare = f"regexp_replace(lower(cast({column} as varchar)), '[^a-z]', '', 'g')"
    cases = " ".join(f"when {literal(plain(value))} then {literal(value)}" for value in allowed)
    return f"case {bare} {cases} else cast({column} as varchar) end"


def _tags(raw: RawColumns) -> str:
    """Return tags as sorted key=value lines, from JSON text or from a map."""
    found = raw.first("Tags")
    if found is None:
        return "null"
    kind = raw.type_of(found)
    if kind.startswith("map("):
        pairs = f"[concat(tag.key, '=', tag.value) for tag in map_entries(cast({found} as map(varchar, varchar)))]"
        return _lines(pairs)
    if kind.startswith("struct("):
        return _lines(_of_json(f"to_json({found})"))
    text = f"nullif(trim(cast({found} as varchar)), '')"
    return f"case when json_valid({text}) and starts_with({text}, '{{') then {_lines(_of_json(text))} else {text} end"


def _of_json(text: str) -> str:
    """Return the pairs of a JSON object as a list of texts: its keys and its values stand in the same order."""
    both = f"list_zip(json_keys({text}), json_extract_string({text}, '$.*'))"
    return f"[concat(pair[1], '=', pair[2]) for pair in {both}]"


def _lines(pairs: str) -> str:
    return f"nullif(array_to_string(list_sort({pairs}), chr(10)), '')"


source = Source(
    name="focus",
    meaning="FOCUS cost and usage, 1.0 to 1.3",
    tables=("cost_and_usage",),
    detect=_detect,
    extract=_extract,
    options=COMMON_OPTIONS,
)
