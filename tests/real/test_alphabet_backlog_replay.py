"""Alphabet's remaining performance obligations as they were filed, and a backlog gate replayed as of each quarter.

The obligations and the capital are from the filings, with their filing dates as the day they became known (SEC
companyfacts, US government data). All the rest is assumed, and is said to be in policy.yaml: that what is owed comes in
evenly over four years, that a tranche is the last fiscal year's capital, and what owning costs.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from hardgate.core.terms import Outcome, Reading
from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.workspace import Workspace

FACTS = Path(__file__).parents[2].parent / "shared" / "data" / "finance" / "alphabet_backlog_capex.parquet"
AS_OF = date(2026, 6, 30)
SETTINGS = """
currency = "USD"
as_of = "{as_of}"

[[inputs]]
source = "table"
table = "contracts"
files = ["data/obligations.csv"]

[[inputs]]
source = "table"
table = "capacity_plan"
files = ["data/plan.csv"]

[[pools]]
pool = "cloud"
region = "world"
accelerator = "any"
"""
POLICY = """
horizon: 26w
gates:
  capacity.backlog: {mode: block, backlog_coverage: 1.10}
assumptions:
  hurdle_rate: {value: 10%, source: assumed}
  life_months: {value: 72, source: "assumed: six years, as server lives in the filings"}
  fixed_cost_per_gpu_month: {value: 250, source: assumed}
  variable_cost_per_gpu_hour: {value: 0.1, source: assumed}
  coverage_months: 24
  single_name_cap: {value: 100%, source: the filing names no customers}
  haircut.A: 100%
  haircut.none: 100%
sign_off:
  - {action: BUILD, roles: [finance]}
"""
PRICE = 40_000
"""USD for one accelerator with its share of the hall: assumed, and only a unit here."""


def obligations() -> list[tuple[str, str, date, date, date, int]]:
    return [
        ("obligations", "all customers", filed, end, end.replace(year=end.year + 4, day=min(end.day, 28)), amount)
        for end, filed, amount in duckdb.execute(
            f"select \"end\", filed, val_usd from read_parquet('{FACTS}') "
            "where tag = 'RevenueRemainingPerformanceObligation' order by filed"
        ).fetchall()
    ]


def capital() -> dict[int, tuple[date, int]]:
    """Return each fiscal year's capital; of a year filed again, as it was filed last, known a year's end after."""
    found = duckdb.execute(
        f"select extract(year from \"end\"), val_usd from read_parquet('{FACTS}') "
        "where tag = 'PaymentsToAcquirePropertyPlantAndEquipment' and form = '10-K' and length(frame) = 6"
    ).fetchall()
    return {int(year): (date(int(year) + 1, 2, 6), int(amount)) for year, amount in found}


def quarters() -> list[tuple[str, date, date, int]]:
    """A tranche a quarter: asked for in its first month, decided at its end, as large as the last year's capital."""
    found = []
    for year in range(2023, 2027):
        for quarter, month in enumerate((3, 6, 9, 12), start=1):
            commit = date(year, month, 15)
            if commit <= AS_OF and year - 1 in capital():
                found.append(
                    (f"{year}Q{quarter}", date(year, month - 2, 7 if month > 3 else 8), commit, capital()[year - 1][1])
                )
    return found


@pytest.fixture(name="replayed", scope="module")
def _replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    if not FACTS.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("alphabet")
    (root / "data").mkdir()
    head = "contract,customer,signed_on,start_date,end_date,committed_amount,rpo,currency,take_or_pay,termination,credit_grade"
    lines = [
        f"{c},{who},{filed},{start},{end},{amount},{amount},USD,true,none,A"
        for c, who, filed, start, end, amount in obligations()
    ]
    (root / "data" / "obligations.csv").write_text("\n".join([head, *lines]) + "\n")
    plan = ["tranche,pool,gpus,amount,currency,proposed_on,commit_date,live_date"]
    for name, asked, commit, amount in quarters():
        live = commit.replace(year=commit.year + 1, day=1)
        plan.append(f"{name},cloud,{amount // PRICE},{amount},USD,{asked},{commit},{live}")
    (root / "data" / "plan.csv").write_text("\n".join(plan) + "\n")
    (root / "hardgate.toml").write_text(SETTINGS.format(as_of=AS_OF))
    (root / "policy.yaml").write_text(POLICY)
    workspace = Workspace.open(root)
    clock = datetime(2026, 9, 7)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return backtest(workspace, AS_OF, Span(every="1w"), checked=True)


def readings(replayed: Replayed) -> dict[tuple[str, date], Reading]:
    return {
        (one.ask.id, look.day): look.verdicts["capacity.backlog"].judged[0].reading
        for one in replayed.backtest.pasts
        for look in one.looks
    }


def test_the_obligations_of_a_quarter_are_invisible_before_they_are_filed(replayed: Replayed) -> None:
    """467.6 bn stood on 2026-03-31 and was filed on 2026-04-30: Monday the 27th does not see it, May does."""
    found = {day: one for (ask, day), one in readings(replayed).items() if ask == "2026Q2"}
    before, after = found[date(2026, 4, 27)].value, found[date(2026, 5, 4)].value
    assert before is not None
    assert after is not None
    assert after > 1.7 * before
    sums = {day: dict(one.facts) for day, one in found.items()}
    assert set(sums) >= {date(2026, 4, 13), date(2026, 5, 11)}


def test_no_verdict_knows_what_was_filed_later(replayed: Replayed) -> None:
    assert replayed.peeking == ()


def test_each_quarter_is_judged_on_the_last_filing_before_its_day(replayed: Replayed) -> None:
    """Coverage by hand: obligations of the first 24 months that the tranche is live, over the revenue that it needs."""
    filed = [(known, start, end, amount) for _, _, known, start, end, amount in obligations()]
    for one in replayed.backtest.pasts:
        look = one.looks[-1]
        reading = look.verdicts["capacity.backlog"].judged[0].reading
        _, start, end, amount = max(row for row in filed if row[0] <= look.day)
        live = date(look.day.year + 1, look.day.month, 1)
        until = min(live.replace(year=live.year + 2), end)
        owed = amount * (until - live).days / (end - start).days
        need = dict(reading.facts)["revenue_needed"]
        assert reading.value == pytest.approx(owed / need, rel=0.02)


def test_what_the_gate_said_quarter_by_quarter(replayed: Replayed) -> None:
    """As it comes: least where the capital of a year had just been filed, most once the 467.6 bn were."""
    said = {one.ask.id: one.looks[-1] for one in replayed.backtest.pasts}
    value = {name: look.verdicts["capacity.backlog"].judged[0].reading.value or 0.0 for name, look in said.items()}
    assert [name for name, look in said.items() if look.whole() is not Outcome.PASS] == []
    assert min(value, key=lambda name: value[name]) == "2025Q2"
    assert max(value, key=lambda name: value[name]) == "2026Q2"
    assert value["2025Q2"] == pytest.approx(1.3022)
    assert value["2026Q1"] == pytest.approx(1.9658)


def test_without_demand_no_quarter_is_valued(replayed: Replayed) -> None:
    assert all(one.worth == () and one.came.missing for one in replayed.backtest.pasts)
