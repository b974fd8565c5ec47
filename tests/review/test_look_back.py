"""Promises of recorded packets, scored when their day comes."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from hardgate.ledger.store import Ledger
from hardgate.models.forecast_score import Lognormal
from hardgate.report.packet import document
from hardgate.review.look_back import look_back
from hardgate.review.recording import promised
from hardgate.review.workspace import Workspace
from hardgate.sample.history import make_history
from tests.evidence import Tables, day_rows, pool_days, table

LIVE = date(2026, 8, 1)
PROMISED = {
    "scope": {"region": "north", "accelerator": "H20", "pool": "a", "tranche": "hall-4"},
    "live": "2026-08-01", "gpus": 40, "demand": 80.0, "demand_growth": 0.2, "volatility": 0.1,
}  # fmt: skip


def body(as_of: str, **changed: Any) -> dict[str, Any]:
    ask = {"id": "hall-4", "state": "RELEASED", "because": "", "readings": [], "promised": {**PROMISED, **changed}}
    return {"as_of": as_of, "asks": [ask]}


def evidence(as_of: date) -> Tables:
    """Pool a holds 90 of 100 GPUs every day; 30 more went live on the first of August."""
    days = day_rows(pool_days("a", date(2026, 1, 1), (as_of - date(2026, 1, 1)).days, allocated=0.9))
    inventory = table(
        "day pool region accelerator gpus live_date\n"
        "2025-03-01 a north H20 100 2025-03-01\n2026-08-01 a north H20 30 2026-08-01"
    )
    return Tables(as_of, {"pool_day": days, "inventory": inventory})


def came(past: list[dict[str, Any]], as_of: date) -> list[tuple[str, str]]:
    found = look_back(past, {}, as_of, lambda: evidence(as_of))
    return [(one.said, one.came) for one in found if not one.came.startswith("no longer")]


def test_what_was_to_be_live_is_held_against_the_inventory_on_its_day() -> None:
    past = [body("2026-02-01")]
    assert came(past, LIVE - timedelta(days=1)) == []
    assert came(past, LIVE) == [("40 GPUs live on 2026-08-01", "30 GPUs of north / H20 / a went live by then")]
    assert came(past, LIVE + timedelta(weeks=13)) == []


def test_forecasts_of_demand_are_scored_once_their_month_is_known() -> None:
    """Half a year ahead at 20 % from 80: 88 expected, 90 came; a forecast that was sure of 60 missed."""
    past = [body("2026-02-14", demand=60.0, volatility=0.02), body("2026-02-14")]
    good, bad = (Lognormal.of_growth(level, 0.2, moves, 182 / 365.25) for level, moves in ((80, 0.1), (60, 0.02)))
    low, high = good.interval(0.9)
    score = (good.score(90) + bad.score(90)) / 2
    _, found = came(past, date(2026, 9, 7))
    assert found == (
        f"demand of 88 GPUs [{low:,.0f}, {high:,.0f}] in 2026-08",
        f"90 came; 1 of 2 forecasts held it, CRPS {score:,.1f} GPUs",
    )


def test_a_packet_promises_its_live_day_and_the_demand_its_trigger_read() -> None:
    facts = {"demand": 80.0, "demand_growth": 0.2, "volatility": 0.1, "lead_months": 12.0}
    judged = {"reading": {}, "limit": {"facts": facts}}
    ask = {
        "scope": PROMISED["scope"],
        "terms": {"live_date": "2026-08-01", "gpus": 40},
        "verdicts": [{"conditions": [judged]}],
    }
    assert promised(ask) == {"promised": PROMISED}
    assert promised({**ask, "terms": {}}) == {}
    assert promised({**ask, "verdicts": [{"conditions": [{"reading": {}, "limit": {}}]}]}) == {}


def test_a_recorded_packet_is_scored_by_a_later_one(tmp_path: Path) -> None:
    """The whole path: a packet of July 2024 is recorded, and one of April 2025 looks back on what it promised."""
    make_history(tmp_path)
    workspace = Workspace.open(tmp_path)
    clock = datetime(2026, 11, 1)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    packet = document(workspace.review(date(2024, 7, 1), {}))
    assert workspace.record(packet, at=clock, actor="li.wei")
    with workspace.ledger() as ledger:
        assert isinstance(ledger, Ledger)
        kept = ledger.entries("review.recorded")[0].body["asks"][0]["promised"]
    assert kept["live"] == "2025-03-01"
    later = workspace.review(date(2025, 4, 10), {}).look_back
    said = {(one.ask, one.said.split(" GPUs")[0]): one.came for one in later}
    assert said["rising-2", "64"] == "0 GPUs of north / H20 / rising went live by then"
    scored = [one.came for one in later if one.ask == "rising-2" and one.said.startswith("demand of")]
    assert len(scored) == 1
    assert scored[0].endswith(" GPUs")
