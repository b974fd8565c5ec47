"""Orders and markets at a tiny size: polars gives the same rows, and peers the same figures, or there is no result."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench import market_contests, results
from bench.__main__ import main
from bench.contests import Bench
from bench.feature_days import feature_files, feature_hashed
from bench.market_contests import aims, refuse_different, refuse_other_shares
from bench.markets import bgnbd, payback, payback_numpy, readout, sbg, sbg_scipy, statistics, users, users_hashed
from bench.measure import Contestant, Failed, Run
from bench.orders import READ, order_files
from bench.results import Measured
from bench.works import ingest, rollup

ORDERS = 4_000


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Results of one run of the orders' contest."""
    folder = tmp_path_factory.mktemp("bench")
    told = ["--orders", str(ORDERS), "--repeat", "1", "--only", "orders", "--work-in", str(folder / "w")]
    assert main([*told, "--results", str(folder / "results")]) == 0
    (path,) = (folder / "results").glob("*-orders-*.json")
    return results.read(path)


def test_every_rollup_of_orders_stands_beside_its_floor_and_polars(body: dict[str, Any]) -> None:
    """The run has compared every row of both; without equal rows it would have failed."""
    measured = {(one["work"], one["contestant"]): one for one in body["measured"]}
    paid_back = {("paid back", "hardgate"), ("paid back", "polars, as seen only")}
    assert set(measured) == paid_back | {
        (name, who) for name in READ for who in ("read and hash", "polars", "hardgate")
    }
    assert {one["rows"] for one in measured.values()} == {ORDERS}
    assert all(measured[name, "read and hash"]["facts"]["rows"] == ORDERS for name in READ)
    cpu = {key: one["cpu"]["median"] for key, one in measured.items()}
    ratios = {one["aim"]: one["measured"] for one in body["aims"]}
    assert ratios["payback of every city from rollups of 4,000 orders"] == cpu["paid back", "hardgate"]
    over = ratios["cohort_week over polars, 4,000 orders"]
    assert over == pytest.approx(cpu["cohort_week", "hardgate"] / cpu["cohort_week", "polars"])


def test_rows_that_differ_are_no_result() -> None:
    same = {f"{name}_{what}": count for name in READ for what, count in (("rows", 3), ("different", 0))}
    refuse_different(same)
    for wrong in ({"zone_day_different": 1}, {"city_day_rows": 0}):
        with pytest.raises(Failed, match="polars and hardgate differ"):
            refuse_different({**same, **wrong})


def test_shares_that_differ_are_no_result() -> None:
    refuse_other_shares({"a": 0.5, "b": None}, {"b": None, "a": 0.5})
    refuse_other_shares({"a": 0.3812}, {"a": 0.3813})
    for ours, theirs in (({"a": 0.5}, {"a": 0.4998}), ({"a": 0.5}, {"a": 0.5, "b": 1.0}), ({}, {})):
        with pytest.raises(Failed, match="shares paid back"):
            refuse_other_shares(ours, theirs)


def test_where_polars_did_not_end_the_others_are_measured_and_its_rows_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure(work: str, rows: int, contestants: Sequence[Contestant]) -> list[Measured]:
        if work == "paid back":
            return [Measured.of(work, one.name, rows, [Run(1, 1, 9, {"shares": {"a": 0.5}})]) for one in contestants]
        assert [one.memory is not None for one in contestants] == [False, True, False]
        stopped = Run(0, 0, 0, {}, "more memory than 1.0 GB (code -6)")
        runs = [[stopped] if one.name == "polars" and work == "city_day" else [Run(2, 2, 9)] for one in contestants]
        return [Measured.of(work, one.name, rows, run) for one, run in zip(contestants, runs, strict=True)]

    def once(work: str, **told: Any) -> dict[str, int]:
        asked.append((work, told.get("names")))
        return {f"{name}_{what}": n for name in told.get("names", ()) for what, n in (("rows", 3), ("different", 0))}

    asked: list[Any] = []
    monkeypatch.setattr(market_contests, "once", once)
    bench = Bench(tmp_path, 1, lambda _: None)
    object.__setattr__(bench, "measure", measure)
    found = market_contests.orders(bench, 10)
    assert asked[-2] == ("orders equal", ["city_month", "zone_day", "cohort_week"])
    told = [one.aim for one in aims(found)]
    assert "city_day over the floor, 10 orders" in told
    assert "city_day over polars, 10 orders" not in told
    assert "zone_day over polars, 10 orders" in told
    lines = list(results.table(found, {}))
    assert len(lines) == 1 + 3 * len(READ) + 2
    assert lines[2].endswith("did not end: more memory than 1.0 GB (code -6)")


