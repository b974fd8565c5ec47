"""What the ledger keeps of packets, and what it keeps once."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.ledger.store import Ledger
from hardgate.review.recording import asks, newest_of, record

AT = datetime(2026, 9, 8, 9, 0)


def packet(as_of: str = "2026-09-07", **states: str) -> dict[str, Any]:
    reading = {"metric": "productive_utilization", "value": 0.663, "low": 0.649, "high": 0.676, "sql": "select 1"}
    judged = {"reading": reading, "limit": {}, "outcome": "fail"}
    made = [
        {
            "id": name,
            "state": state,
            "because": "because",
            "digest": f"{name} on {as_of}",
            "amount": None,
            "currency": "RMB",
            "verdicts": [{"gate": "capacity.utilization", "conditions": [judged]}],
        }
        for name, state in states.items()
    ]
    return {"digest": as_of, "as_of": as_of, "policy": "p", "version": "1", "asks": made, "exhibits": []}


@pytest.fixture(name="ledger")
def _ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def test_a_packet_is_kept_with_its_readings_and_not_twice(ledger: Ledger) -> None:
    with ledger:
        assert record(ledger, packet(hall="HELD"), actor="li.wei", at=AT)
        assert not record(ledger, packet(hall="HELD"), actor="chen.yu", at=AT)
        (entry,) = ledger.entries()
        assert entry.body["asks"] == [
            {
                "id": "hall",
                "state": "HELD",
                "because": "because",
                "digest": "hall on 2026-09-07",
                "amount": "",
                "currency": "RMB",
                "readings": [{"metric": "productive_utilization", "value": 0.663, "low": 0.649, "high": 0.676}],
            }
        ]
        assert record(ledger, packet(hall="AWAITING"), actor="li.wei", at=AT)


def test_an_ask_is_refused_once_and_again_after_it_was_open(ledger: Ledger) -> None:
    with ledger:
        for state in ("HELD", "REFUSED", "REFUSED", "HELD", "REFUSED"):
            record(ledger, packet(as_of=f"2026-09-{len(ledger.entries()) + 1:02d}", hall=state), actor="li.wei", at=AT)
        kinds = [one.kind for one in ledger.entries()]
        assert kinds.count("review.recorded") == 5
        assert kinds.count("ask.refused") == 2
        assert kinds[2] == "ask.refused"


def test_the_newest_packet_that_holds_an_ask_is_found(ledger: Ledger) -> None:
    with ledger:
        assert (newest_of(ledger, "hall"), asks(ledger)) == (None, ())
        record(ledger, packet(hall="HELD", yard="HELD"), actor="li.wei", at=AT)
        record(ledger, packet("2026-09-08", yard="HELD"), actor="li.wei", at=AT)
        assert newest_of(ledger, "hall") == ("2026-09-07", "hall on 2026-09-07")
        assert newest_of(ledger, "yard") == ("2026-09-08", "yard on 2026-09-08")
        assert asks(ledger) == ("yard",)


def test_the_digest_of_a_registration_is_kept_as_it_was(ledger: Ledger) -> None:
    """A registry that is edited after the fact can be held against what the ledger has."""
    told = packet(feature="HELD")
    told["asks"][0]["terms"] = {"registration": "96b4b4933548a585", "looks": 4}
    with ledger:
        record(ledger, told, actor="li.wei", at=AT)
        assert ledger.entries()[0].body["asks"][0]["registration"] == "96b4b4933548a585"
