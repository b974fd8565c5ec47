"""Sales are the hours that pods held, at prices that erode."""

import csv
from pathlib import Path

import pytest


def sold(folder: Path, period: str, site: str, card: str) -> list[dict[str, str]]:
    with (folder / "data/sales.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if (row["month_end"][:7], row["site"], row["card"]) == (period, site, card)]


def test_hours_sold_are_the_hours_that_pods_held(small: Path) -> None:
    from hardgate.engine.connect import connect

    hours = sum(float(row["gpu_hours"]) for row in sold(small, "2026-08", "CN-NORTH", "H20"))
    with connect() as engine:
        held = engine.rows(
            f"""select sum(num_gpu * greatest(0, epoch(least(coalesce(deletion_time, timestamp '2026-09-01'),
                timestamp '2026-09-01')) - epoch(greatest(scheduled_time, timestamp '2026-08-01')))) / 3600
            from read_csv('{small}/data/pods/*.csv', types = {{'scheduled_time': 'timestamp', 'deletion_time': 'timestamp'}})
            where cluster = 'k8s-cnn-h20' and scheduled_time < timestamp '2026-09-01'"""
        )[0][0]
    assert hours == pytest.approx(float(held), rel=1e-6)


def test_a_price_falls_by_eight_percent_a_year(small: Path) -> None:
    def price(period: str) -> float:
        rows = [
            row
            for row in sold(small, period, "CN-NORTH", "H20")
            if row["customer_id"] == "ember-games" and row["sku"] == "gpu-reserved"
        ]
        return sum(float(row["revenue_net"]) for row in rows) / sum(float(row["gpu_hours"]) for row in rows)

    assert price("2026-08") / price("2025-08") == pytest.approx(0.923, abs=0.002)


def test_the_unfinished_month_is_not_sold_yet(small: Path) -> None:
    assert sold(small, "2026-09", "CN-NORTH", "H20") == []
    assert {row["ccy"] for row in sold(small, "2026-08", "AP-SOUTHEAST", "H200")} == {"USD"}
