"""One case on public data alone, through the same packet: demand and sizes of Helios, list prices, a power price.

Measured: what eight clusters ran and had pending in May 2020, minute by minute, and their GPUs by day. Assumed, each
with its source in policy.yaml: prices, power and lives; and that each cluster asked on 2 May for two servers, to be
moved in at once if it was decided by the 25th. What came is May as a whole: a month is the grain of what came.
"""

from datetime import date, datetime

import duckdb
import pytest

from hardgate.core.terms import Outcome
from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.calibrate import by_condition
from hardgate.review.replay import ALWAYS, NEVER, WHOLE, Score
from hardgate.review.workspace import Workspace
from tests.real.test_helios_replay import CLUSTERS, END, MINUTES, SETTINGS, START, steps

DECIDED, GPUS = date(2020, 5, 25), 16
CARD, HOUR, REALISED, KILOWATTS, PUE, POWER = 10_000, 2.48, 0.7, 0.3, 1.3, 0.08
MARGIN, FIXED = HOUR * REALISED * 730, KILOWATTS * PUE * POWER * 730
POLICY = f"""
horizon: 26w
gates:
  capacity.trigger: {{mode: block, limit: ceiling}}
assumptions:
  discount_rate: {{value: 12%, source: assumed}}
  life_months: {{value: 48, source: assumed}}
  wait_probability: {{value: 5%, source: assumed}}
  margin_per_gpu_month: {{value: {MARGIN}, source: "assumed: 70 % of a list price of 2.48 USD per V100-hour of 2020"}}
  fixed_cost_per_gpu_month: {{value: {FIXED}, source: "assumed: 0.3 kW, PUE 1.3, 0.08 USD per kWh"}}
sign_off:
  - {{action: BUILD, roles: [capacity]}}
"""


@pytest.fixture(name="replayed", scope="module")
def _replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    if not MINUTES.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("public")
    lines = ["asset,pool,gpus,ordered_on,live_date,retire_date"]
    lines += [f"{c},{c},{size},{START},{START}," for c, begun, end, size in steps() if begun <= START < (end or END)]
    (root / "steps.csv").write_text("\n".join(lines) + "\n")
    plan = ["tranche,pool,gpus,amount,currency,proposed_on,commit_date,live_date"]
    plan += [f"{c}-more,{c},{GPUS},{GPUS * CARD},USD,2020-05-02,{DECIDED},{DECIDED}" for c in CLUSTERS]
    (root / "plan.csv").write_text("\n".join(plan) + "\n")
    pools = "".join(f'\n[[pools]]\npool = "{one}"\nregion = "earth"\naccelerator = "V100"\n' for one in CLUSTERS)
    (root / "hardgate.toml").write_text(SETTINGS + pools)
    (root / "policy.yaml").write_text(POLICY)
    workspace = Workspace.open(root)
    clock = datetime(2026, 9, 7)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return backtest(workspace, END, Span(every="1w"), calibrated=True, checked=True)


def rule(replayed: Replayed, name: str) -> Score:
    return next(one for one in replayed.backtest.scores if one.rule == name)


def by_hand() -> dict[str, float]:
    """What two servers would have earned in May: margin on what mean demand had above the cluster, less owning."""
    found = {}
    recovery = (2.718281828459045**0.12 - 1) / (1 - 2.718281828459045**-0.48) / 12
    for cluster in CLUSTERS:
        asked, size = duckdb.execute(
            f"select avg(running_gpu_num + pending_gpu_num), max(total_gpu_num) from read_parquet('{MINUTES}') where vc = ?",
            [cluster],
        ).fetchall()[0]
        used = min(max(asked - size, 0), GPUS)
        found[cluster] = used * MARGIN - GPUS * (CARD * recovery + FIXED)
    return found


def test_what_came_is_what_the_minutes_say(replayed: Replayed) -> None:
    expected = by_hand()
    for one in replayed.backtest.pasts:
        assert one.worth[-1] == pytest.approx(expected[one.ask.scope["pool"]], abs=25)


def test_only_one_cluster_would_have_paid_and_the_trigger_went_at_four(replayed: Replayed) -> None:
    """As it comes: holding always beats the trigger here. A queue is not yet a server's worth of paid work."""
    worth = {one.ask.scope["pool"]: one.worth[-1] for one in replayed.backtest.pasts}
    went = {one.ask.scope["pool"] for one in replayed.backtest.pasts if one.choice(WHOLE) is not None}
    assert {pool for pool, value in worth.items() if value > 0} == {"vcpDC"}
    assert went == {"vc6YE", "vcLJZ", "vcTJs", "vcpDC"}
    ours, always, never = (rule(replayed, name) for name in (WHOLE, ALWAYS, NEVER))
    assert ours.regret == pytest.approx(-worth["vc6YE"] - worth["vcLJZ"] - worth["vcTJs"])
    assert never.regret == pytest.approx(worth["vcpDC"])
    assert never.regret < ours.regret < always.regret


def test_a_higher_fixed_threshold_would_have_cost_less_than_the_ceiling(replayed: Replayed) -> None:
    trigger = by_condition(replayed.thresholds)["capacity.trigger", "demand_over_position"]
    best = min(trigger, key=lambda one: one.score.regret)
    assert best.limit is not None
    assert best.limit > 0.9
    assert best.score.regret <= rule(replayed, NEVER).regret


def test_nobody_peeks(replayed: Replayed) -> None:
    assert replayed.peeking == ()
    assert {look.day for one in replayed.backtest.pasts for look in one.looks} == {
        date(2020, 5, day) for day in (4, 11, 18, 25)
    }
    assert all(look.whole() is Outcome.UNKNOWN for one in replayed.backtest.pasts for look in one.looks[:1])
