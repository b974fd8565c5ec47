"""A ledger with a little history: a filed ask, a signed approval and a signed waiver."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.ledger.entries import PacketSigned, WaiverGranted
from hardgate.ledger.signatures import new_key
from hardgate.ledger.store import TRIGGERS, Ledger

NOW = datetime(2026, 9, 7, 10, 30)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


@pytest.fixture
def key(tmp_path: Path) -> Path:
    new_key(tmp_path / "li.key")
    return tmp_path / "li.key"


def approval(**other: str) -> PacketSigned:
    fields = {
        "packet": "ab" * 32,
        "ask": "hall-4",
        "action": "BUILD",
        "amount": "1200000000",
        "currency": "RMB",
        "requested_by": "zhao.min",
        "verdict": "approve",
        "role": "finance",
        "as_of": "2026-09-07",
        "expires": "2026-12-06",
        "policy": "ef" * 32,
    }
    return PacketSigned(**{**fields, **other})


def waiver(**other: Any) -> WaiverGranted:
    fields = {
        "gate": "capacity.utilization",
        "scope": {"region": "cn-north", "accelerator": "H20"},
        "category": "Waiver",
        "owner": "wu.lan",
        "requested_by": "zhao.min",
        "reason": "telemetry is migrating",
        "control": "weekly count by hand",
        "as_of": "2026-09-07",
        "expires": "2026-10-31",
        "exposure": "1200000000",
        "currency": "RMB",
        "role": "cfo",
    }
    return WaiverGranted(**{**fields, **other})


@pytest.fixture
def history(ledger: Ledger, key: Path) -> Ledger:
    ledger.append("ask.filed", {"ask": "hall-4", "amount": "1200000000", "ramp": [0.25, 0.5, 1.0]}, "zhao.min", NOW)
    ledger.append_signed(approval(), "li.wei", NOW, key)
    ledger.append_signed(waiver(), "chen.jie", NOW, key)
    ledger.append_signed(approval(role="cfo"), "chen.jie", NOW, None)
    ledger.append("ask.refused", {"ask": "hall-5", "because": "its decision date passed"}, "hardgate", NOW)
    return ledger


@pytest.fixture
def attack(ledger: Ledger) -> Callable[..., None]:
    """Run SQL on the ledger's file as someone who may write it, with triggers and checks out of the way."""

    def run(sql: str, *values: object) -> None:
        database = sqlite3.connect(ledger.path, isolation_level=None)
        database.execute("pragma ignore_check_constraints = on")
        for trigger in TRIGGERS:
            database.execute(f"drop trigger if exists {trigger}")
        database.execute(sql, values)
        database.close()

    return run
