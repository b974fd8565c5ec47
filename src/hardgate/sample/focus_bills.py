"""The infrastructure bills as FOCUS 1.2: one CSV a month, a line for each rack, meter and shared service and day.

Racks are leased on a commitment: its purchase is billed once a month at no effective cost, the days of its racks are
effective cost without a bill, and what stands in repair is its unused part. Power and space are billed as used. Some
lines were never tagged, and what regions share has no pool: both stay without one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months, month_of
from hardgate.sample.draft import Draft
from hardgate.sample.files import BILLS, write_csv
from hardgate.sample.operator import USD, Hall, Pool

PROVIDER = "Northstar Infrastructure"
BILLED_AFTER = 3
"""Days until the supplier's file holds a day."""

COLUMNS = (
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd",
    "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodStart", "ChargePeriodEnd",
    "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit",
    "ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost",
    "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId",
    "RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceSubcategory", "ServiceName",
    "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags",
)  # fmt: skip

Row = dict[str, str]

_RACK = 32
_LIST_OVER_CONTRACT = Decimal("1.35")
_UNTAGGED = 0.10
_SHARED = (
    ("Backbone", "Networking", "Network Connectivity", 0.035),
    ("Object storage", "Storage", "Object Storage", 0.025),
)
_CENT, _GRAM = Decimal("0.0001"), Decimal("0.001")
_ORDER = ("ChargePeriodStart", "BillingAccountId", "SubAccountId", "SkuId", "ResourceId", "CommitmentDiscountStatus")


@dataclass(frozen=True, slots=True)
class Load:
    """A pool and the share of its GPUs that is held, day by day."""

    pool: Pool
    held: NDArray[np.float64]


def write_bills(draft: Draft, loads: Mapping[str, Load]) -> list[Path]:
    """Write one FOCUS file a month, up to the last day that the supplier has delivered by then."""
    span = draft.span
    last = span.as_of - timedelta(days=BILLED_AFTER)
    months: dict[date, list[Row]] = {month: [] for month in span.months() if month <= last}
    for load in loads.values():
        random = draft.draws("bills", load.pool.name)
        for at in range((last - span.start).days + 1):
            day = span.start + timedelta(days=at)
            months[month_of(day)].extend(_day(draft, load, day, random))
    written = []
    for month, rows in months.items():
        rows.extend([*_purchases(rows, month), *_goodwill(rows, month)])
        rows.sort(key=lambda row: [row.get(name, "") for name in _ORDER])
        lines = ([row.get(column, "") for column in COLUMNS] for row in rows)
        written.append(write_csv(draft.folder / BILLS / f"focus-{month:%Y-%m}.csv", COLUMNS, lines))
    return written


def _day(draft: Draft, load: Load, day: date, random: np.random.Generator) -> Iterator[Row]:
    """Yield the lines of one pool and day."""
    pool, terms = load.pool, draft.terms
    live = [hall for hall in pool.halls if draft.span.live_from(hall.months_live) <= day]
    gpus = sum(hall.gpus for hall in live)
    if not gpus:
        return
    lease = Decimal(terms.lease_per_gpu_day(pool)).quantize(_CENT)
    for hall in live:
        yield from _racks(pool, hall, day, lease)
    in_repair = sum(hall.in_repair for hall in live)
    if in_repair:
        yield _leased(pool, day, in_repair, lease, "Unused")
    held = float(load.held[(day - draft.span.start).days])
    hours = terms.kilowatt_hours(pool, gpus, held) * float(random.normal(1.0, 0.01))
    meters = (
        ("Power", hours, "kWh", terms.power_price(pool)),
        ("Space and cooling", gpus * pool.accelerator.kilowatts, "kW-Days", terms.space_price(pool)),
    )
    for service, quantity, unit, price in meters:
        row = _base(pool, day, service, "Other", "Other (Other)") | _priced(
            Decimal(quantity), Decimal(str(price)), unit
        )
        row |= {"ResourceId": f"meter/{service.split(maxsplit=1)[0].lower()}/{pool.code}", "ResourceType": "Meter"}
        yield row | {"Tags": _tags(pool)} if random.uniform() >= _UNTAGGED else row
    for name, category, below, share in _SHARED:
        amount = gpus * float(lease) * share * float(random.normal(1.0, 0.05))
        yield _base(pool, day, name, category, below) | _priced(Decimal(amount), Decimal(1), "Months")


def _racks(pool: Pool, hall: Hall, day: date, lease: Decimal) -> Iterator[Row]:
    """Yield a day of what worked in each rack of a hall."""
    for at, first in enumerate(range(0, hall.gpus, _RACK), start=1):
        size = min(_RACK, hall.gpus - first)
        broken = size // _RACK
        name = f"{hall.asset}-rack-{at:02d}"
        yield _leased(pool, day, size - broken, lease, "Used") | {
            "ConsumedQuantity": str(size - broken),
            "ConsumedUnit": "GPU-Days",
            "ResourceId": f"rack/{name}",
            "ResourceName": name,
            "ResourceType": "Rack",
            "Tags": _tags(pool),
        }


