"""A second review is made of what the first one heard, and whatever it depends on makes it hear again."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardgate.review import repeated
from tests.command import here

POOLS = """\
pool,gpus,live_date,month,allocated_gpu_hours,cost,revenue,region,accelerator
north-h100,64,2025-03-01,{month},{hours},58000,88197,north,H100
"""
METRIC = """\
-- reads: allocated of available GPU-hours
select region, accelerator, pool, day, allocated_gpu_ms as numerator, available_gpu_ms as denominator from pool_day
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "operator"
    assert here("-C", folder, "init").code == 0
    months = [f"{year}-{month:02}-01" for year in (2025, 2026) for month in range(1, 13)][5:20]
    rows = [POOLS.format(month=month, hours=36000 + 300 * at).splitlines() for at, month in enumerate(months)]
    (folder / "pools.csv").write_text("\n".join([rows[0][0], *(row[1] for row in rows)]) + "\n")
    assert here("-C", folder, "ingest").code == 0
    asked = ("--region", "north", "--accelerator", "H100", "--pool", "north-h100", "--amount", "2 m", "--by", "me")
    assert here("-C", folder, "ask", "BUILD", "--id", "hall-2", *asked).code == 0
    return folder


def packet(folder: Path, *args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        here("-C", folder, "review", "--json", "--dry-run", "--as-of", "2026-09-07", *args).out
    )
    return found


def heard(folder: Path) -> int:
    return len(list((folder / ".hardgate/rollups/kept/review").glob("*.json")))


def test_the_same_review_is_heard_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = packet(folder)
    monkeypatch.setattr("hardgate.review.workspace.hear", None)  # calling it would be a fault
    assert packet(folder) == first
    assert heard(folder) == 1


def append(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)


def to_block(folder: Path) -> None:
    path = folder / "policy.yaml"
    path.write_text(path.read_text().replace("mode: shadow", "mode: block", 1))


def another_ask(folder: Path) -> None:
    text = (folder / "asks/hall-2.yaml").read_text()
    (folder / "asks/hall-3.yaml").write_text(text.replace("hall-2", "hall-3"))


def another_month(folder: Path) -> None:
    append(folder / "pools.csv", POOLS.format(month="2025-05-01", hours=30000).splitlines()[1] + "\n")
    assert here("-C", folder, "ingest").code == 0


def a_month_restated(folder: Path) -> None:
    path = folder / "pools.csv"
    path.write_text(path.read_text().replace(",36000,", ",39000,"))
    assert here("-C", folder, "ingest").code == 0


@pytest.mark.parametrize("change", [to_block, another_ask, another_month, a_month_restated])
def test_what_a_review_depends_on_makes_it_hear_again(folder: Path, change: Any) -> None:
    first = packet(folder)
    change(folder)
    after = packet(folder)
    assert heard(folder) == 2
    assert after["digest"] != first["digest"]


def test_a_metric_of_the_users_own_and_the_settings_make_it_hear_again(folder: Path) -> None:
    packet(folder)
    append(folder / "metrics/own.sql", METRIC)
    packet(folder)
    append(folder / "hardgate.toml", "\n# a remark\n")
    packet(folder)
    assert heard(folder) == 3


def test_another_date_and_another_hardgate_hear_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packet(folder)
    packet(folder, "--as-of", "2026-08-31")
    monkeypatch.setattr(repeated, "program", lambda: ["changed"])
    packet(folder)
    assert heard(folder) == 3


def test_what_cannot_be_read_back_is_heard_again(folder: Path) -> None:
    first = packet(folder)
    (kept,) = (folder / ".hardgate/rollups/kept/review").glob("*.json")
    kept.write_text('[["hardgate.core.terms:Gone"]]')
    assert packet(folder) == first
