"""What the price of a pool and an answer to a workload are on days of low and of high demand."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.allocation import admit, shadow_price
from hardgate.core.days import window_ending
from hardgate.core.terms import Outcome, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.metrics.allotment import by_demand
from hardgate.metrics.demand_scenarios import demand_scenarios, demanded, home, spread
from hardgate.metrics.requests import Pool, Request, Wishes, pools_of, wishes
from hardgate.metrics.shadow_price import metric
from tests.capacity.world import TODAY
from tests.evidence import Tables, day_rows, pool_days, table

HEAD = (
    "day workload tenant gpus gang accelerators regions contribution currency committed_gpus term_months renewal penalty "
    "incumbent_pool incumbent_gpus needed_to"
)
IN_A = Scope.of(region="north", accelerator="H20", pool="a")


def turns(i: int) -> float:
    """Return 90 GPUs of 100 on one day and 110 on the next: .9045 and 1.1055 of their geometric mean."""
    return 0.9 if i % 2 else 1.1


def operator(*rows: str, weeks: int = 26, other: Any = 0.5) -> Tables:
    """Pool a of 100 GPUs whose demand turns, and c of 30, whose own stands still; these ask."""
    start, days = TODAY - timedelta(weeks=weeks), 7 * weeks
    pools = day_rows(
        pool_days("a", start, days, allocated=0.9, queued=lambda i: turns(i) - 0.9),
        pool_days("c", start, days, gpus=30, region="south", accelerator="L20", allocated=other),
    )
    return Tables(
        TODAY,
        {"pool_day": pools, "request": table("\n".join([HEAD, *rows]))},
        assumptions={"durability_months": 36.0, "preemption_cost": 0.0},
    )


DEAR = "2026-03-01 dear t1 95 1 H20=1 - 10 RMB 95 - - - a 95 -"
CHEAP = "2026-03-01 cheap t2 {} 1 H20=1 - 5 RMB - - - - - - -"
SOUTH = "2026-03-01 south t3 40 1 L20=1 - 2 RMB - - - - - - -"


def test_each_pool_has_its_own_history() -> None:
    evidence = operator(DEAR)
    found = demand_scenarios(evidence, pools_of(evidence))
    assert found is not None
    assert list(found.low) == [pytest.approx(0.9045, abs=0.01), 1.0]
    assert list(found.high) == [pytest.approx(1.1055, abs=0.01), 1.0]


def test_a_pool_with_a_short_history_moves_as_all_do_and_all_short_have_no_interval() -> None:
    young = operator(DEAR, other=lambda i: None if i < 150 else 0.5)
    found = demand_scenarios(young, pools_of(young))
    assert found is None, "on the days that c is unknown the sum is unknown too: 32 days are left"
    short = operator(DEAR, CHEAP.format(10), weeks=7)
    read = short.reading(metric, IN_A, window_ending("1w", TODAY))
    assert (read.value, read.low, read.high) == (1.5, None, None)
    assert "fewer than 8 weeks of days" in read.because


def test_a_day_whose_queue_was_lost_is_no_day_of_low_demand() -> None:
    lost = operator(DEAR)
    pools = day_rows(
        pool_days("a", TODAY - timedelta(weeks=26), 182, allocated=0.9, queued=lambda i: None if i % 5 == 0 else 0.2)
    )
    lost.tables["pool_day"] = pools  # type: ignore[index]
    found = demand_scenarios(lost, pools_of(lost))
    assert found is not None
    assert (found.low, found.high) == ((1.0,), (1.0,))


def test_the_price_lies_between_those_of_a_low_and_of_a_high_day() -> None:
    """105 ask for 100: 5 x .3 now; 95 of 100 on a low day; on a high day 105 that pay 10 x .3."""
    evidence = operator(DEAR, CHEAP.format(10), SOUTH)
    read = evidence.reading(metric, IN_A, window_ending("1w", TODAY))
    assert (read.low, read.value, read.high) == (0.0, 1.5, 3.0)
    still = evidence.reading(metric, Scope.of(region="south", accelerator="L20", pool="c"), window_ending("1w", TODAY))
    assert (still.low, still.value, still.high) == (0.6, 0.6, 0.6), "40 ask for 30 on every day"


def test_the_price_in_each_ninth_of_the_days_is_a_step_in_demand() -> None:
    """At .9045 of its trend 95 ask for 100, at 1.1055 those who pay 10 ask for 105; half of the days are either."""
    evidence = operator(DEAR, CHEAP.format(10), SOUTH)
    asked = wishes(evidence)
    a, c = zip(*by_demand(evidence, asked), strict=True)
    assert a == (0.0, 0.0, 0.0, 0.0, 1.5, 3.0, 3.0, 3.0, 3.0)
    assert c == (0.6,) * 9
    short = operator(DEAR, CHEAP.format(10), weeks=7)
    assert by_demand(short, asked) == ()
    assert shadow_price.exhibit.build(short).rows[0][-4:] == (None, None, None, None)


def test_the_exhibit_names_the_day_the_confidence_and_what_is_asked_for() -> None:
    evidence = operator(DEAR, CHEAP.format(10), SOUTH)
    body = shadow_price.exhibit.build(evidence)
    assert body.rows[0][0] == "a"
    assert body.rows[0][-4:] == (0.0, 1.5, 3.0, 0.4444)
    assert body.rows[1][-4:] == (0.6, 0.6, 0.6, 0.0), "40 ask for 30 on every day: never at zero"
    assert "one price a pool, of 2026-09-07: requests are by day" in body.notes
    assert body.notes[-1].endswith("with 90 % confidence; 135 and 156 GPUs asked for, 145 now")


def admitted(evidence: Tables, workload: str, tenant: str) -> Any:
    scope = Scope.of(tenant=tenant, workload=workload)
    return judge(admit.gate, None, scope, lambda _: evidence, [evidence.as_of], Rule(), admit.gate.limits)


def test_a_workload_that_a_high_day_takes_from_is_held() -> None:
    """5 get the 5 that are left now; on a high day the 95 ask for 105."""
    held = admitted(operator(DEAR, CHEAP.format(5)), "cheap", "t2")
    assert held.outcome is Outcome.HOLD
    assert (held.judged[0].reading.low, held.judged[0].reading.value) == (0.0, 1.0)
    assert "90 % confidence" in held.judged[0].reading.because
    assert admitted(operator(DEAR, CHEAP.format(5)), "dear", "t1").outcome is Outcome.PASS


def test_a_workload_asks_for_the_same_on_every_day() -> None:
    """Alone in the pool it gets all that it asks for, though the demand of the pool turns."""
    alone = admitted(operator(DEAR), "dear", "t1")
    assert alone.outcome is Outcome.PASS
    assert alone.judged[0].reading.low == 1.0


POOLS = (Pool("a", "north", "H20", 100), Pool("b", "north", "H20", 300), Pool("c", "south", "L20", 30))


def request(at: int, gpus: int, gang: int, pool: str | None, accelerators: str = "H20=1 L20=.5") -> Request:
    return Request(f"w{at}", "t", gpus, gang, accelerators, None, 1.0, 0, 0.0, 0.0, 0.0, pool, 0)


def wishing(*requests: Request) -> Wishes:
    return Wishes(requests, POOLS, (), 36.0, 0.0, ())


SINGLE = st.tuples(st.integers(0, 40), st.sampled_from(["a", "b", "c", None]))
GANGS = st.tuples(st.integers(1, 5), st.sampled_from([2, 4, 8, 16]), st.sampled_from(["a", "b", "c", None]))


@given(st.lists(SINGLE, min_size=1, max_size=40), st.tuples(*[st.floats(0.0, 3.0)] * 3))
def test_the_demand_of_a_pool_moves_by_its_factor_within_one_gpu(
    sizes: list[tuple[int, str | None]], factors: tuple[float, float, float]
) -> None:
    asked = wishing(*(request(at, gpus, 1, pool) for at, (gpus, pool) in enumerate(sizes)))
    moved = demanded(asked, factors)
    for pool, factor in enumerate(factors):
        mine = [at for at, one in enumerate(asked.requests) if home(one, POOLS) == pool]
        now = sum(asked.requests[at].gpus for at in mine)
        assert abs(sum(moved[at] for at in mine) - factor * now) <= 0.5 + 1e-6
    assert min(moved) >= 0


@given(st.lists(GANGS, min_size=1, max_size=20), st.floats(0.0, 3.0))
def test_gangs_move_whole_and_their_sum_within_half_of_the_largest(
    sizes: list[tuple[int, int, str | None]], factor: float
) -> None:
    asked = wishing(*(request(at, many * gang, gang, pool) for at, (many, gang, pool) in enumerate(sizes)))
    moved = demanded(asked, [factor] * 3)
    assert all(to % one.gang == 0 for to, one in zip(moved, asked.requests, strict=True))
    for pool in range(3):
        mine = [at for at, one in enumerate(asked.requests) if home(one, POOLS) == pool]
        if mine:
            now, largest = sum(asked.requests[at].gpus for at in mine), max(asked.requests[at].gang for at in mine)
            assert abs(sum(moved[at] for at in mine) - factor * now) <= largest / 2 + 1e-6


def test_demand_as_now_asks_for_what_is_asked_for_now_and_fixed_requests_stay() -> None:
    asked = wishing(
        request(0, 7, 1, "a"), request(1, 16, 8, "a"), request(2, 50, 1, "a"), request(3, 9, 1, "z", "B200")
    )
    assert demanded(asked, [1.0, 1.0, 1.0]) == (7, 16, 50, 9)
    assert demanded(asked, [1.2, 1.0, 1.0], {2}) == (12, 16, 50, 9), "23 x 1.2 is 27.6; the gang stays whole"
    assert demanded(asked, [0.0, 1.0, 1.0]) == (0, 0, 0, 9), "nobody knows whose demand the last is part of"


def test_a_request_that_holds_nothing_belongs_to_the_largest_pool_it_does_most_on() -> None:
    assert home(request(0, 1, 1, None), POOLS) == 1
    assert home(request(0, 1, 1, None, "L20=1"), POOLS) == 2
    assert home(request(0, 1, 1, "c"), POOLS) == 2
    assert home(request(0, 1, 1, None, "B200"), POOLS) is None


def test_growth_along_the_trend_is_no_scenario() -> None:
    assert spread([100 * 1.01**i for i in range(60)], 0.9) == (1.0, 1.0)
