"""The doctor says how many orders no city has, and from when on."""

from pathlib import Path

from tests.command import here

SETTINGS = """\
currency = "RMB"
[[inputs]]
table = "orders"
source = "table"
files = ["orders.csv"]
columns.currency = "'RMB'"
"""
HEAD = "order_id,customer,city,placed_at,value"
ORDERS = (
    "1,u,a,2026-08-30T10:00,50",
    "2,u,,2026-09-01T10:00,50",
    "3,v,,2026-09-03T10:00,50",
    "4,w,a,2026-09-03T10:00,9",
)


def doctor(tmp_path: Path, *orders: str) -> str:
    (tmp_path / "hardgate.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / "policy.yaml").write_text("", "utf-8")
    (tmp_path / "orders.csv").write_text("\n".join([HEAD, *orders, ""]), "utf-8")
    assert here("-C", tmp_path, "ingest").code == 0
    return "\n".join(here("-C", tmp_path, "doctor", "--as-of", "2026-09-07").lines())


def test_orders_without_a_city_are_counted(tmp_path: Path) -> None:
    assert (
        "2 of 4 orders (50.0 %) from 2026-09-01 to 2026-09-03 have no city: every reading of a city counts them as "
        "missing; bring their city in orders"
    ) in doctor(tmp_path, *ORDERS)


def test_where_every_order_has_its_city_nothing_is_said(tmp_path: Path) -> None:
    assert "have no city" not in doctor(tmp_path, ORDERS[0], ORDERS[3])
