"""Alibaba's openb trace through the ordinary back-test, week by week: how far it reaches, and what it can say.

The trace cannot be replayed by month. Its clock runs for 149 days, but no pod is in it that was over before day 112: up
to then it shows only the 22 that were still there later, which is no demand. What is left is 37 days, one whole month. Assumed, and not in the data: that day 118 was 1 May 2023, so that this month is a calendar month; the
money of the public case; and that each model asked on 2 May for a tenth more GPUs, to be moved in at once by 25 May.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.replay import ALWAYS, NEVER, WHOLE
from hardgate.review.workspace import Workspace
from tests.real.test_public_case import CARD, FIXED, POLICY

CAPACITY = Path(__file__).parents[2].parent / "shared" / "data" / "capacity"
PODS, NODES = CAPACITY / "alibaba_openb_pods_gpuspec33.parquet", CAPACITY / "alibaba_openb_nodes.parquet"
GPUS = {"G2": 4392, "G3": 312, "P100": 265, "T4": 842}
"""Models that pods name for themselves on every day of the month, with what the nodes hold."""
EPOCH, END, DECIDED = date(2023, 1, 3), date(2023, 6, 1), date(2023, 5, 25)
SETTINGS = f"""
currency = "USD"
as_of = "{END}"

[[inputs]]
source = "kubernetes"
files = ["{PODS}"]
epoch = "{EPOCH}"

[[inputs]]
source = "table"
table = "capacity"
files = ["{NODES}"]
columns.asset = "sn"
columns.pool = "coalesce(model, 'none')"
columns.gpus = "gpu"
columns.live_date = "date '{EPOCH}'"

[[inputs]]
source = "table"
table = "capacity_plan"
files = ["plan.csv"]

[tables.workload_allocations]
known_after = "0 days"

[tables.capacity]
known_after = "0 days"
"""
POOL = '\n[[pools]]\npool = "{0}"\nregion = "openb"\naccelerator = "{0}"\n'
RULE = (
    '\n[[identities]]\ntable = "workload_allocations"\ncolumn = "model"\nrule = "exact"\nmatch = "{0}"\npool = "{0}"\n'
)

pytestmark = pytest.mark.skipif(not PODS.is_file(), reason="the shared real data are not beside this checkout")


@pytest.fixture(name="replayed", scope="module")
def _replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    root = tmp_path_factory.mktemp("openb")
    plan = ["tranche,pool,gpus,amount,currency,proposed_on,commit_date,live_date"]
    plan += [
        f"{model}-more,{model},{gpus // 10},{gpus // 10 * CARD},USD,2023-05-02,{DECIDED},{DECIDED}"
        for model, gpus in GPUS.items()
    ]
    (root / "plan.csv").write_text("\n".join(plan) + "\n")
    pools = [POOL.format(one) + RULE.format(one) for one in GPUS]
    (root / "hardgate.toml").write_text(SETTINGS + "".join(pools))
    (root / "policy.yaml").write_text(POLICY)
    workspace = Workspace.open(root)
    clock = datetime(2026, 9, 7)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return backtest(workspace, END, Span(every="1w"), checked=True)


def test_the_trace_holds_one_month_of_demand_and_not_five() -> None:
    """None of its pods was over before day 112; of 8,152 only 22 had come by then, and those stayed."""
    ((pods, before, over, ends),) = duckdb.execute(
        "select count(*), count(*) filter (where creation_time < 112 * 86400), "
        f"count(*) filter (where deletion_time < 112 * 86400), max(deletion_time) / 86400 from read_parquet('{PODS}')"
    ).fetchall()
    assert (pods, before, over, int(ends)) == (8152, 22, 0, 149)


def test_its_pods_ask_for_less_than_one_in_a_hundred_of_its_gpus() -> None:
    """It is a sample of pods beside all nodes: at no hour of the month do they ask for more than 80 of 6,212 GPUs."""
    ((most,),) = duckdb.execute(
        f"""select max(asked) from (
            select hour, sum(num_gpu * gpu_milli) / 1000 as asked
            from range(118 * 24, 149 * 24) as hours(hour)
            join read_parquet('{PODS}') on creation_time <= hour * 3600 and deletion_time > hour * 3600 group by hour
        )"""
    ).fetchall()
    assert 40 < most < 80


def test_week_by_week_no_model_is_anywhere_near_its_trigger(replayed: Replayed) -> None:
    said = {
        one.ask.scope["pool"]: " ".join(look.outcome("capacity.trigger") or "" for look in one.looks)
        for one in replayed.backtest.pasts
    }
    assert said == {
        "T4": "unknown fail fail fail",
        "P100": "unknown unknown unknown hold",  # its first pod comes within the window: how many GPUs lies open
        "G2": "unknown unknown unknown unknown",  # its demand may have been nothing: no ceiling is known
        "G3": "unknown unknown unknown unknown",
    }
    assert {look.day for one in replayed.backtest.pasts for look in one.looks} == {
        date(2023, 5, day) for day in (8, 15, 22, 25)
    }
    assert replayed.peeking == ()


def test_each_ratio_is_what_the_pods_ask_for_over_the_nodes(replayed: Replayed) -> None:
    """The last review reads 27 April to 24 May, days 114 to 141: pods from creation on, over the GPUs of their model.

    Before its first pod a model is unknown, not idle: that of G3 and P100 comes within those weeks.
    """
    for one in replayed.backtest.pasts:
        model, look = one.ask.scope["pool"], one.looks[-1]
        if model not in {"T4", "G2"}:
            continue
        ((asked,),) = duckdb.execute(
            "select sum(num_gpu * gpu_milli / 1000 * greatest(least(deletion_time, 142 * 86400) - "
            f"greatest(creation_time, 114 * 86400), 0)) / (28 * 86400) from read_parquet('{PODS}') where gpu_spec = ?",
            [model],
        ).fetchall()
        reading = look.verdicts["capacity.trigger"].judged[0].reading
        assert reading.value == pytest.approx(asked / GPUS[model], abs=1e-3), model
        assert asked / GPUS[model] < 0.03


def test_holding_was_right_at_every_model_and_the_gate_held(replayed: Replayed) -> None:
    """Nothing of what was there was used up, so that each GPU more would have cost what owning it costs for May."""
    recovery = (2.718281828459045**0.12 - 1) / (1 - 2.718281828459045**-0.48) / 12
    owning = {model: gpus // 10 * (CARD * recovery + FIXED) for model, gpus in GPUS.items()}
    scores = {one.rule: one for one in replayed.backtest.scores}
    assert {one.ask.scope["pool"]: one.worth[-1] for one in replayed.backtest.pasts} == {
        model: pytest.approx(-cost, rel=1e-3) for model, cost in owning.items()
    }
    assert (scores[WHOLE].went, scores[WHOLE].regret, scores[NEVER].regret) == (0, 0, 0)
    assert scores[ALWAYS].regret == pytest.approx(sum(owning.values()), rel=1e-3)
