"""Replays of little traces whose figures are worked out by hand, and what holds of every replay."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hardgate.models.allocation_replay import POLICIES, jain, replay
from hardgate.models.replay_fleet import Fleet
from hardgate.models.replay_trace import Trace

HOUR = 3600.0


def hours(arrival: list[float], length: list[float], gpus: list[float], capacity: list[float], **told: Any) -> Trace:
    """A trace in hours."""
    patience = np.asarray(told.pop("patience", np.inf)) * HOUR
    return Trace.of(np.array(arrival) * HOUR, np.array(length) * HOUR, gpus, capacity, patience=patience, **told)


@pytest.mark.parametrize(("backfill", "served"), [(True, 30 + 5 + 4), (False, 30 + 4)])
def test_who_is_behind_starts_only_with_backfill_where_the_first_does_not_fit(backfill: bool, served: float) -> None:
    """3 of 4 GPUs for 10 h; 4 wanted from 1 h; 1 wanted from 2 h for 5 h; the horizon is at 11 h."""
    trace = hours([0, 1, 2], [10, 10, 5], [3, 4, 1], [4])
    found = replay(trace, "first come", backfill=backfill)
    assert (found.served, found.unfinished, found.asked) == (served, 75 - served, 75)


def test_largest_first_packs_the_large() -> None:
    """1, 2 and 3 GPUs at once on 4: by arrival 1 and 2 start, by size 3 and 1."""
    trace = hours([0, 0, 0], [4, 4, 4], [1, 2, 3], [4])
    assert replay(trace, "first come").served == 12
    assert replay(trace, "largest first").served == 16


def test_priority_stops_who_is_lower_and_started_last_and_the_run_since_its_checkpoint_is_lost() -> None:
    """H comes at 2 h for 2 h: the second of the low ones loses half of its hour, waits 2 h and runs 6 h to the end."""
    trace = hours([0, 1, 2], [10, 9, 2], [1, 1, 1], [2], priority=[0, 0, 1])
    found = replay(trace, "priority", restart=1800)
    assert (found.served, found.lost, found.unfinished, found.preemptions) == (10 + 6.5 + 2, 0.5, 2.5, 1)


def test_priority_leaves_its_equals_alone() -> None:
    trace = hours([0, 1, 2], [10, 9, 2], [1, 1, 1], [2], priority=[1, 1, 1])
    found = replay(trace, "priority")
    assert (found.served, found.preemptions) == (19, 0)


@pytest.mark.parametrize(("worth", "preemptions", "revenue"), [(2.9, 0, 20.0), (3.1, 1, 2 * 0.5 + 9 * 3.1)])
def test_the_plan_moves_nobody_for_less_than_what_moving_costs(worth: float, preemptions: int, revenue: float) -> None:
    """What runs earns 2 and loses half an hour of it when moved: 2 + 1 an hour over the step of an hour."""
    trace = hours([0, 1], [10, 9], [1, 1], [1], worth=[2, worth])
    found = replay(trace, "plan", restart=1800)
    assert found.preemptions == preemptions
    assert found.revenue == pytest.approx(revenue)


def test_durability_counts_in_the_plan() -> None:
    """4 an hour of the moment counts 1.2, 2 that lasts counts 2: the plan gives the one GPU to what lasts."""
    trace = hours([0, 0], [3, 3], [1, 1], [1], worth=[4, 2], lasting=[0.3, 1.0])
    found = replay(trace, "plan")
    assert (found.durable_revenue, found.revenue) == (6.0, 6.0)
    assert replay(trace, "first come").durable_revenue == pytest.approx(3.6)


def test_the_plan_keeps_a_promise_against_who_pays_more() -> None:
    trace = hours([0, 1], [6, 5], [2, 2], [2], worth=[9, 1], promised=[0, 1])
    plan, first = (replay(trace, name, restart=0) for name in ("plan", "first come"))
    assert (plan.promised, plan.missed, plan.served, plan.preemptions) == (1, 0, 12, 1)
    assert (first.missed, first.served, first.preemptions) == (1, 12, 0)


def test_the_plan_moves_who_can_move_for_who_cannot() -> None:
    """F may use both pools and sits in the first, the only one that B may use."""
    trace = hours([0, 1], [10, 5], [1, 1], [1, 1], worth=[1, 5], usable=[[True, True], [True, False]])
    plan, first = (replay(trace, name, restart=0) for name in ("plan", "first come"))
    assert (plan.served, plan.preemptions) == (15, 1)
    assert first.served == 10


def test_between_two_plans_nobody_is_stopped() -> None:
    """The plan was solved at 1 h for the second; the third, which comes at 1.5 h, is planned for a step later."""
    trace = hours([0, 1, 1.5], [9, 8, 4], [1, 1, 1], [1], worth=[5, 1, 9])
    found = replay(trace, "plan", restart=0, step=2 * HOUR)
    assert (found.plans, found.preemptions) == (5, 1)
    assert found.revenue == 5 * 3 + 9 * 4 + 5 * 2


@pytest.mark.parametrize(
    ("patience", "grace", "left", "missed"), [(1.0, 1.0, 1.0, 1), (np.inf, 1.0, 0.0, 1), (np.inf, 2.0, 0.0, 0)]
)
def test_a_promise_is_missed_by_who_leaves_or_waits_too_long(
    patience: float, grace: float, left: float, missed: int
) -> None:
    """B waits from .5 h to the end of A, 2 h."""
    trace = hours([0, 0.5], [2, 1], [1, 1], [1], promised=[0, 1], patience=[np.inf, patience])
    found = replay(trace, "first come", grace=grace * HOUR)
    assert (found.left, found.missed) == (left, missed)


def test_who_can_start_in_the_moment_that_patience_ends_does() -> None:
    trace = hours([0, 1], [2, 3], [1, 1], [1], patience=1.0)
    found = replay(trace, "first come")
    assert (found.served, found.left, found.unfinished) == (4, 0, 1)


def test_shares_of_a_gpu_add_up() -> None:
    trace = hours([0, 0, 0, 0], [1, 1, 1, 1], [0.3, 0.3, 0.4, 0.1], [1])
    assert replay(trace, "first come").served == 1.0


def test_fairness_is_over_tenants_that_asked() -> None:
    """Tenant 0 got half of what it asked, tenant 2 all, tenant 1 asked for nothing."""
    trace = hours([0, 0, 0], [2, 2, 2], [1, 1, 1], [2], tenant=[2, 0, 0])
    assert replay(trace, "first come").fairness == 0.9
    assert jain(np.array([0.0, 0.0])) == 1.0


def drawn(seed: int) -> Trace:
    draw = np.random.default_rng(seed)
    jobs = 60
    kinds = draw.integers(0, 4, jobs)
    use = np.array([[True, True], [True, False], [False, True], [True, True]])[kinds]
    return Trace.of(
        draw.uniform(0, 20, jobs) * HOUR, draw.exponential(4, jobs) * HOUR, draw.choice([0.5, 1, 2, 4], jobs), [6, 5],
        worth=np.array([1.0, 2.0, 3.0, 1.5])[kinds], lasting=np.array([1.0, 0.3, 0.6, 1.0])[kinds],
        tenant=draw.integers(0, 3, jobs), priority=kinds, promised=kinds == 1,
        patience=draw.choice([2.0, 9.0], jobs) * HOUR, usable=use,
    )  # fmt: skip


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("seed", range(6))
def test_every_gpu_hour_is_counted_once_and_no_pool_is_overfull(
    seed: int, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    least, start = [0], Fleet.start

    def watched(fleet: Fleet, kind: int, pool: int, now: float) -> None:
        start(fleet, kind, pool, now)
        least.append(min(fleet.free))

    monkeypatch.setattr(Fleet, "start", watched)
    trace = drawn(seed)
    found = replay(trace, policy)
    assert min(least) == 0
    assert len(least) > 30
    assert found.served + found.left + found.unfinished == pytest.approx(found.asked, abs=0.002)
    assert found.served + found.lost <= found.capacity
    assert 1 / 3 <= found.fairness <= 1
    assert found == replay(trace, policy)


def stepped(trace: Trace, key: Callable[[int], tuple[float, ...]]) -> list[float]:
    """Hours done of each job, hour by hour over whole hours, with backfill: written apart from the replay."""
    jobs, end = range(len(trace.arrival)), round(trace.horizon / HOUR)
    came, length = (trace.arrival / HOUR).tolist(), (trace.seconds / HOUR).tolist()
    place: dict[int, int] = {}
    done, gone = [0.0] * len(came), set[int]()
    for hour in range(end):
        for job in [one for one in place if done[one] == length[one]]:
            del place[job]
        waits = [one for one in jobs if came[one] <= hour and one not in place and done[one] < length[one]]
        for job in sorted(set(waits) - gone, key=key):
            used = [sum(int(trace.size[one]) for one, at in place.items() if at == pool) for pool in (0, 1)]
            room = [int(trace.capacity[p]) - used[p] if trace.usable[job, p] else -1 for p in (0, 1)]
            if max(room) >= trace.size[job]:
                place[job] = int(np.argmax(room))
            elif hour - came[job] >= trace.patience[job] / HOUR:
                gone.add(job)
        for job in place:
            done[job] += 1
    return done


@pytest.mark.parametrize("seed", range(8))
def test_first_come_and_largest_first_do_what_a_clock_by_the_hour_does(seed: int) -> None:
    draw = np.random.default_rng(seed)
    use = np.array([[True, True], [True, False], [False, True]])[draw.integers(0, 3, 50)]
    trace = Trace.of(
        draw.integers(0, 30, 50) * HOUR, draw.integers(1, 9, 50) * HOUR, draw.choice([0.5, 1, 2, 4], 50), [6, 5],
        worth=draw.integers(1, 4, 50), patience=draw.integers(0, 12, 50) * HOUR, usable=use,
    )  # fmt: skip
    orders: dict[str, Callable[[int], tuple[float, ...]]] = {
        "first come": lambda job: (job,),
        "largest first": lambda job: (-float(trace.size[job]), job),
    }
    for policy, key in orders.items():
        served = trace.size / 1000 * np.array(stepped(trace, key))
        found = replay(trace, policy)
        assert found.left > 0
        assert (found.served, found.revenue) == pytest.approx((served.sum(), (served * trace.worth).sum()))


@pytest.mark.parametrize("policy", POLICIES)
def test_where_there_is_room_for_all_every_policy_serves_all(policy: str) -> None:
    trace = hours([0, 1, 2], [10, 10, 5], [3, 4, 1], [8], promised=1, priority=[0, 1, 2])
    found = replay(trace, policy)
    assert (found.served, found.missed, found.preemptions, found.plans, found.fairness) == (75, 0, 0, 0, 1.0)


def test_the_order_in_which_a_trace_is_written_counts_nothing() -> None:
    one = hours([0, 1, 2], [10, 10, 5], [3, 4, 1], [4], worth=[1, 2, 3])
    other = hours([2, 0, 1], [5, 10, 10], [1, 3, 4], [4], worth=[3, 1, 2])
    assert [replay(one, name) for name in POLICIES] == [replay(other, name) for name in POLICIES]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"gpus": [0]}, "asks for no GPU"),
        ({"seconds": [-1]}, "seconds is -1"),
        ({"worth": [np.nan]}, "worth is nan"),
        ({"capacity": [np.inf]}, "capacity is inf"),
    ],
)
def test_a_figure_that_means_nothing_is_refused(told: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"arrival": [0], "seconds": [60], "gpus": [1], "capacity": [4], **told}
    with pytest.raises(ValueError, match=message):
        Trace.of(**given)


def test_a_policy_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        replay(hours([0], [1], [1], [1]), "luck")
