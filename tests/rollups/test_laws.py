"""What holds for every rollup, whatever the operator's data."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hardgate.engine import connect
from hardgate.lake.identities import Rule
from hardgate.rollups.build import Pool, RollupSettings
from hardgate.rollups.definition import names
from tests.rollups.conftest import HandMade, Operator, Statement

HOUR = 3_600_000
START = date(2026, 3, 1)
LAST = date(2026, 3, 12)
quick = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
SETTINGS = RollupSettings(
    pools=(Pool("p1", "north", "H20"),),
    rules=(
        Rule("accelerator_samples", "cluster", "exact", "c1", "p1"),
        Rule("cost_and_usage", "resource_id", "exact", "r1", "p1"),
    ),
    samples_per_hour=4,
)

days = st.integers(0, 6).map(lambda after: START + timedelta(days=after))
times = st.integers(0, 6 * 24 * 4).map(lambda quarter: datetime(2026, 3, 1) + timedelta(minutes=15 * quarter))
pools = st.sampled_from(["p1", "p2", "p3"])
amounts = st.one_of(st.none(), st.decimals(-100, 10**6, places=4))


def either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def row(**cells: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: cell if isinstance(cell, st.SearchStrategy) else st.just(cell) for name, cell in cells.items()}
    )


TABLES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "capacity": row(
        asset=either("a", "b", "c"), pool=pools, gpus=either(None, 1, 8), live_date=days,
        retire_date=st.one_of(st.none(), days), maintenance_share=either(None, 0.1), capex=amounts, currency="RMB",
    ),
    "pool_usage": st.builds(
        lambda pool, start, hours, used: {
            "pool": pool, "start_at": start, "end_at": start + timedelta(hours=hours), "gpus": 4.0,
            "allocated_gpu_hours": used, "queued_gpu_hours": None,
        },
        pools, times, st.integers(1, 70), st.one_of(st.none(), st.floats(0, 100)),
    ),
    "workload_allocations": st.builds(
        lambda name, pool, gpus, queued, wait, run, outcome: {
            "workload": name, "pool": pool, "cluster": "c1", "gpus": gpus, "queued_at": queued,
            "start_at": None if wait is None else queued + timedelta(minutes=wait),
            "end_at": None if run is None else queued + timedelta(minutes=(wait or 0) + run),
            "outcome": outcome, "last_checkpoint_at": queued if outcome == "failed" else None,
        },
        either("w1", "w2", "w3"), st.one_of(st.none(), pools), either(None, 0.5, 1.0, 4.0), times,
        st.one_of(st.none(), st.integers(0, 900)), st.one_of(st.none(), st.integers(0, 4000)),
        either("done", "failed", "preempted", "running", None),
    ),
    "accelerator_samples": row(
        device=either("d1", "d2"), cluster=either("c1", "c2"), time=times, field=either(1002, 203),
        value=either(0.0, 0.4, 0.5, 1.0, None), workload=either("job", None),
    ),
    "cost_and_usage": row(
        charge_day=days, billing_period_start=START, provider="aws", billing_account="1", currency="USD",
        resource_id=either("r1", "r2", None), charge_category=either("Usage", "Tax"), billed_cost=amounts,
        effective_cost=amounts,
    ),
    "sales": row(
        account=either("x", "y"), product="gpu", pool=st.one_of(st.none(), pools), month=either(START, date(2026, 2, 1)),
        quantity=st.one_of(st.none(), st.floats(0, 1000)), net_revenue=amounts, currency="RMB",
    ),
    "contracts": st.builds(
        lambda name, start, length, amount: {
            "contract": name, "customer": "c", "start_date": start, "end_date": start + timedelta(days=length),
            "committed_amount": amount, "currency": "RMB", "take_or_pay": True, "termination": "none",
        },
        either("k1", "k2"), days, st.integers(1, 90), amounts,
    ),
    "asset_register": row(
        asset=either("a", "b"), pool=pools, cost=amounts, currency="RMB", in_service_date=days, life_months=either(1, 36),
        method=either("straight_line", "declining_balance"), retired_on=st.one_of(st.none(), days),
    ),
    "pools": row(pool=either("p2", "p3"), region=either("south", "east"), accelerator="B200", valid_from=days),
    "identities": row(
        system=either("accelerator_samples", "workload_allocations"), foreign_key=either("c2"), entity_kind="pool",
        entity="p2", valid_from=days,
    ),
    "general_ledger": row(
        account=either("5100", "5200"), cost_centre="a", month=either(START, date(2026, 2, 1)), amount=amounts,
        currency="RMB", pool=st.one_of(st.none(), pools),
    ),
    "exchange_rates": row(from_currency=either("USD", "EUR"), to_currency="RMB", day=days, rate=either(7.1, 7.2)),
    "cancel_fees": row(tranche="t", from_date=days, fee=amounts, currency="RMB"),
    "programmes": row(
        programme="ai", vintage=either("v", "w"), pool=st.one_of(st.none(), pools), spend_date=days, gpus=8, amount=amounts,
        currency="RMB", lead_months=6, life_months=48, committed=either(True, False),
    ),
    "drivers": row(programme="ai", driver=either("capex", "delay"), value=either(0.5, 1.0), source="books", stated_on=days),
    "other_segments": row(
        segment=either("x", "y"), quarter=days, revenue=amounts, ebita=amounts, depreciation=amounts, capex=amounts,
        currency="RMB",
    ),
    "capacity_plan": row(tranche=either("t", "u"), pool=pools, gpus=8, amount=amounts, currency="RMB", commit_date=days, live_date=days),
}  # fmt: skip


def keyed(statement: Statement) -> Statement:
    """One row a key, as the lake leaves them, unless the rows are lines."""
    from tests.rollups.conftest import SCHEMAS

    schema = SCHEMAS[statement.table]
    if schema.lines:
        return statement
    one = {tuple(row.get(name) for name in schema.key): row for row in statement.rows}
    return Statement(statement.table, statement.known, tuple(one.values()))


statements = st.lists(
    st.sampled_from(sorted(TABLES)).flatmap(
        lambda table: st.builds(
            lambda known, rows: keyed(Statement(table, known, tuple(rows))),
            st.integers(0, 10).map(lambda after: START + timedelta(days=after)),
            st.lists(TABLES[table], min_size=1, max_size=8),
        )
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: (one.table, one.known),
)


@dataclass
class Bench:
    """Builds a lake from nothing, or further, in a folder of its own."""

    factory: pytest.TempPathFactory
    engine: Any

    def operator(self, lake: HandMade, root: Path | None = None) -> Operator:
        return Operator(lake, self.engine, root or self.factory.mktemp("rollups"), SETTINGS)


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory, engine: Any) -> Bench:
    return Bench(tmp_path_factory, engine)


def content(operator: Operator, as_of: date | None = None) -> dict[str, list[str]]:
    """All rows of all rollups as text; as of a date without the versions they come from."""
    left_out = {"known", "known_to"} if as_of else set()
    return {
        name: sorted(str([cell for column, cell in row.items() if column not in left_out]) for row in operator.rows(name, as_of))
        for name in names()
    }  # fmt: skip


@quick
@given(told=statements, as_of=st.integers(0, 11))
def test_a_past_date_reads_what_a_lake_without_the_later_rows_gives(
    bench: Bench, told: list[Statement], as_of: int
) -> None:
    then = START + timedelta(days=as_of)
    whole, early = bench.operator(HandMade(told)), bench.operator(HandMade(told).until(then))
    whole.build(through=LAST)
    early.build(through=LAST)
    assert content(whole, then) == content(early, then)


@quick
@given(told=statements, steps=st.lists(st.integers(0, 11), max_size=2))
def test_a_build_in_steps_equals_a_build_at_once(bench: Bench, told: list[Statement], steps: list[int]) -> None:
    once, stepwise = bench.operator(HandMade(told)), bench.operator(HandMade())
    once.build(through=LAST)
    for after in [*sorted(steps), 11]:
        stepwise.lake = HandMade(told).until(START + timedelta(days=after))
        stepwise.build(through=LAST)
    assert content(once) == content(stepwise)


samples = st.lists(
    st.tuples(
        st.integers(0, 7).map(lambda quarter: datetime(2026, 3, 1, 12) + timedelta(minutes=15 * quarter)),
        st.floats(0, 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[0],
)


def telemetry(*cases: list[Any]) -> list[Statement]:
    """One pool of one device for each case, live on the first day."""
    capacity = [{"asset": str(i), "pool": f"q{i}", "gpus": 1, "live_date": START} for i in range(len(cases))]
    rows = [
        {
            "device": str(i),
            "cluster": f"q{i}",
            "time": time,
            "field": 1002,
            "value": value,
            "workload": "job" if held else None,
        }
        for i, found in enumerate(cases)
        for time, value, held in found
    ]
    return [
        Statement("capacity", START, tuple(capacity)),
        Statement("accelerator_samples", date(2026, 3, 2), tuple(rows)),
    ]


@quick
@given(cases=st.lists(samples, min_size=8, max_size=24), at=st.integers(0, 7))
def test_removing_a_sample_never_adds_to_idle(bench: Bench, cases: list[list[Any]], at: int) -> None:
    fewer = [[one for i, one in enumerate(found) if i != at % len(found)] for found in cases]
    idle = []
    for told in (telemetry(*cases), telemetry(*fewer)):
        operator = bench.operator(HandMade(told))
        rules = [Rule("accelerator_samples", "cluster", "exact", f"q{i}", f"q{i}") for i in range(len(cases))]
        operator.set(rules=tuple(rules)).build("pool_day", through=START)
        found = operator.rows("pool_day", date(2026, 3, 2))
        idle.append({row["pool"]: row["idle_gpu_ms"] or 0 for row in found})
        seen = [row for row in found if row["active_gpu_ms"] is not None]
        assert all(row["active_gpu_ms"] + row["idle_gpu_ms"] + row["unlabelled_gpu_ms"] == 24 * HOUR for row in seen)
    assert all(idle[1][pool] <= idle[0][pool] for pool in idle[0])


@quick
@given(rows=st.lists(TABLES["accelerator_samples"], min_size=1, max_size=40))
def test_every_device_hour_that_was_sampled_stands_in_the_histogram_once(
    bench: Bench, rows: list[dict[str, Any]]
) -> None:
    operator = bench.operator(HandMade([keyed(Statement("accelerator_samples", LAST, tuple(rows)))]))
    operator.build("pool_hour")
    kept = {(row["device"], row["time"], row["field"]): row for row in rows}.values()
    expected = {
        (row["device"], row["time"].replace(minute=0), row["field"]) for row in kept if row["value"] is not None
    }
    found = operator.rows("pool_hour")
    assert sum(row["gpu_ms"] for row in found) == HOUR * len(expected)
    assert all(type(row["gpu_ms"]) is int and 0 <= row["sampled_gpu_ms"] <= row["gpu_ms"] for row in found)
    assert all(-1 <= row["bin"] <= row["high_bin"] <= 100 for row in found)


@quick
@given(rows=st.lists(TABLES["cost_and_usage"], min_size=1, max_size=40))
def test_the_days_of_the_bill_add_up_to_the_lake(bench: Bench, rows: list[dict[str, Any]]) -> None:
    operator = bench.operator(HandMade([Statement("cost_and_usage", LAST, tuple(rows))]))
    operator.build("cost_day")
    found = operator.rows("cost_day")
    assert sum(row["rows"] for row in found) == len(rows)
    for amount in ("billed_cost", "effective_cost"):
        if all(row[amount] is not None for row in rows):
            assert sum(row[amount] for row in found) == sum((row[amount] for row in rows), Decimal(0))
        else:
            assert any(row[amount] is None for row in found)


def test_threads_and_the_order_of_rows_change_nothing(tmp_path: Path) -> None:
    told = [
        *telemetry([(datetime(2026, 3, 1) + timedelta(minutes=15 * i), i % 101 / 100, i % 3 > 0) for i in range(400)]),
        Statement("cost_and_usage", LAST, tuple(
            {"charge_day": START + timedelta(days=i % 5), "billing_period_start": START, "provider": "aws",
             "billing_account": str(i % 7), "currency": "USD", "resource_id": f"r{i % 4}", "charge_category": "Usage",
             "billed_cost": Decimal(i) / 7, "effective_cost": Decimal(i) / 3}
            for i in range(3000)
        )),
    ]  # fmt: skip
    seen = []
    for threads, order in ((1, 1), (2, -1), (8, 1)):
        with connect(threads=threads) as engine:
            lake = HandMade([Statement(one.table, one.known, one.rows[::order]) for one in told])
            operator = Operator(lake, engine, tmp_path / f"{threads}", SETTINGS)
            operator.build(through=LAST)
            seen.append(content(operator))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]["cost_day"]) == 10
