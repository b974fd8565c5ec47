"""Evidence as of a date: the version of each day that was known by then."""

from datetime import date

import numpy as np
import pytest

from hardgate.core.days import Window
from hardgate.core.terms import Rows, Scope
from hardgate.review.evidence import Archive

POOL_DAY = """
    day         known       known_to    region  accelerator  pool     busy
    2026-09-01  2026-09-02  2026-09-05  north   H20          north-1  10
    2026-09-01  2026-09-02  2026-09-05  south   H20          south-1  20
    2026-09-01  2026-09-05  9999-12-31  north   H20          north-1  11
    2026-09-01  2026-09-05  9999-12-31  south   H20          south-1  20
    2026-09-02  2026-09-03  9999-12-31  north   H20          north-1  30
"""


def rows(text: str) -> Rows:
    head, *lines = [line.split() for line in text.strip().splitlines()]
    columns = {
        name: np.array(
            [line[i] for line in lines], dtype="datetime64[D]" if name in {"day", "known", "known_to"} else object
        )
        for i, name in enumerate(head)
    }
    return Rows(columns, len(lines))


@pytest.fixture(name="archive")
def _archive() -> Archive:
    empty = Rows({}, 0)
    return Archive(
        load=lambda name, _window: rows(POOL_DAY) if name == "pool_day" else empty,
        digests=lambda name, _window, _as_of: (name,),
        lag=lambda name: 3 if name == "cost_day" else 0,
        currency="RMB",
        assumption=lambda _name, _scope: None,
        limits=lambda _gate, _scope: None,
    )


def test_a_date_sees_the_version_known_by_then(archive: Archive) -> None:
    north = Scope.of(region="north")
    assert list(archive.at(date(2026, 9, 1)).rows("pool_day").columns["busy"]) == []
    assert list(archive.at(date(2026, 9, 4)).rows("pool_day", north).columns["busy"]) == ["10", "30"]
    assert list(archive.at(date(2026, 9, 5)).rows("pool_day", north).columns["busy"]) == ["11", "30"]


def test_a_window_and_a_scope_narrow_together(archive: Archive) -> None:
    evidence = archive.at(date(2026, 9, 5))
    first = Window(date(2026, 9, 1), date(2026, 9, 2))
    assert list(evidence.rows("pool_day", Scope.of(region="south"), first).columns["busy"]) == ["20"]
    assert evidence.rows("pool_day", Scope.of(region="west"), first).count == 0


def test_a_tranche_of_a_pool_reads_its_pools_rows(archive: Archive) -> None:
    scope = Scope.of(region="north", pool="north-1", tranche="hall-4")
    assert archive.at(date(2026, 9, 5)).rows("pool_day", scope).count == 2


def test_scopes_are_those_that_were_known(archive: Archive) -> None:
    assert archive.at(date(2026, 9, 1)).scopes(("region",)) == ()
    assert [str(one) for one in archive.at(date(2026, 9, 2)).scopes(("region", "accelerator"))] == [
        "north / H20",
        "south / H20",
    ]


def test_the_last_complete_day_waits_for_the_latest_table(archive: Archive) -> None:
    evidence = archive.at(date(2026, 9, 7))
    assert evidence.last_complete("pool_day") == date(2026, 9, 6)
    assert evidence.last_complete("cost_day") == date(2026, 9, 4)
