import re
from datetime import date
from pathlib import Path

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.lake.identities import NEVER as LAKE_NEVER
from hardgate.lake.identities import Rule
from hardgate.review.settings import EngineSettings, Product, load, parse
from hardgate.rollups.settings import EVER, NEVER, Pool, RollupSettings
from hardgate.sources.source import Input

WHOLE = b"""
currency = "RMB"
as_of = "2026-09-07"
fiscal_year_start = 4
cost_source = "general_ledger"

[engine]
address = "duckdb"
memory = "2GB"
threads = 2

[telemetry]
activity_field = 1001
active_at_least = 0.4
samples_per_hour = 120
enough = "60%"

[ledger]
address = "ledger.sqlite"

[[pools]]
pool = "cn-north-h20"
region = "cn-north"
accelerator = "H20"
from = 2026-01-01
to = "2026-07-01"

[[products]]
product = "gpu"
kind = "compute"

[[identities]]
table = "cost_and_usage"
column = "resource_id"
rule = "prefix"
match = "arn:aws:ec2:cn-north"
pool = "cn-north-h20"

[[identities]]
table = "sales"
column = "account"
rule = "regex"
match = "^acme-"
account = "acme"
to = 2026-07-01

[[inputs]]
source = "table"
table = "sales"
files = ["data/sales.csv", "more/*.csv"]
columns = {account = "acct", month = "date_trunc('month', d)"}
currency = "USD"

[[inputs]]
source = "table"
table = "capacity_plan"
select = "select * from read_csv('plan.csv')"

[[inputs]]
source = "kubernetes"
files = ["pods.csv"]
epoch = 2023-07-01

[tables.cost_and_usage]
known_after = "35 days"
"""


def test_the_whole_file_is_read() -> None:
    found = parse("hardgate.toml", WHOLE)
    assert (found.currency, found.as_of, found.fiscal_year_start) == ("RMB", date(2026, 9, 7), 4)
    assert (found.cost_source, found.ledger) == ("general_ledger", "ledger.sqlite")
    assert found.engine == EngineSettings("duckdb", "2GB", 2)
    assert found.known_after == {"cost_and_usage": 35}


def test_inputs_become_what_the_lake_reads() -> None:
    assert parse("hardgate.toml", WHOLE).inputs == (
        Input(
            "table",
            "sales",
            ("data/sales.csv", "more/*.csv"),
            None,
            {"account": "acct", "month": "date_trunc('month', d)"},
            {"currency": "USD"},
        ),
        Input("table", "capacity_plan", (), "select * from read_csv('plan.csv')"),
        Input("kubernetes", None, ("pods.csv",), options={"epoch": "2023-07-01"}),
    )


def test_pools_products_rules_and_telemetry_become_what_rollups_need() -> None:
    assert parse("hardgate.toml", WHOLE).rollups == RollupSettings(
        pools=(Pool("cn-north-h20", "cn-north", "H20", date(2026, 1, 1), date(2026, 7, 1)),),
        products=(Product("gpu", "gpu", "compute", EVER, NEVER),),
        rules=(
            Rule("cost_and_usage", "resource_id", "prefix", "arn:aws:ec2:cn-north", "cn-north-h20"),
            Rule("sales", "account", "regex", "^acme-", "acme", "account", valid_to=date(2026, 7, 1)),
        ),
        activity_field=1001,
        active_at_least=0.4,
        samples_per_hour=120,
        enough=0.6,
    )


def test_one_line_is_enough() -> None:
    found = parse("hardgate.toml", b'currency = "USD"\n')
    assert (found.as_of, found.cost_source, found.ledger) == (None, "cost_and_usage", ".hardgate/ledger.sqlite")
    assert found.engine == EngineSettings("duckdb", "4GB", None)
    assert found.rollups == RollupSettings()
    assert (found.inputs, dict(found.known_after)) == ((), {})


def test_rows_without_days_hold_for_ever_in_rollups_and_lake_alike() -> None:
    assert NEVER == LAKE_NEVER


def test_one_pool_may_move_when_its_days_do_not_overlap() -> None:
    text = b"""
    currency = "RMB"
    [[pools]]
    pool = "a"
    region = "north"
    accelerator = "H20"
    to = 2026-01-01
    [[pools]]
    pool = "a"
    region = "south"
    accelerator = "H20"
    from = 2026-01-01
    """
    assert [one.region for one in parse("hardgate.toml", text).rollups.pools] == ["north", "south"]


def test_all_mistakes_are_told_at_once_and_none_twice() -> None:
    text = b"""
currency = ""
as_of = "today"
[engine]
memory = "much"
[[inputs]]
source = "focs"
files = ["a.csv"]
[[inputs]]
sorce = "focus"
files = ["a.csv"]
[tables.sale]
known_after = "soon"
"""
    with pytest.raises(Misconfigured) as caught:
        parse("hardgate.toml", text)
    assert [f"{one.line}:{one.column} {one.message}" for one in caught.value.mistakes] == [
        "2:12 expected a text, found ''",
        "3:9 expected a date, found 'today'",
        "5:10 expected an amount of memory, found 'much'",
        "9:1 'source' is missing",
        '13:15 duration \'soon\' is not understood: write a whole number and d, w, m or y, such as "8w" or "35 days"',
    ]


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        Misconfigured, match=re.escape("hardgate.toml: this file does not exist\n    hardgate init writes one")
    ):
        load(tmp_path / "hardgate.toml")


def test_the_file_is_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / "hardgate.toml").write_bytes(b'\xef\xbb\xbfcurrency = "RMB"\r\n')
    assert load(tmp_path / "hardgate.toml").currency == "RMB"
