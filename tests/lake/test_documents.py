"""A document that is no table comes in as a batch of its own bytes, with its unreadable places among the rejects."""

import gzip
import hashlib
import json

from hardgate.sources.source import Input
from tests.lake.conftest import Desk

PAGE = """
<html><body><p>(in millions)</p><table>
<tr><td></td><td>Quarter ended June 30, 2024<br/>RMB</td><td>Quarter ended June 30, 2025<br/>RMB</td><td>% Change</td></tr>
<tr><td>Revenue</td><td>100</td><td>130</td><td>20%</td></tr></table>
<table><tr><td></td><td>Quarter ended June 30, 2025</td></tr><tr><td>Capital expenditures</td><td>38,676</td></tr></table>
</body></html>
"""
FACT = {"start": "2025-01-01", "end": "2025-03-31", "accn": "a-1", "form": "10-Q", "filed": "2025-05-01"}


def filing(desk: Desk, text: str, name: str = "release-2025-08-29.html") -> Input:
    return Input("filing", files=(desk.write(name, text),), options={"company": "Acme"})


def test_what_cannot_be_used_of_a_release_is_rejected_with_its_table_row_and_column(desk: Desk) -> None:
    desk.ingest(filing(desk, PAGE))
    told = [(one.line, one.reason) for one in desk.rejected("facts")]
    assert told == [
        (1, "table 1, row 'Revenue', column '% Change': 20 % does not recompute: 130000000 over 100000000 is 30 %"),
        (2, "table 2 has no units: expected words such as (in millions) in its head or just above it"),
        (2, "table 2, column 'Quarter ended June 30, 2025': no currency of its own, and the table names none"),
    ]
    assert desk.rows("facts", "measure, cast(value as bigint)") == [("revenue", 100_000_000), ("revenue", 130_000_000)]


def test_two_columns_that_claim_one_quarter_name_both(desk: Desk) -> None:
    twice = PAGE.replace("June 30, 2024", "June 30, 2025")
    desk.ingest(filing(desk, twice))
    head = "'Quarter ended June 30, 2025 RMB'"
    assert f"table 1: two columns claim the period to 2025-06-30: {head} and {head}" in [
        one.reason for one in desk.rejected("facts")
    ]


def test_the_digest_of_a_fact_is_that_of_the_document_as_it_came(desk: Desk) -> None:
    packed = gzip.compress(PAGE.encode(), mtime=0)
    desk.ingest(filing(desk, packed, "release-2025-08-29.html.gz"))  # type: ignore[arg-type]
    assert desk.rows("facts", "distinct document_digest, document") == [
        (hashlib.sha256(packed).hexdigest(), "release-2025-08-29")
    ]


def test_a_document_that_comes_again_adds_nothing(desk: Desk) -> None:
    given = filing(desk, PAGE)
    first, second = desk.ingest(given), desk.ingest(given)
    assert (len(first.added), second.added, second.known) == (2, (), ("release-2025-08-29.html",))


def test_a_restated_figure_holds_from_the_day_it_was_filed(desk: Desk) -> None:
    stated = [{**FACT, "val": 100}, {**FACT, "val": 98, "accn": "a-2", "filed": "2026-05-01"}]
    told = {"cik": 1, "entityName": "ACME", "facts": {"us-gaap": {"Revenues": {"label": "", "units": {"USD": stated}}}}}
    desk.ingest(Input("companyfacts", files=(desk.write("CIK1.json", json.dumps(told)),)))
    from datetime import date

    assert desk.rows("facts", "cast(value as bigint)", date(2025, 6, 1)) == [(100,)]
    assert desk.rows("facts", "cast(value as bigint)", date(2026, 6, 1)) == [(98,), (100,)]


def test_a_packed_file_that_is_cut_off_is_a_problem_and_no_fault(desk: Desk) -> None:
    name = desk.write("cut.json.gz", gzip.compress(b"x" * 9000)[:20])
    report = desk.ingest(Input("companyfacts", files=(name,)))
    assert "cannot be unpacked" in report.problems[0].message
