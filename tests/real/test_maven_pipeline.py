"""A CRM's pipeline through a table map: 8,800 opportunities of a fictitious company, for their shape alone.

The export has no hours, so that what an hour brings stays unknown and is never zero.
"""

from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Scope
from hardgate.metrics.columns import amounts, cells
from hardgate.metrics.expansion_contribution_per_hour import metric as expansion_contribution_per_hour
from hardgate.review.workspace import Workspace

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "adoption"
PIPELINE, TEAMS = (DATA / f"maven_crm_{name}.parquet" for name in ("sales_pipeline", "sales_teams"))
SETTINGS = f"""
currency = "USD"
as_of = "2018-01-02"
[[inputs]]
source = "table"
table = "opportunities"
select = '''
    select p.*, t.regional_office,
        row_number() over (partition by account order by engage_date, opportunity_id) as nth
    from read_parquet('{PIPELINE}') p left join read_parquet('{TEAMS}') t using (sales_agent)
    where engage_date is not null
'''
currency = "USD"
columns.opportunity = "opportunity_id"
columns.kind = "case when account is null or nth = 1 then 'new' else 'expansion' end"
columns.region = "regional_office"
columns.opened_on = "cast(strptime(engage_date, '%d-%m-%Y') as date)"
columns.closed_on = "cast(strptime(close_date, '%d-%m-%Y') as date)"
columns.stage = "lower(deal_stage)"
columns.amount = "close_value"
columns.updated_on = "cast(strptime(coalesce(close_date, engage_date), '%d-%m-%Y') as date)"
"""
AS_OF = date(2018, 1, 2)


@pytest.fixture(name="workspace", scope="module")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if not PIPELINE.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("maven")
    (root / "hardgate.toml").write_text(SETTINGS)
    (root / "policy.yaml").write_text("confidence: 90%\n")
    workspace = Workspace.open(root)
    told = workspace.ingest(
        [], source=None, table=None, clock=datetime(2026, 9, 1), known_at=None, dry_run=False, progress=None
    )
    assert told.report.problems == ()
    return workspace


def test_every_opportunity_that_was_begun_is_read_and_its_total_holds(workspace: Workspace) -> None:
    with workspace.engine() as engine, workspace.lake() as lake:
        rows = workspace.archive(engine, lake, AS_OF).at(AS_OF).rows("opportunity")
    stages = cells(rows, "stage")
    assert {stage: stages.count(stage) for stage in sorted(set(stages))} == {
        "engaging": 1589,
        "lost": 2473,
        "won": 4238,
    }
    assert sum(one for one in amounts(rows, "amount") if one is not None) == 10_005_534
    closed = [region for region, stage in zip(cells(rows, "region"), stages, strict=True) if stage in {"won", "lost"}]
    assert {one: closed.count(one) for one in sorted(set(closed))} == {"Central": 2604, "East": 1858, "West": 2249}


def test_a_deal_is_not_known_to_be_won_before_it_was(workspace: Workspace) -> None:
    summer = date(2017, 7, 1)
    with workspace.engine() as engine, workspace.lake() as lake:
        rows = workspace.archive(engine, lake, AS_OF).at(summer).rows("opportunity")
    ended = [day for day in cells(rows, "closed_on") if day is not None]
    assert ended
    assert max(ended) <= summer


def test_without_hours_what_an_hour_brings_is_unknown(workspace: Workspace) -> None:
    with workspace.engine() as engine, workspace.lake() as lake:
        evidence = workspace.archive(engine, lake, AS_OF).at(AS_OF)
        window = Window(date(2017, 1, 1), date(2018, 1, 1))
        for scope in (EVERYTHING, Scope.of(region="West")):
            found = evidence.reading(expansion_contribution_per_hour, scope, window)
            assert (found.value, found.missing) == (None, 1.0)
            assert "has no hours" in found.because
