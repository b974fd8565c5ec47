"""From an empty folder to a first verdict in five commands, with one file about one pool.

month     allocated of 100 GPUs
2024-04   46,800 of 72,000
2024-05   55,800 of 74,400
...
the year  613,200 of 876,000 GPU-hours: 70.0 %
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import Done, apart, here

AS_OF = "2025-05-10"
"""A month's row comes 36 days after its first day, by the settings that init writes: March is the last one known."""

ALLOCATED = {
    "2024-01-01": 50_000,
    "2024-02-01": 48_000,
    "2024-03-01": 52_000,
    "2024-04-01": 46_800,
    "2024-05-01": 55_800,
    "2024-06-01": 43_200,
    "2024-07-01": 59_520,
    "2024-08-01": 52_080,
    "2024-09-01": 54_000,
    "2024-10-01": 48_360,
    "2024-11-01": 57_600,
    "2024-12-01": 44_640,
    "2025-01-01": 52_080,
    "2025-02-01": 50_400,
    "2025-03-01": 48_720,
}


@pytest.fixture(scope="module", name="walked")
def _walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """Walk it once: init, one file written, ingest, ask, review."""
    folder = tmp_path_factory.mktemp("walk") / "operator"
    workspace = ("-C", folder)
    assert apart(*workspace, "init").code == 0
    write_pools(folder)
    assert apart(*workspace, "ingest").code == 0
    scope = ("--region", "cn-north", "--accelerator", "H20", "--pool", "hall-a")
    terms = ("--term", "gpus=50", "--term", "live_date=2026-06-01", "--amount", "2 m", "--decide-by", "2025-06-01")
    assert apart(*workspace, "ask", "BUILD", "--id", "hall-b", *scope, *terms, "--by", "wang.fang").code == 0
    return folder, apart(*workspace, "review", "--as-of", AS_OF)


def write_pools(folder: Path) -> None:
    """Fill the template that init wrote."""
    header = (folder / "templates" / "pools_file.csv").read_text().strip().split(",")
    known = {"pool": "hall-a", "gpus": 100, "live_date": "2023-11-15", "region": "cn-north", "accelerator": "H20"}
    with (folder / "pools.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        for month, hours in ALLOCATED.items():
            money = {"cost": 150_000, "revenue": 3 * hours, "currency": "USD"}
            writer.writerow({**known, **money, "month": month, "allocated_gpu_hours": hours, "queued_gpu_hours": 0})


@pytest.fixture(scope="module", name="verdicts")
def _verdicts(walked: tuple[Path, Done]) -> dict[str, dict[str, Any]]:
    packet = json.loads(here("-C", walked[0], "review", "--as-of", AS_OF, "--json").out)
    return {one["gate"]: one for one in packet["asks"][0]["verdicts"]}


def test_the_packet_is_printed_with_nothing_held_since_every_gate_starts_in_shadow(walked: tuple[Path, Done]) -> None:
    _, done = walked
    assert (done.code, done.err) == (5, "")
    assert done.out.startswith("Capacity review as of 2025-05-10, amounts in USD, intervals at 90 %\n")
    assert "AWAITING  BUILD    cn-north / H20 / hall-a / hall-b   USD 2.00 m   decide by 2025-06-01\n" in done.out
    assert "1 asks: 0 released, 1 awaiting, 0 held, 0 refused" in done.out
    assert "[shadow: holds nothing]" in done.out


def test_the_first_utilization_verdict_has_the_sums_of_the_year_and_a_wide_interval(
    verdicts: dict[str, dict[str, Any]],
) -> None:
    verdict = verdicts["capacity.utilization"]
    judged = verdict["conditions"][0]
    reading = judged["reading"]
    assert reading["metric"] == "allocated_utilization"
    assert reading["window"] == {"start": "2024-04-01", "end": "2025-04-01"}
    assert reading["facts"] == {"allocated_gpu_hours": 613_200.0, "available_gpu_hours": 876_000.0}
    assert reading["value"] == 0.70
    assert reading["low"] < 0.68
    assert reading["high"] > 0.72
    assert reading["status"] == "reported"
    assert (judged["limit"]["value"], judged["slack"]) == (0.85, pytest.approx(-0.15))
    assert verdict["outcome"] == "fail"
    assert "policy.yaml line" in verdict["limit_source"]


def test_the_first_trigger_verdict_holds_demand_against_a_computed_limit(verdicts: dict[str, dict[str, Any]]) -> None:
    verdict = verdicts["capacity.trigger"]
    judged = verdict["conditions"][0]
    reading, limit = judged["reading"], judged["limit"]
    assert reading["metric"] == "demand_over_position"
    assert reading["facts"] == {"capacity_position": 100.0, "demand": 70.0}
    assert reading["value"] == 0.70
    assert reading["high"] - reading["low"] > 0.03
    assert limit["metric"] == "trigger"
    assert limit["facts"]["ownership_cost"] == 1_500.0
    assert limit["facts"]["lead_months"] == 12.0
    assert 0.75 < limit["low"] <= limit["high"] < 0.90
    assert judged["slack"] == pytest.approx(0.70 - limit["high"], abs=1e-4)
    assert verdict["outcome"] == "fail"


def test_what_a_single_file_cannot_know_is_unknown_and_says_what_to_bring(
    walked: tuple[Path, Done], verdicts: dict[str, dict[str, Any]]
) -> None:
    assert verdicts["capacity.backlog"]["outcome"] == "unknown"
    assert "bring contracts" in verdicts["capacity.backlog"]["because"]
    doctor = here("-C", walked[0], "doctor", "--as-of", AS_OF)
    assert doctor.code == 4
    assert "capacity.backlog of hall-b, USD 2.00 m to decide" in doctor.lines()


def test_the_verdict_is_explained(walked: tuple[Path, Done]) -> None:
    said = here("-C", walked[0], "explain", "utilization", "hall-b", "--as-of", AS_OF)
    assert said.code == 0
    assert "numerator 613,200 GPU-hours allocated" in said.lines()
    assert "denominator 876,000 GPU-hours available" in said.lines()
    low = next(float(line.split("[")[1].split(",")[0]) for line in said.lines() if line.startswith("interval 70.0 %"))
    assert low < 70
    assert any(line.startswith(f"flip flips at +{85 - low:.1f} points") for line in said.lines())
    assert "who signs 1 x capacity, 1 x finance" in said.lines()
