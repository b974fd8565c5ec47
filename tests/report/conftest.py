"""One small packet with every verdict in it, for the surfaces to print."""

from typing import Any

import pytest


def reading(metric: str, value: float | None, low: float | None, high: float | None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "metric": metric,
        "meaning": "productive of available GPU-hours",
        "denominator": "available GPU-hours",
        "scope": {"region": "cn-north", "accelerator": "H20"},
        "window": {"start": "2026-07-13", "end": "2026-09-07"},
        "unit": "share",
        "value": value,
        "low": low,
        "high": high,
        "facts": {},
        "missing": 0.0,
        "gaps": [],
        "status": "measured",
        "sql": "select 1",
        "batches": ["a" * 64],
        "because": "",
    }
    return body | more


def judged(one: dict[str, Any], limit: float, outcome: str, slack: float | None) -> dict[str, Any]:
    return {
        "reading": one,
        "sense": "at least",
        "limit": reading("limit", limit, limit, limit),
        "outcome": outcome,
        "slack": slack,
        "noise": None,
        "run": 1,
        "held_for": 4,
        "band": 0.0,
        "because": "" if outcome == "pass" else "held 1 of 4 evaluations",
    }


def verdict(gate: str, outcome: str, *conditions: dict[str, Any], mode: str = "block") -> dict[str, Any]:
    return {
        "gate": gate,
        "question": "Is what we own full?",
        "scope": {"region": "cn-north", "accelerator": "H20"},
        "label": "cn-north / H20",
        "outcome": outcome,
        "mode": mode,
        "owner": "capacity",
        "because": f"{gate} says {outcome}",
        "since": None,
        "limit_source": "policy.yaml line 7",
        "conditions": list(conditions),
        "parts": [],
    }


TURNS: dict[str, Any] = {
    "cleared": False,
    "one": None,
    "joint": None,
    "short": [],
    "stuck": [{"metric": "activation", "why": "no value in range: hall-2: no telemetry on 2026-08-03"}],
    "why": "activation: no value in range: hall-2: no telemetry on 2026-08-03",
}


@pytest.fixture(name="packet")
def _packet() -> dict[str, Any]:
    facts = {"productive_gpu_hours": 663.0, "available_gpu_hours": 1000.0}
    fails = judged(reading("productive_utilization", 0.663, 0.649, 0.676, facts=facts), 0.75, "fail", -0.087)
    lost = reading("activation", None, None, None, gaps=["hall-2: no telemetry on 2026-08-03"], missing=1.0)
    ask = {
        "id": "hall-4",
        "action": "BUILD",
        "scope": {"region": "cn-north", "accelerator": "H20"},
        "label": "cn-north / H20",
        "by": "=cmd|'calc'",
        "amount": "1200000000",
        "currency": "RMB",
        "amount_in_reporting_currency": "1200000000",
        "decide_by": "2026-12-01",
        "terms": {"gpus": 512},
        "derived": True,
        "as_of": "2026-09-07",
        "policy": "p" * 64,
        "state": "HELD",
        "because": "capacity.utilization fails",
        "turns": TURNS,
        "verdicts": [
            verdict("capacity.utilization", "fail", fails),
            verdict("capacity.activation", "unknown", judged(lost, 0.9, "unknown", None)),
            verdict("capacity.backlog", "fail", fails),
            verdict("capacity.tranche", "pass", judged(reading("x", 0.9, 0.9, 0.9), 0.5, "pass", 0.4), mode="shadow"),
        ],
        "waivers": [
            {
                "gate": "capacity.backlog",
                "scope": {"region": "cn-north"},
                "category": "Waiver",
                "by": "sun.hao",
                "reason": "<b>launch</b>",
                "control": "weekly look",
                "expires": "2026-11-30",
                "exposure": "1200000000",
                "currency": "RMB",
            }
        ],
        "digest": "d" * 64,
        "needed": [{"role": "cfo", "count": 1}],
        "signatures": [
            {
                "by": "li.wei",
                "role": "finance",
                "verdict": "approve",
                "at": "2026-09-07T10:00:00Z",
                "valid": False,
                "because": "signed another statement",
            }
        ],
    }
    exhibit = {
        "name": "capacity.ladder",
        "question": "Is it busy?",
        "sentence": "66.3 % against at least 75.0 %.",
        "missing": "",
        "headings": [
            {"name": "pool", "unit": "", "digits": 0},
            {"name": "productive", "unit": "share", "digits": 1},
            {"name": "cost", "unit": "currency", "digits": 2},
        ],
        "rows": [["cn-north / H20", 0.663, "1234.5"], ["=HYPERLINK(1)", None, None]],
        "closing": "parts 1,234.50 = 1,234.50",
        "closes": True,
        "notes": ["one note"],
        "batches": [],
        "chart": {"kind": "bars", "x": "pool", "y": ["productive"], "limit": None, "by": None},
    }
    return {
        "schema": "hardgate.packet/1",
        "version": "0.1.0",
        "as_of": "2026-09-07",
        "repeat": "hardgate review --as-of 2026-09-07",
        "currency": "RMB",
        "confidence": 0.9,
        "policy": "p" * 64,
        "summary": {
            "asks": 1,
            "released": 0,
            "awaiting": 0,
            "held": 1,
            "refused": 0,
            "pass": 1,
            "hold": 0,
            "fail": 1,
            "unknown": 1,
            "waived": 1,
        },
        "asks": [ask],
        "signals": [],
        "exhibits": [
            exhibit,
            {**exhibit, "name": "capacity.position", "question": "When?", "missing": "no demand: bring it", "rows": []},
        ],
        "not_available": [{"part": "6 the flip", "needs": "outlook"}],
        "not_judged": ["SELL: no installed gate guards it"],
        "waivers": ask["waivers"],
        "waiver_debt": "1200000000",
        "shadows": [{"gate": "own.x", "asks": ["hall-4"], "amount": "1200000000", "currency": "RMB"}],
        "look_back": [{"ask": "hall-3", "as_of": "2026-06-01", "said": "HELD", "came": "0.6 then, 0.7 now"}],
        "assumptions": [],
        "findings": ["sales: 3 rows rejected"],
        "evidence": [
            {
                "batch": "a" * 64,
                "table": "sales",
                "file": "data/sales.csv",
                "rows": 90,
                "rejected": 3,
                "first_day": "2026-01-01",
                "last_day": "2026-08-01",
                "known": "reported",
            }
        ],
        "digest": "e" * 64,
    }
