"""The bills keep FOCUS's identities, leave some cost without a pool, and agree with the ledger."""

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

Rows = list[dict[str, str]]


def july(folder: Path) -> Rows:
    with (folder / "data/bills/focus-2026-07.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def total(rows: Rows, column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_a_commitment_costs_what_its_used_and_unused_parts_cost(small: Path) -> None:
    rows = [row for row in july(small) if row["CommitmentDiscountId"]]
    by_id: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_id[row["CommitmentDiscountId"]].append(row)
    assert len(by_id) == 8
    for lines in by_id.values():
        bought = [row for row in lines if row["ChargeCategory"] == "Purchase"]
        parts = [row for row in lines if row["CommitmentDiscountStatus"] in {"Used", "Unused"}]
        assert total(bought, "BilledCost") == total(parts, "EffectiveCost")
        assert total(bought, "EffectiveCost") == total(parts, "BilledCost") == 0


def test_a_finished_month_is_billed_at_what_it_effectively_cost(small: Path) -> None:
    for currency in ("RMB", "USD"):
        rows = [row for row in july(small) if row["BillingCurrency"] == currency]
        assert total(rows, "BilledCost") == total(rows, "EffectiveCost") > 0


def test_some_cost_names_no_pool(small: Path) -> None:
    rows = [row for row in july(small) if row["BillingCurrency"] == "RMB"]
    lost = [row for row in rows if not row["Tags"] and not row["CommitmentDiscountId"]]
    share = total(lost, "EffectiveCost") / total(rows, "EffectiveCost")
    assert Decimal("0.03") < share < Decimal("0.12")


def test_the_ledger_books_about_what_was_billed(small: Path) -> None:
    billed = total([row for row in july(small) if row["BillingCurrency"] == "RMB"], "EffectiveCost")
    with (small / "data/general_ledger.csv").open(newline="") as file:
        booked = [row for row in csv.DictReader(file) if row["month_end"] == "2026-07-31" and row["ccy"] == "RMB"]
    assert float(total(booked, "amount")) == pytest.approx(float(billed), rel=0.05)
    assert float(total(booked, "amount")) != float(billed)


def test_the_bill_ends_where_the_supplier_has_not_delivered_yet(small: Path) -> None:
    with (small / "data/bills/focus-2026-09.csv").open(newline="") as file:
        days = {row["ChargePeriodStart"][:10] for row in csv.DictReader(file)}
    assert days == {"2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04"}