def test_orders_are_of_customers_who_come_all_the_time_and_order_less_and_less(tmp_path: Path) -> None:
    from hardgate.engine.connect import connect

    assert order_files(str(tmp_path / "w"), ORDERS)() == {"rows": ORDERS}
    with connect() as engine:
        told = f"from '{tmp_path}/w/data/orders-*.parquet'"
        (found,) = engine.rows(
            f"select count(*), count(distinct order_id), count(distinct city), count(distinct customer) {told}"
        )
        half = "timestamp '2026-04-06'"
        (new,) = engine.rows(
            f"select count(distinct customer) from (select customer {told} group by 1 having min(placed_at) >= {half})"
        )
    assert found[:3] == (ORDERS, ORDERS, 50)
    assert 400 <= found[3] <= 500
    assert new[0] > 100


def test_fits_agree_with_those_of_one_city_at_a_time() -> None:
    ours, theirs = sbg(4)()["first"], sbg_scipy(4)()["first"]
    assert ours == pytest.approx(theirs, rel=1e-3)
    assert bgnbd(2)()["first"][:2] == pytest.approx([0.243, 4.414], rel=0.3)


def test_payback_week_by_week_is_payback_in_whole_arrays() -> None:
    assert payback(9)()["sum"] == payback_numpy(9)()["sum"]


def test_the_sums_of_users_are_those_of_numpy_and_the_effect_follows(tmp_path: Path) -> None:
    import polars as pl

    users(str(tmp_path), 20_000)()
    assert users_hashed(str(tmp_path))() == {"rows": 20_000}
    found = readout(str(tmp_path))()
    table = pl.read_parquet(tmp_path / "users" / "*.parquet")
    for arm, units, value, orders, value_variance, orders_variance, covariance in found["sums"]:
        v, o = (table.filter(pl.col("arm") == arm)[name].to_numpy() for name in ("value", "orders"))
        spread = np.cov(v, o)
        assert (units, value, orders) == (10_000, pytest.approx(v.mean()), pytest.approx(o.mean()))
        assert [value_variance, orders_variance, covariance] == pytest.approx(
            [spread[0, 0], spread[1, 1], spread[0, 1]]
        )
    said = statistics(found["sums"])()
    first, second = (row[2] / row[3] for row in found["sums"])
    assert said["value"] == pytest.approx(second / first - 1)
    assert said["edge"] == pytest.approx(2.0310, abs=1e-4)
    assert said["sample_ratio"] == 1.0


def test_the_days_of_a_feature_count_everybody_and_what_they_ordered_since(tmp_path: Path) -> None:
    """The last day's rows beside the same from the files, joined by hand in polars."""
    import polars as pl

    root = tmp_path / "w"
    feature_files(str(root), 300)()
    assert not ingest(str(root))()["rejected"]
    assert rollup(str(root), ["feature_day"])()["days"] == 29
    shown, placed = (pl.read_parquet(root / f"data/{name}-*.parquet") for name in ("exposures", "orders"))
    assert feature_hashed(str(root))() == {"rows": len(shown) + len(placed)}
    since = shown.with_columns(since=pl.col("exposed_at").dt.date())
    counted = placed.join(since, on="customer").filter(pl.col("placed_at").dt.date() >= pl.col("since"))
    assert 0 < len(counted) < len(placed)
    made = pl.read_parquet(root / ".hardgate/rollups/feature_day/*.parquet").filter(
        (pl.col("metric") == "basket_value") & (pl.col("day") == pl.date(2026, 2, 1))
    )
    for arm in ("control", "treated"):
        (row,) = made.filter(pl.col("arm") == arm).rows(named=True)
        mine = counted.filter(pl.col("arm") == arm)
        assert (row["units"], row["both_arms"]) == (150, 0)
        assert row["denominator_mean"] == pytest.approx(len(mine) / 150)
        assert row["numerator_mean"] == pytest.approx(float(mine["value"].sum()) / 150)


def test_a_peer_is_held_to_a_city_and_the_aims_to_what_was_measured() -> None:
    def measured(work: str, who: str, rows: int, cpu: float) -> Measured:
        return Measured.of(work, who, rows, [Run(cpu, cpu, 100)])

    found = {
        one.aim: one
        for one in aims(
            [
                measured("bgnbd", "lifetimes", 20, 2.0), measured("bgnbd", "hardgate", 1000, 1.0),
                measured("payback", "hardgate", 1000, 0.5), measured("statistics", "hardgate", 10, 0.06),
            ]
        )
    }  # fmt: skip
    assert found["BG/NBD of 1,000 cities, a city over one in lifetimes"].measured == pytest.approx(0.01)
    assert found["payback of 1,000 cities, 2,000 draws, 156 weeks"].met
    assert not found["statistics of an experiment from sums"].met


def test_a_peer_that_says_something_else_is_no_result() -> None:
    market_contests.refuse_unlike("sbg", {"first": [1.0, 2.0]}, {"first": [1.0005, 2.0]})
    with pytest.raises(Failed, match="sbg: hardgate gives"):
        market_contests.refuse_unlike("sbg", {"first": [1.0, 2.0]}, {"first": [1.0, 2.1]})
