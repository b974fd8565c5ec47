"""A back-test as one plain document, and as lines for a terminal.

The document holds no run time and no path: the same evidence, policy and dates give the same bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hardgate.report.packet import of_exhibit
from hardgate.report.text import exhibit_lines
from hardgate.review.backtest_tables import tables
from hardgate.review.backtests import Replayed
from hardgate.review.replay import Past


def document(tested: Replayed) -> dict[str, Any]:
    """Return a back-test as a plain document: its tables, and every past ask date by date."""
    found = tested.backtest
    return {
        "as_of": found.as_of.isoformat(),
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "every": found.every,
        "currency": found.currency,
        "confidence": found.confidence,
        "tables": [of_exhibit(exhibit, table) for exhibit, table in tables(found, tested.thresholds)],
        "asks": [_past(one) for one in found.pasts],
        "looks_ahead": None if tested.peeking is None else list(tested.peeking),
    }


def _past(past: Past) -> dict[str, Any]:
    worth: tuple[float | None, ...] = past.worth or (None,) * len(past.looks)
    return {
        "id": past.ask.id,
        "scope": past.ask.scope.as_mapping(),
        "action": past.ask.action.value,
        "done": past.done,
        "missing": past.came.missing,
        "reviews": [
            {
                "day": look.day.isoformat(),
                "outcome": look.whole().value,
                "gates": {name: verdict.outcome.value for name, verdict in look.verdicts.items()},
                "worth": None if value is None else round(value, 2),
            }
            for look, value in zip(past.looks, worth, strict=True)
        ],
    }


def lines(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a terminal shows of a back-test."""
    often = "week" if body["every"] == "1w" else "month"
    yield f"Back-test as of {body['as_of']}, asks reviewed every {often} from {body['from']} to {body['to']}"
    for table in body["tables"]:
        yield ""
        yield from exhibit_lines(table, body["currency"])
    if body["looks_ahead"] is not None:
        yield ""
        ahead = body["looks_ahead"]
        yield (
            f"look ahead: {', '.join(ahead)}" if ahead else "every verdict is the same without what became known later"
        )
