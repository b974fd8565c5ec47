"""Published traces, benchmarks and price lists, read through the sources and the table maps of pricing."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.models.subsidy import covering_quota
from hardgate.sources.source import Input

PRICING = Path(__file__).parents[2].parent / "shared" / "data" / "pricing"
AZURE, RATES = PRICING / "azure_llm_2023.parquet", PRICING / "servegen_rates_small_mid.parquet"
MLPERF, SPLITWISE = PRICING / "mlperf_inference_v5_1_datacenter.parquet", PRICING / "splitwise_perf_model.parquet"
PRICES = PRICING / "genai_prices_2026_08.parquet"
NONE = {"cache_read_tokens": "0", "cache_write_tokens": "0", "reasoning_tokens": "0"}

pytestmark = pytest.mark.skipif(not AZURE.is_file(), reason="the shared real data are not beside this checkout")


def reading(folder: Path, inputs: list[Input], tables: tuple[str, ...]) -> Iterator[Engine]:
    with connect(threads=2) as opened, Lake(folder / "lake") as lake:
        report = ingest(lake, opened, inputs, root=folder, clock=datetime(2026, 9, 7))
        assert (report.rejected, report.problems) == (0, ())
        for table in tables:
            relation(lake, opened, table)
        yield opened


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    event = "concat(service, '/', \"TIMESTAMP\", '/', ContextTokens, '/', GeneratedTokens)"
    columns = {
        "event": event, "called_at": "TIMESTAMP", "account": "'azure'", "feature": "service", "model": "'not said'",
        "input_tokens": "ContextTokens", "output_tokens": "GeneratedTokens", **NONE,
    }  # fmt: skip
    given = Input("table", "usage_events", (str(AZURE),), None, columns)
    yield from reading(tmp_path_factory.mktemp("azure"), [given], ("usage_events",))


def test_the_requests_of_azure_have_their_published_lengths(azure: Engine) -> None:
    found = azure.rows(
        "select feature, median(input_tokens), median(output_tokens), round(avg(input_tokens), 1), round(avg(output_tokens), 1)"
        " from usage_events group by 1 order by 1"
    )
    assert found == [("code", 1469, 13, 2047.8, 27.9), ("conv", 1020, 129, 1154.7, 211.1)]
    assert azure.rows("select count(*) from usage_events") == [(28_185,)]


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A client's rate over ten minutes stands for so many calls, counted by the million to keep their fractions."""
    columns = {
        "event": "concat(model, '/', client, '/', t_s)",
        "called_at": "timestamp '2025-01-06 00:00:00' + to_seconds(cast(t_s as bigint))",
        "account": "client", "calls": "cast(round(rate_rps * 600 * 1000000) as bigint)",
        "input_tokens": "0", "output_tokens": "0", **NONE,
    }  # fmt: skip
    given = Input("table", "usage_events", (str(RATES),), None, columns)
    yield from reading(tmp_path_factory.mktemp("servegen"), [given], ("usage_events",))


def test_ten_clients_make_most_of_the_requests(clients: Engine) -> None:
    found = clients.rows(
        "select model, sum(calls) filter (where place <= 10) / sum(calls) from (select model, account, sum(calls) as calls,"
        " row_number() over (partition by model order by sum(calls) desc) as place from usage_events group by 1, 2)"
        " group by 1 order by 1"
    )
    assert {model: round(share, 2) for model, share in found} == {"m-mid": 0.79, "m-small": 0.93}


def test_one_price_for_such_clients_needs_a_quota_far_below_the_heaviest(clients: Engine) -> None:
    """At a price of what the mean client costs, the quota that pays cuts the heaviest clients and no others."""
    rows = clients.rows("select sum(calls) / 1e6 from usage_events where model = 'm-small' group by account order by 1")
    calls = np.array([one for (one,) in rows])
    quota = covering_quota(calls, np.ones(len(calls)), 1.0, float(calls.mean()), 0.9, draws=200)
    assert calls.mean() < quota < calls.max()
    assert (calls > quota).mean() < 0.05


@pytest.fixture(scope="module")
def benchmarks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    each = "performance_result / (cast(nodes as integer) * cast(accelerators_per_node as integer))"
    mlperf = (
        f"select model, accelerator, median({each}) as speed, count(*) as runs from read_parquet('{MLPERF}')"
        " where model = 'llama2-70b-99.9' and scenario = 'Offline' and nodes = '1' and accelerators_per_node = '8' and category = 'closed'"
        " and performance_units ilike 'tokens/s' group by 1, 2"
    )
    splitwise = (
        "select model, hardware, max(batch_size * prompt_size / prompt_time * 1000 / tensor_parallel) as speed"
        f" from read_parquet('{SPLITWISE}') group by 1, 2"
    )
    shared = {"measured_on": "date '2025-09-09'", "tokens_per_second": "speed"}
    inputs = [
        Input("table", "throughputs", (), mlperf, {**shared, "kind": "'output'", "source": "'MLPerf Inference v5.1'"}),
        Input("table", "throughputs", (), splitwise, {**shared, "accelerator": "hardware", "kind": "'input'"}),
    ]
    yield from reading(tmp_path_factory.mktemp("benchmarks"), inputs, ("throughputs",))


def test_the_median_throughput_of_each_accelerator_is_the_published_one(benchmarks: Engine) -> None:
    found = dict(benchmarks.rows("select accelerator, round(tokens_per_second) from throughputs where kind = 'output'"))
    told = {"B200": 12_691, "H200-SXM": 4356, "MI325X": 4248, "H200-NVL": 3860, "MI300X": 3468}
    for name, speed in told.items():
        word, _, form = name.partition("-")
        assert any(word in card and form in card and value == speed for card, value in found.items()), (name, found)


def test_splitwise_measured_the_prompt_phase_of_two_models_on_two_accelerators(benchmarks: Engine) -> None:
    found = {
        (model, card): speed
        for model, card, speed in benchmarks.rows(
            "select model, accelerator, tokens_per_second from throughputs where kind = 'input'"
        )
    }
    assert {model for model, _ in found} == {"bloom-176b", "llama2-70b"}
    assert found["llama2-70b", "h100-80gb"] > 1.5 * found["llama2-70b", "a100-80gb"]


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    inputs = [
        Input(
            "table", "hosted_prices", (),
            f"select provider, concat(provider, '/', model) as model, price_start, avg({kind}_usd_per_mtok) as price"
            f" from read_parquet('{PRICES}') where {kind}_usd_per_mtok is not null group by all",
            {
                "kind": f"'{kind}'", "per": "1000000", "currency": "'USD'",
                "valid_from": "coalesce(price_start, '2024-01-01')",
            },
        )
        for kind in ("input", "output", "cache_read", "cache_write")
    ]  # fmt: skip
    yield from reading(tmp_path_factory.mktemp("prices"), inputs, ("hosted_prices",))


def test_a_price_table_by_kind_keeps_its_dates_and_its_kinds(prices: Engine) -> None:
    model = "anthropic/claude-sonnet-4-6"
    found = prices.rows(
        f"select kind, valid_from::varchar, price::double from hosted_prices where model = '{model}' order by 1, 2"
    )
    dated = {(kind, day): price for kind, day, price in found}
    assert dated["input", "2026-03-13"] == 3.0
    assert dated["output", "2026-03-13"] == 15.0
    assert dated["cache_read", "2026-03-13"] == 0.3
    assert prices.rows("select count(distinct model) filter (where kind = 'input') > 1200 from hosted_prices") == [
        (True,)
    ]
