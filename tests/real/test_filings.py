"""Whole SEC documents: one company's companyfacts and two filings, read as they came."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.terms import Evidence, Outcome
from hardgate.metrics.free_cash_flow import free_cash_flow
from hardgate.metrics.published import QUARTER, YEAR, series, total
from hardgate.metrics.stated import WHOLE
from hardgate.metrics.ties import ties
from hardgate.review.workspace import Workspace
from hardgate.sources import html_page, inline_xbrl, printed_tables
from tests.command import here

FINANCE = Path(__file__).parents[2].parent / "shared" / "data" / "finance"
FACTS = FINANCE / "companyfacts_CIK0001652044.json.gz"
pytestmark = pytest.mark.skipif(not FACTS.is_file(), reason="the shared real data are not beside this checkout")

SETTINGS = f"""\
currency = "USD"
[[inputs]]
source = "companyfacts"
files = ["{FACTS}"]
[[inputs]]
source = "filing"
files = ["{FINANCE}/*.html.gz"]
"""
BACKLOG = {
    "2024-12-31": 93.2, "2025-03-31": 92.4, "2025-06-30": 108.2, "2025-09-30": 157.7, "2025-12-31": 242.8, "2026-03-31": 467.6,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sec")
    (root / "hardgate.toml").write_text(SETTINGS)
    (root / "policy.yaml").write_text("horizon: 26w\n")
    done = here("-C", root, "ingest", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["problems"] == []
    rows = {one["file"].rpartition("/")[2]: one["rows"] for one in told["added"] if one["table"] == "facts"}
    assert rows["companyfacts_CIK0001652044.json.gz"] == 20_235
    assert sum(one["rejected"] for one in told["added"]) == 0
    return root


@pytest.fixture(scope="module")
def at(folder: Path) -> Iterator[Any]:
    workspace = Workspace.open(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        yield workspace.archive(engine, lake, date(2026, 11, 25)).at


def bn(value: Any) -> float:
    return round(float(value) / 1e9, 3)


def test_remaining_performance_obligations_by_quarter(at: Any) -> None:
    found = {
        str(one.end): bn(one.value) for one in series(at(date(2026, 5, 20)), "Alphabet Inc.", "backlog", WHOLE, 0).good
    }
    assert {day: found[day] for day in BACKLOG} == BACKLOG


def test_a_year_of_capex_and_operating_cash_flow(at: Any) -> None:
    """The tag of capex is one; that of revenue changed in 2025 and the series goes on."""
    now: Evidence = at(date(2026, 5, 20))
    day = date(2025, 12, 31)
    year = {name: series(now, "Alphabet Inc.", name, WHOLE, YEAR).at(day) for name in ("capex", "operating_cash_flow")}
    assert {name: bn(point.value) for name, point in year.items() if point} == {
        "capex": 91.447,
        "operating_cash_flow": 164.713,
    }
    revenue = series(now, "Alphabet Inc.", "revenue").good
    ends = [one.end for one in revenue if one.end >= date(2020, 1, 1)]
    assert len(ends) == 25
    assert {one.parts[0].now.concept for one in revenue[-12:]} == {
        "us-gaap:Revenues", "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax",
    }  # fmt: skip


def test_quarters_that_are_derived_add_up_to_the_year(at: Any) -> None:
    now: Evidence = at(date(2026, 5, 20))
    quarters = series(now, "Alphabet Inc.", "operating_cash_flow")
    last = quarters.at(date(2025, 12, 31))
    assert last is not None
    assert last.derived
    four = total(quarters, last)
    assert four is not None
    assert bn(sum(one.value for one in four)) == 164.713


def test_capex_by_quarter_is_that_of_the_derived_table(at: Any) -> None:
    import duckdb

    sql = f"select calendar_quarter, usd_bn from '{FINANCE}/hyperscaler_quarterly.parquet' where ticker = 'GOOGL' and metric = 'capex'"
    other = dict(duckdb.connect().execute(sql).fetchall())
    mine = series(at(date(2026, 5, 20)), "Alphabet Inc.", "capex").good
    both = {(f"{one.end.year}Q{(one.end.month + 2) // 3}"): bn(one.value) for one in mine}
    shared = set(other) & set(both)
    assert len(shared) >= 24
    assert {key: both[key] for key in shared} == {key: pytest.approx(other[key], abs=0.002) for key in shared}


def test_what_was_known_before_a_filing_is_not_changed_by_it(at: Any) -> None:
    before, after = (
        series(at(day), "Alphabet Inc.", "backlog", WHOLE, 0).good[-1] for day in (date(2026, 4, 29), date(2026, 4, 30))
    )
    assert (str(before.end), bn(before.value)) == ("2025-12-31", 242.8)
    assert (str(after.end), bn(after.value)) == ("2026-03-31", 467.6)


def test_free_cash_flow_of_four_quarters(at: Any) -> None:
    cash = free_cash_flow(at(date(2026, 5, 20)), "Alphabet Inc.")
    last = cash.at(date(2025, 12, 31))
    assert last is not None
    four = total(cash, last)
    assert four is not None
    assert bn(sum(one.value for one in four)) == round(164.713 - 91.447, 3)


CLOSING = {
    ("Alphabet Inc.", "revenue", "2024-12-31"): (304.930, 43.229, 1.648, 0.211, 350.018),
    ("Alphabet Inc.", "operating_income", "2024-12-31"): (121.263, 6.112, -4.444, -10.541, 112.390),
    ("Nvidia Corp", "revenue", "2025-07-27"): (41.331, 5.412, 46.743),
    ("Nvidia Corp", "operating_income", "2025-07-27"): (28.363, 2.242, -1.624, -0.440, -0.101, 28.440),
}


def test_segments_and_what_is_unallocated_are_the_whole_of_both_filings(at: Any) -> None:
    now: Evidence = at(date(2026, 5, 20))
    every = [one for name in ("Alphabet Inc.", "Nvidia Corp") for one in ties(now, name)]
    assert len(every) == 14
    assert all(one.difference == 0 for one in every)
    for (company, measure, end), figures in CLOSING.items():
        fitting = [one for one in every if (one.company, one.measure, str(one.end)) == (company, measure, end)]
        told = [sorted([*(bn(value) for _, value in one.parts), bn(one.whole)]) for one in fitting]
        assert sorted(figures) in told


def test_the_lines_of_a_filing_say_where_they_stand(at: Any) -> None:
    one = series(at(date(2026, 5, 20)), "Nvidia Corp", "operating_income", "Graphics", QUARTER).good[-1]
    assert (
        one.cited == "nvda-10-q-2025-08-27, table 33, Operating income (loss), c-73, known 2025-08-27"
        or "table 33" in one.cited
    )


@pytest.mark.parametrize(
    ("name", "figures", "agree"), [("googl-10-k-2025-02-05", 1000, 0.87), ("nvda-10-q-2025-08-27", 560, 0.90)]
)
def test_printed_tables_read_without_their_tags_agree_with_the_tags(name: str, figures: int, agree: float) -> None:
    """The rest are figures that nobody tagged: shares in millions, changes and totals of the discussion."""
    page = html_page.read(gzip.decompress((FINANCE / f"{name}.html.gz").read_bytes()))
    told, unread = printed_tables.read(page)
    tagged = {(one.end, abs(one.value)) for one in inline_xbrl.facts(page)[0]}
    money = [one for one in told if one.unit == "currency"]
    assert len(money) >= figures * 0.95
    assert sum((one.end, abs(one.value)) in tagged for one in money) >= agree * len(money)
    assert len(unread) <= 11
    statement = {(one.measure, one.end): int(one.value / 10**6) for one in told if one.segment is None and one.measure}
    if name.startswith("googl"):
        assert [statement["revenue", f"{year}-12-31"] for year in (2023, 2024)] == [307394, 350018]
        assert statement["operating_income", "2024-12-31"] == 112390


def test_signals_of_a_company_that_was_never_seen(folder: Path) -> None:
    signals = Workspace.open(folder).review(date(2026, 5, 20), {}).signals
    found = {one.gate: one.outcome for one in signals if str(one.scope) == "Alphabet Inc."}
    assert found["watch.capex_cut"] is Outcome.FAIL
    assert found["watch.cash_inflection"] is Outcome.PASS
    assert found["watch.ai_share"] is Outcome.UNKNOWN


def test_sentences_on_supply_are_found_in_the_annual_report(folder: Path) -> None:
    body = json.loads(here("-C", folder, "show", "watch.disclosures", "--as-of", "2025-03-01", "--json").out)
    assert [(row[0], row[2], row[4]) for row in body["rows"]] == [
        ("Alphabet Inc.", "supply_constraint", "googl-10-k-2025-02-05")
    ] * 2
