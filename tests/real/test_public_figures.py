"""Tables of published figures: growth, cash, bridges, breaks and wrong derived quarters, and the bundled public case."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.days import window_ending
from hardgate.core.terms import Evidence, Outcome, Scope
from hardgate.metrics.fcf_positive_quarters import metric as fcf_positive_quarters
from hardgate.metrics.growth import growths
from hardgate.metrics.margins import margins
from hardgate.metrics.published import YEAR
from hardgate.metrics.stated import WHOLE
from hardgate.metrics.ties import ties
from hardgate.review.workspace import Workspace
from hardgate.watch.ties import flags
from tests.command import here

ROOT = Path(__file__).parents[2]
FINANCE = ROOT.parent / "shared" / "data" / "finance"
pytestmark = pytest.mark.skipif(not FINANCE.is_dir(), reason="the shared real data are not beside this checkout")

QUARTER = "make_date(cast(calendar_quarter[1:4] as int), 3 * cast(calendar_quarter[6:6] as int) - {back}, 1){less}"
START, END = QUARTER.format(back=2, less=""), "last_day(" + QUARTER.format(back=0, less="") + ")"
SETTINGS = f"""\
currency = "RMB"
[[inputs]]
source = "table"
table = "facts"
files = ["peers.parquet"]
columns.concept = "metric"
columns.period_start = "{START}"
columns.period_end = "{END}"
columns.method = "case when kind like 'derived%' then 'derived' when kind like 'secondary%' then 'secondary' when kind like '%rounded%' then 'rounded' else 'reported' end"
columns.rounding = "case when unit = 'ratio' then 0.01 when unit like '%bn' then 0.1 else 1 end"
columns.document = "source"
[[inputs]]
source = "table"
table = "facts"
files = ["operators.parquet"]
columns.company = "ticker"
columns.concept = "metric"
columns.period_start = "{START}"
columns.period_end = "{END}"
columns.value = "usd_bn"
columns.unit = "'USD bn'"
columns.method = "case when note like '%FY minus 9M%' then 'derived' else 'reported' end"
[[inputs]]
source = "table"
table = "facts"
files = ["alibaba.parquet"]
columns.company = "'Alibaba'"
columns.concept = "case item when 'fcf_less_ppe' then 'free_cash_flow_item_ppe' when 'fcf_less_intangibles' then 'free_cash_flow_item_intangibles' when 'fcf_buyer_protection_change' then 'free_cash_flow_item_deposits' when 'consolidated_adjusted_ebita' then 'adjusted_ebita' when 'income_from_operations' then 'operating_income' else item end"
columns.period_start = "make_date(fiscal_year_end_mar - 1, 4, 1)"
columns.period_end = "make_date(fiscal_year_end_mar, 3, 31)"
columns.value = "rmb_mn"
columns.unit = "'RMB mn'"
[tables.facts]
known_after = "45 days"
"""
PARTS = {"peers": "china_peers_quarterly", "operators": "hyperscaler_quarterly", "alibaba": "alibaba_fy_annual"}
NOW = date(2025, 12, 1)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("public")
    import duckdb

    for name, file in PARTS.items():
        keep = "" if name == "alibaba" else "where length(calendar_quarter) = 6"
        if name == "operators":
            keep += " and not (ticker = 'BABA' and false)"
        duckdb.connect().execute(f"copy (select * from '{FINANCE / file}.parquet' {keep}) to '{folder / name}.parquet'")
    (folder / "hardgate.toml").write_text(SETTINGS)
    (folder / "policy.yaml").write_text("horizon: 26w\n")
    done = here("-C", folder, "ingest")
    assert done.code == 0, done.err
    workspace = Workspace.open(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        yield workspace.archive(engine, lake, date(2026, 11, 25)).at


def test_alibaba_cloud_growth_by_quarter(at: Any) -> None:
    """7, 13, 18, 26 and 34 % from the September quarter of 2024 to that of 2025."""
    found = {str(one.end): one for one in growths(at(NOW), "BABA", "cloud_revenue")}
    told = {
        day: None if one.value is None else round(100 * one.value) for day, one in found.items() if day >= "2024-09"
    }
    assert told == {"2024-09-30": 7, "2024-12-31": 13, "2025-03-31": 18, "2025-06-30": 26, "2025-09-30": 34}


def test_free_cash_flow_of_alibaba_turns(at: Any) -> None:
    def read(day: date) -> float | None:
        evidence: Evidence = at(day)
        window = window_ending("13w", day)
        return evidence.reading(fcf_positive_quarters, Scope.of(company="BABA"), window).value

    assert (read(date(2024, 11, 20)), read(date(2025, 8, 20)), read(NOW)) == (2.0, 0.0, 0.0)


def test_tencent_cut_capex_by_24_percent_and_both_its_margins_stand(at: Any) -> None:
    now: Evidence = at(NOW)
    (one,) = [g for g in growths(now, "TCEHY", "capex") if g.value is not None]
    assert (str(one.end), one.value) == ("2025-09-30", -0.24)
    (ifrs,) = margins(now, "TCEHY", ("operating_profit", WHOLE), ("revenue", WHOLE))[-1:]
    (adjusted,) = margins(now, "TCEHY", ("non_ifrs_operating_profit", WHOLE), ("revenue", WHOLE))[-1:]
    assert round(adjusted.value, 3) == 0.376
    assert ifrs.value == pytest.approx(0.330, abs=6e-4)


def test_baidu_loses_484_or_612_in_a_thousand_by_the_denominator(at: Any) -> None:
    now: Evidence = at(NOW)
    loss = ("operating_income", WHOLE)
    assert round(margins(now, "BIDU", loss, ("revenue", WHOLE))[-1].value, 3) == -0.484
    assert round(margins(now, "BIDU", loss, ("baidu_core_revenue", WHOLE))[-1].value, 3) == -0.612


def test_the_bridges_of_alibabas_fiscal_years_close(at: Any) -> None:
    found = {
        str(one.end): (float(one.whole) / 1e6, one.closes) for one in ties(at(NOW), "Alibaba") if one.kind == "bridge"
    }
    assert found == {"2023-03-31": (171663, True), "2024-03-31": (156210, True), "2025-03-31": (73870, True)}
    cloud = margins(at(NOW), "Alibaba", ("cloud_adjusted_ebita", WHOLE), ("cloud_revenue", WHOLE), YEAR)
    assert [round(100 * one.value, 1) for one in cloud] == [4.0, 5.8, 8.9]


def test_wrong_derived_quarters_and_new_segments_are_flagged_and_not_used(at: Any) -> None:
    later: Evidence = at(date(2026, 11, 1))
    dollars = [one for one in flags(later, "BIDU") if "cloud_revenue to" in one]
    assert [one.split(":")[0] for one in dollars] == [
        "BIDU cloud_revenue to 2021-12-31",
        "BIDU cloud_revenue to 2025-12-31",
    ]
    assert "MSFT cloud_revenue: the level breaks at 2024-09-30; growth across it is not taken" in flags(later, "MSFT")
    assert "ORCL cloud_revenue: the level breaks at 2025-09-30; growth across it is not taken" in flags(later, "ORCL")
    across = {str(one.end): one for one in growths(later, "MSFT", "cloud_revenue")}
    assert [day for day, one in across.items() if one.value is None and "breaks" in one.why] == [
        "2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30",
    ]  # fmt: skip
    assert across["2025-09-30"].value == pytest.approx(30.897 / 24.092 - 1, abs=1e-6)


def test_capex_signals_of_the_operators(at: Any) -> None:
    found = {name: growths(at(NOW), name, "capex")[-1].value for name in ("AMZN", "GOOGL", "META", "MSFT", "ORCL")}
    assert {name: round(value or 0, 3) for name, value in found.items()} == {
        "AMZN": 0.552, "GOOGL": 0.834, "META": 1.280, "MSFT": 0.300, "ORCL": 2.692,
    }  # fmt: skip


CASE = ROOT / "src" / "hardgate" / "review" / "templates" / "public-alibaba" / "data" / "facts.csv"
NAMES = {
    "BABA": "Alibaba",
    "TCEHY": "Tencent",
    "BIDU": "Baidu",
    "AMZN": "Amazon",
    "GOOGL": "Alphabet",
    "META": "Meta",
    "MSFT": "Microsoft",
    "ORCL": "Oracle",
}
CALLED = {
    "operating_income": "income_from_operations", "impairment": "long_lived_asset_impairment", "core_revenue": "baidu_core_revenue",
    "ai_infrastructure_revenue": "ai_cloud_infra_revenue", "ai_infrastructure_revenue_yoy": "ai_cloud_infra_revenue_yoy",
    "cloud_revenue_yoy": "ai_cloud_revenue_yoy",
}  # fmt: skip


def test_the_figures_of_the_bundled_case_are_those_of_the_shared_tables() -> None:
    import duckdb

    sql = duckdb.connect().execute
    shared = {
        (NAMES[t], q, m): float(v)
        for t, q, m, v in sql(
            f"select company, calendar_quarter, metric, value from '{FINANCE}/china_peers_quarterly.parquet'"
        ).fetchall()
    }
    shared |= {
        (NAMES.get(t, t), q, m): float(v)
        for t, q, m, v in sql(
            f"select ticker, calendar_quarter, metric, usd_bn from '{FINANCE}/hyperscaler_quarterly.parquet' where ticker not in ('BABA', 'BIDU')"
        ).fetchall()
    }
    compared = 0
    with CASE.open() as file:
        for row in csv.DictReader(file):
            end = date.fromisoformat(row["period_end"])
            quarter = f"{end.year}Q{(end.month + 2) // 3}"
            other = [
                shared.get((row["company"], quarter, name)) for name in (row["measure"], CALLED.get(row["measure"], ""))
            ]
            months = (end - date.fromisoformat(row["period_start"])).days if row["period_start"] else 0
            found = next((one for one in other if one is not None), None)
            if found is not None and months < 100:
                assert float(row["value"]) == found, row
                compared += 1
    assert compared == 185


def test_the_public_case_reads_cloud_growth_as_of_each_release(tmp_path: Path) -> None:
    here("-C", tmp_path, "init", "--template", "public-alibaba")
    here("-C", tmp_path, "ingest")
    workspace = Workspace.open(tmp_path)
    outcome = {
        day: next(
            one.outcome
            for one in workspace.review(day, {}).signals
            if (one.gate, str(one.scope)) == ("watch.cloud_growth", "Alibaba")
        )
        for day in (date(2025, 11, 24), date(2025, 11, 25))
    }
    assert outcome == {date(2025, 11, 24): Outcome.FAIL, date(2025, 11, 25): Outcome.PASS}
