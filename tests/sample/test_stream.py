"""Telemetry for benchmarks: as many rows as asked for, the same ones every time."""

import hashlib
from pathlib import Path

import pytest

from hardgate.engine.connect import connect
from hardgate.sample import telemetry


def test_it_writes_exactly_the_rows_asked_for(tmp_path: Path) -> None:
    files = telemetry(tmp_path, 200_000, devices=64, every=60, clusters=4)
    with connect() as engine:
        engine.files("samples", files)
        found = engine.rows(
            """select count(*), count(distinct "UUID"), count(distinct cluster), min("time"), max("time"),
                avg(value) filter (where pod is not null) from samples"""
        )[0]
    assert found[:3] == (200_000, 64, 4)
    assert (str(found[3]), str(found[4])) == ("2026-03-09 00:00:00", "2026-03-11 04:04:00")
    assert found[5] == pytest.approx(0.70, abs=0.002)


def test_it_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    first, second = (telemetry(tmp_path / name, 50_000)[0].read_bytes() for name in "ab")
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


def test_no_rows_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rows = 0"):
        telemetry(tmp_path, 0)
