"""SEC companyfacts of companies that nobody has seen before."""

import gzip
import json
from datetime import date
from decimal import Decimal
from typing import Any

from tests.sources.conftest import Read


def document(**more: Any) -> dict[str, Any]:
    revenue = [
        {
            "start": "2025-01-01",
            "end": "2025-03-31",
            "val": 100,
            "accn": "a-1",
            "fy": 2025,
            "fp": "Q1",
            "form": "10-Q",
            "filed": "2025-05-01",
        },
        {
            "start": "2025-01-01",
            "end": "2025-03-31",
            "val": 98,
            "accn": "a-2",
            "fy": 2026,
            "fp": "Q1",
            "form": "10-Q",
            "filed": "2026-05-01",
            "frame": "CY2025Q1",
        },
    ]
    facts = {
        "dei": {"EntityCommonStockSharesOutstanding": {"label": "Shares", "units": {"shares": [{"end": "2025-03-31", "val": 9, "accn": "a-1", "filed": "2025-05-01"}]}}},
        "us-gaap": {
            "Revenues": {"label": "Revenues", "units": {"USD": revenue}},
            "EarningsPerShareDiluted": {"label": None, "units": {"USD/shares": [{**revenue[0], "val": 1.08}]}},
            "EffectiveIncomeTaxRate": {"label": "Rate", "units": {"pure": [{**revenue[0], "val": 0.21}]}},
        },
        "acme": {"Widgets": {"label": "Widgets", "units": {"widget": [{**revenue[0], "val": 5}]}}},
    }  # fmt: skip
    return {"cik": 1, "entityName": "ACME CLOUD INC.", "facts": facts, **more}


COLUMNS = {"facts": "company, concept, measure, value, unit, currency, document, filed"}


def test_every_fact_of_accounts_is_read_whatever_its_tag(read: Read) -> None:
    found, report = read("auto", json.dumps(document()), COLUMNS, name="CIK1.json")
    assert (report.problems, report.rejected, [one.source for one in report.added]) == ((), 0, ["companyfacts"])
    first, second = date(2025, 5, 1), date(2026, 5, 1)
    assert found["facts"] == [
        ("Acme Cloud Inc.", "acme:Widgets", None, Decimal(5), "widget", None, "a-1", first),
        ("Acme Cloud Inc.", "us-gaap:EarningsPerShareDiluted", "eps_diluted", Decimal("1.08"), "per share", "USD", "a-1", first),
        ("Acme Cloud Inc.", "us-gaap:EffectiveIncomeTaxRate", None, Decimal("0.21"), "ratio", None, "a-1", first),
        ("Acme Cloud Inc.", "us-gaap:Revenues", "revenue", Decimal(98), "currency", "USD", "a-2", second),
        ("Acme Cloud Inc.", "us-gaap:Revenues", "revenue", Decimal(100), "currency", "USD", "a-1", first),
    ]  # fmt: skip


def test_each_fact_says_where_it_stands_and_in_which_bytes(read: Read) -> None:
    packed = gzip.compress(json.dumps(document()).encode(), mtime=0)
    columns = {"facts": "table_name, row_name, column_name, document_digest"}
    found, report = read("companyfacts", packed, columns, name="CIK1.json.gz", company="Acme")
    (digest,) = {row[3] for row in found["facts"]}
    assert digest == report.added[0].digest
    assert ("us-gaap facts in USD", "Revenues", "CY2025Q1", digest) in found["facts"]
    assert ("us-gaap facts in USD", "Revenues", "2025 Q1", digest) in found["facts"]


def test_a_fact_without_its_filing_is_rejected_with_its_number(read: Read) -> None:
    told = document()
    told["facts"]["us-gaap"]["Revenues"]["units"]["USD"][1].pop("filed")
    found, report = read("auto", json.dumps(told), {"facts": "count(*)"}, name="CIK1.json")
    assert (found["facts"], report.rejected) == ([(4,)], 1)


def test_a_document_that_is_no_companyfacts_says_what_was_expected(read: Read) -> None:
    for text, words in (('{"facts": 1}', "expected an object with cik"), ("{", "not readable as JSON"),
                        ('{"facts": {"dei": {}}, "entityName": "A"}', "no fact of accounts")):  # fmt: skip
        _, report = read("companyfacts", text, {}, name="x.json")
        assert words in report.problems[0].message
