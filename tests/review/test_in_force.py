"""The doctor counts the rows that hold on its date, and says apart how many were replaced."""

import json
from pathlib import Path
from typing import Any

from tests.command import here
from tests.review.test_homeless_orders import HEAD, SETTINGS

FIRST = ("1,u,a,2026-08-30T10:00,50", "2,u,a,2026-09-01T10:00,50", "3,v,a,2026-09-01T10:00,x")
CORRECTED = ("1,u,a,2026-08-30T10:00,50", "2,u,a,2026-09-01T10:00,45", "3,v,a,2026-09-01T10:00,30")


def brought(folder: Path, known_at: str, *orders: str) -> None:
    (folder / "hardgate.toml").write_text(SETTINGS, "utf-8")
    (folder / "policy.yaml").write_text("", "utf-8")
    (folder / "orders.csv").write_text("\n".join([HEAD, *orders, ""]), "utf-8")
    assert here("-C", folder, "ingest", "--known-at", known_at).code == 0


def doctor(folder: Path, as_of: str) -> dict[str, Any]:
    return dict(json.loads(here("-C", folder, "doctor", "--as-of", as_of, "--json").out))


def test_a_file_that_was_corrected_counts_once(tmp_path: Path) -> None:
    """Two good rows and a bad one; then three good ones, of which one says the same again and one is new."""
    brought(tmp_path, "2026-09-02", *FIRST)
    brought(tmp_path, "2026-09-05", *CORRECTED)
    (orders,) = doctor(tmp_path, "2026-09-07")["tables"]
    assert (orders["rows"], orders["rejected"], orders["batches"]) == (3, 0, 2)
    said = here("-C", tmp_path, "doctor", "--as-of", "2026-09-07").lines()
    at = said.index("Superseded by what came in later, and not counted above")
    assert said[at + 1] == "orders 2 1"


def test_before_the_correction_was_known_the_first_file_is_in_force(tmp_path: Path) -> None:
    brought(tmp_path, "2026-09-02", *FIRST)
    brought(tmp_path, "2026-09-05", *CORRECTED)
    found = doctor(tmp_path, "2026-09-04")
    assert [(one["rows"], one["rejected"], one["batches"]) for one in found["tables"]] == [(2, 1, 1)]
    assert found["superseded"] == []


def test_where_nothing_was_replaced_nothing_is_said_of_it(tmp_path: Path) -> None:
    brought(tmp_path, "2026-09-02", *FIRST[:2])
    assert doctor(tmp_path, "2026-09-07")["superseded"] == []
    assert "Superseded" not in here("-C", tmp_path, "doctor", "--as-of", "2026-09-07").out
