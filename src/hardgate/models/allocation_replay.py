"""The plan over a recorded trace, beside first come, largest first and priority alone: what each would have served.

Events are arrivals, ends and departures; work counts up to the trace's own horizon, the same for every policy. A
promise is kept where a promised job waits no longer than `grace` in all and does not leave. Fairness is Jain's index
over the shares that tenants got of what they asked for: 1 where all got the same share. Wrong when arrivals would have
been others under another policy: whoever waits less may ask for more.

One pool of 2 GPUs for two hours; a job of the moment comes first, then one that was promised and pays three times that:

>>> trace = Trace.of([0, 60], [7140, 7140], [2, 2], [2], worth=[1, 3], promised=[0, 1], tenant=[0, 1])
>>> for name in ("plan", "first come"):
...     found = replay(trace, name, restart=0, step=3600)
...     print(name, found.durable_revenue, found.missed, found.preemptions, found.fairness)
plan 11.933 0 1 0.508
first come 4.067 1 0 0.508

Sources: METHODS 7; Jain, Chiu & Hawe (1984), DEC-TR-301, for the index of fairness.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np

from hardgate.models.replay_fleet import ARRIVE, END, LEAVE, TICK, Fleet
from hardgate.models.replay_policies import all_fit, by_worth, fill, first_come, largest_first, priority_only, replan
from hardgate.models.replay_trace import MILLI, Floats, Trace

POLICIES = ("plan", "first come", "largest first", "priority")
Dispatch = Callable[[Fleet, float], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy did with a trace.

    Attributes:
        policy: its name.
        asked: GPU-hours that were asked for: served + left + unfinished.
        served: GPU-hours of work done.
        left: GPU-hours of those that left before their end.
        unfinished: GPU-hours that were still to be done at the horizon.
        lost: GPU-hours that preemption undid; served + lost were occupied.
        capacity: GPU-hours that there were.
        revenue: contribution of what was served, money.
        durable_revenue: the same, weighed by durability.
        promised: jobs that were promised their GPUs.
        missed: of those, how many waited longer than the grace, or left.
        preemptions: how often a job was stopped.
        fairness: Jain's index over tenants; 1 is equal shares.
        plans: how often the plan was solved.

    """

    policy: str
    asked: float
    served: float
    left: float
    unfinished: float
    lost: float
    capacity: float
    revenue: float
    durable_revenue: float
    promised: int
    missed: int
    preemptions: int
    fairness: float
    plans: int


def replay(
    trace: Trace,
    policy: str,
    *,
    step: float = 3600.0,
    restart: float = 600.0,
    grace: float = 3600.0,
    backfill: bool = True,
) -> Outcome:
    """Run one policy over a trace.

    Args:
        trace: what came.
        policy: one of `POLICIES`.
        step: seconds between two solutions of the plan at least.
        restart: seconds of work that a preemption undoes at most.
        grace: seconds that a promised job may wait in all.
        backfill: whether who is behind may start where who is ahead does not fit; the plan always backfills.

    Raises:
        ValueError: there is no such policy, or a time is negative.

    """
    if policy not in POLICIES or not (step > 0 and restart >= 0 and grace >= 0):
        raise ValueError(f"found {policy!r}, {step}, {restart}, {grace}: expected one of {POLICIES} and times")
    fleet, plans = Fleet.of(trace, restart), [-np.inf]
    rules: Mapping[str, Dispatch] = {
        "plan": lambda fleet, now: _by_plan(fleet, now, step, plans),
        "first come": lambda fleet, now: fill(fleet, now, first_come, backfill=backfill),
        "largest first": lambda fleet, now: fill(fleet, now, largest_first, backfill=backfill),
        "priority": lambda fleet, now: fill(fleet, now, priority_only, backfill=backfill, preempts=True),
    }
    _run(fleet, rules[policy])
    return _outcome(fleet, policy, grace, len(plans) - 1)


def _run(fleet: Fleet, dispatch: Dispatch) -> None:
    """Take the events in order; those of one moment together, and departures after whoever could start."""
    heapify(fleet.events)
    horizon, now = fleet.trace.horizon, 0.0
    while fleet.events and fleet.events[0][0] <= horizon:
        now, what, job, stamp = heappop(fleet.events)
        if what == LEAVE:
            if fleet.stamp[job] == stamp:
                fleet.leave(job, now)
            continue
        if what == ARRIVE:
            fleet.wait(job, now)
        elif what == END and fleet.stamp[job] == stamp:
            fleet.end(job, now)
        following = fleet.events[0] if fleet.events else (np.inf, LEAVE, 0, 0)
        if (following[0] > now or following[1] == LEAVE) and fleet.waiting:
            dispatch(fleet, now)
    fleet.close(horizon)


def _by_plan(fleet: Fleet, now: float, step: float, plans: list[float]) -> None:
    if now >= plans[-1] + step and not all_fit(fleet):
        plans.append(now)
        replan(fleet, now, step)
        heappush(fleet.events, (now + step, TICK, -1, 0))
    fill(fleet, now, by_worth)


def _outcome(fleet: Fleet, policy: str, grace: float, plans: int) -> Outcome:
    trace, asked = fleet.trace, fleet.trace.asked_gpu_hours
    served = trace.size * np.array(fleet.done) / (MILLI * 3600)
    gone = np.zeros(len(asked), np.bool_)
    gone[sorted(fleet.left)] = True
    late = trace.promised & (gone | (np.array(fleet.waited) > grace))
    earned = served * trace.worth

    def rounded(one: Any) -> float:  # noqa: ANN401  a NumPy figure
        return round(float(one), 3)

    return Outcome(
        policy=policy, asked=rounded(asked.sum()), served=rounded(served.sum()),
        left=rounded((asked - served)[gone].sum()), unfinished=rounded((asked - served)[~gone].sum()),
        lost=rounded(fleet.busy / (MILLI * 3600) - served.sum()), capacity=rounded(trace.capacity_gpu_hours),
        revenue=rounded(earned.sum()), durable_revenue=rounded((earned * trace.lasting).sum()),
        promised=int(trace.promised.sum()), missed=int(late.sum()), preemptions=fleet.preemptions,
        fairness=rounded(jain(shares(trace, served))), plans=plans,
    )  # fmt: skip


def shares(trace: Trace, served: Floats) -> Floats:
    """Return the share that each tenant got of what it asked for; tenants that asked for nothing are left out."""
    asked = np.bincount(trace.tenant, weights=trace.asked_gpu_hours)
    got = np.bincount(trace.tenant, weights=served)
    return got[asked > 0] / asked[asked > 0]


def jain(share: Floats) -> float:
    """Return Jain's index: (sum x)^2 / (n sum x^2), 1 for none.

    >>> jain(np.array([1.0, 0.5, 0.0]))
    0.6
    """
    squares = float((share**2).sum())
    return float(share.sum()) ** 2 / (len(share) * squares) if squares else 1.0