def _base(pool: Pool, day: date, service: str, category: str, below: str) -> Row:
    """Return what every line of a pool's region says."""
    month, after = month_of(day), add_months(day, 1)
    account = f"northstar-{pool.currency.lower()}"
    return {
        "BillingAccountId": account,
        "BillingAccountName": account,
        "BillingCurrency": pool.currency,
        "BillingPeriodStart": _midnight(month),
        "BillingPeriodEnd": _midnight(after),
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{service} in {pool.region}",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": _midnight(day),
        "ChargePeriodEnd": _midnight(day + timedelta(days=1)),
        "InvoiceId": f"{account}-{month:%Y%m}",
        "InvoiceIssuerName": PROVIDER,
        "PricingCategory": "Standard",
        "ProviderName": PROVIDER,
        "PublisherName": PROVIDER,
        "RegionId": pool.region,
        "RegionName": pool.region,
        "ServiceCategory": category,
        "ServiceSubcategory": below,
        "ServiceName": service,
        "SkuId": f"{service.lower().replace(' ', '-')}",
        "SkuPriceId": f"{service.lower().replace(' ', '-')}-{pool.region}",
        "SubAccountId": pool.region,
        "SubAccountName": pool.region,
    }


def _leased(pool: Pool, day: date, gpus: int, lease: Decimal, status: str) -> Row:
    """Return what a day of so many GPUs of a pool's commitment costs."""
    cost = gpus * lease
    return _base(pool, day, "Accelerator lease", "Compute", "Virtual Machines") | {
        "BilledCost": "0",
        "EffectiveCost": str(cost),
        "ContractedCost": str(cost),
        "ListCost": _listed(cost),
        "ContractedUnitPrice": str(lease),
        "ListUnitPrice": _listed(lease),
        "PricingCategory": "Committed",
        "PricingQuantity": str(gpus),
        "PricingUnit": "GPU-Days",
        "CommitmentDiscountCategory": "Usage",
        "CommitmentDiscountId": f"lease/{pool.code}/{day.year}",
        "CommitmentDiscountName": f"Lease of {pool.name}, {day.year}",
        "CommitmentDiscountQuantity": str(gpus),
        "CommitmentDiscountStatus": status,
        "CommitmentDiscountType": "Rack lease",
        "CommitmentDiscountUnit": "GPU-Days",
        "SkuId": f"lease-{pool.accelerator.name.lower()}",
    }


def _priced(quantity: Decimal, price: Decimal, unit: str) -> Row:
    quantity = quantity.quantize(_GRAM, ROUND_HALF_EVEN)
    cost, number = (quantity * price).quantize(_CENT, ROUND_HALF_EVEN), str(quantity)
    costs = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"), str(cost))
    prices = dict.fromkeys(("ContractedUnitPrice", "ListUnitPrice"), str(price))
    quantities = {"PricingQuantity": number, "PricingUnit": unit, "ConsumedQuantity": number, "ConsumedUnit": unit}
    return {**costs, **prices, **quantities}


def _purchases(rows: list[Row], month: date) -> list[Row]:
    """Return the purchase of each commitment, so that what is billed in a month is what its days cost."""
    totals: dict[str, Decimal] = {}
    first: dict[str, Row] = {}
    for row in rows:
        commitment = row.get("CommitmentDiscountId", "")
        if commitment:
            totals[commitment] = totals.get(commitment, Decimal(0)) + Decimal(row["EffectiveCost"])
            first.setdefault(commitment, row)
    return [_purchase(first[commitment], total, month) for commitment, total in sorted(totals.items())]


def _purchase(sold: Row, total: Decimal, month: date) -> Row:
    kept = {
        name: value
        for name, value in sold.items()
        if not name.startswith(("Consumed", "Resource", "CommitmentDiscountQ", "CommitmentDiscountU"))
    }
    return kept | {
        "BilledCost": str(total),
        "EffectiveCost": "0",
        "ContractedCost": str(total),
        "ListCost": _listed(total),
        "ChargeCategory": "Purchase",
        "ChargeFrequency": "Recurring",
        "ChargeDescription": f"{sold['CommitmentDiscountName']}, {month:%Y-%m}",
        "ChargePeriodStart": _midnight(month),
        "ChargePeriodEnd": sold["BillingPeriodEnd"],
        "CommitmentDiscountStatus": "",
        "PricingCategory": "Standard",
        "PricingQuantity": "1",
        "PricingUnit": "Months",
        "ContractedUnitPrice": str(total),
        "ListUnitPrice": _listed(total),
        "ResourceId": sold["CommitmentDiscountId"],
        "ResourceType": "Commitment",
        "Tags": "",
    }


def _goodwill(rows: list[Row], month: date) -> list[Row]:
    """Return the credit that the supplier gives each quarter for power that failed; it names no pool."""
    if month.month % 3 or not rows:
        return []
    found = next((row for row in rows if row["BillingCurrency"] != USD and row["ServiceName"] == "Power"), rows[0])
    shared = {name: value for name, value in found.items() if not name.startswith(("Resource", "Tags", "Consumed"))}
    none = dict.fromkeys(
        ("PricingQuantity", "PricingUnit", "ContractedUnitPrice", "ListUnitPrice", "PricingCategory"), ""
    )
    costs = dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost"), "-1800.0000")
    told = {"ChargeCategory": "Credit", "ChargeFrequency": "One-Time", "ChargeDescription": "Goodwill credit for power"}
    return [{**shared, **none, **costs, **told, "SkuId": "", "SkuPriceId": "", "ResourceId": ""}]


def _listed(cost: Decimal) -> str:
    return str((cost * _LIST_OVER_CONTRACT).quantize(_CENT, ROUND_HALF_EVEN))


def _tags(pool: Pool) -> str:
    return json.dumps({"pool": pool.name, "team": "cloud-infrastructure"})


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
