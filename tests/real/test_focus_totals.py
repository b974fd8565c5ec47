"""The FOCUS sample of four suppliers, rolled up by day: totals close, and what has no tags stays in the unallocated row."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from hardgate.capacity.ladder import exhibit
from hardgate.core.terms import Rows
from hardgate.review.joins import joins
from hardgate.review.workspace import Workspace

BILL = Path(__file__).parents[2].parent / "shared" / "data" / "billing" / "focus_1_0_sample_1000.parquet"
SETTINGS = f"""
currency = "USD"
as_of = "2024-11-01"
[[inputs]]
source = "focus"
files = ["{BILL}"]
[tables.cost_and_usage]
known_after = "5 days"
[[pools]]
pool = "tagged"
region = "cloud"
accelerator = "none"
[[identities]]
table = "cost_and_usage"
column = "tags"
rule = "regex"
match = "="
pool = "tagged"
"""


@pytest.fixture(name="workspace", scope="module")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if not BILL.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("focus")
    (root / "hardgate.toml").write_text(SETTINGS)
    (root / "policy.yaml").write_text("sign_off:\n  - {action: BUILD, roles: [capacity]}\n")
    workspace = Workspace.open(root)
    workspace.ingest(
        (), source=None, table=None, clock=datetime(2026, 9, 7), known_at=None, dry_run=False, progress=None
    )
    return workspace


def cost_day(workspace: Workspace) -> Rows:
    as_of = date(2024, 11, 1)
    with workspace.engine() as engine, workspace.lake() as lake:
        archive = workspace.archive(engine, lake, as_of)
        return archive.at(as_of).rows("cost_day")


def total(rows: Rows, name: str) -> tuple[Decimal, int]:
    """Return the sum of what is known of a column, to a thousandth, and in how many groups it is not known."""
    known = [value for value in rows.columns[name] if value is not None]
    return round(sum(known, Decimal(0)), 3), rows.count - len(known)


def test_the_totals_of_the_bill_are_those_of_its_days(workspace: Workspace) -> None:
    rows = cost_day(workspace)
    assert total(rows, "billed_cost") == (Decimal("20.520"), 0)
    assert total(rows, "effective_cost") == (Decimal("14.977"), 0)
    assert total(rows, "list_cost") == (Decimal("20.391"), 0)
    assert total(rows, "contracted_cost") == (Decimal("14.976"), 7)  # seven rows state none: unknown, not zero


def test_rows_without_tags_stay_in_the_unallocated_row(workspace: Workspace) -> None:
    rows = cost_day(workspace).records()
    assert sum(row["rows"] for row in rows) == 1000
    assert sum(row["rows"] for row in rows if row["pool"] is None) == 289


def test_the_join_says_so_too_in_rows_and_in_money(workspace: Workspace) -> None:
    with workspace.engine() as engine, workspace.lake() as lake:
        (bill,) = joins(lake, engine, workspace.settings.rollups.rules)
    assert (bill.rows, bill.matched_rows) == (1000, 711)
    assert bill.money is not None
    assert round(bill.money, 3) == Decimal("14.977")


def test_the_ladder_closes_to_the_bill_although_no_pool_is_live(workspace: Workspace) -> None:
    table = workspace.show(exhibit, date(2024, 11, 1))
    assert table.closes is True
    assert "14.98" in table.closing
