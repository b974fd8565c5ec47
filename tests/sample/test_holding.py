"""Pods never share a GPU, never hold what is not there, and together with those who wait they are the demand."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hardgate.sample.calendar import STEP, Span
from hardgate.sample.demand import Course, wanted
from hardgate.sample.draft import Draft
from hardgate.sample.holding import FAILED, PREEMPTED, RUNNING, WAITED, Pods, available_at, held_by, slots
from hardgate.sample.operator import Pool, pools

SPAN = Span(date(2026, 9, 7))
DRAFT = Draft(Path("nowhere"), 7, SPAN)


def filled(scale: float = 1.0, end: float = 1.04) -> tuple[Pool, np.ndarray, Pods]:
    pool = pools(scale)[0]
    path = wanted(DRAFT, pool.name, Course(pool.gpus * end, 0.26, 0.12, 0.04))
    return pool, path, held_by(DRAFT, pool, path)


def gpu_hours(pods: Pods, which: np.ndarray, begins: np.ndarray, since: int) -> float:
    ends = np.where(pods.ended < 0, SPAN.steps * STEP, pods.ended)
    seconds = np.maximum(0, ends - np.maximum(begins, since))
    return float((seconds * pods.width)[which].sum()) / 3600


def test_no_gpu_is_held_by_two_pods_at_once() -> None:
    _, _, pods = filled()
    ran = pods.started >= 0
    ends = np.where(pods.ended < 0, SPAN.steps * STEP, pods.ended)[ran]
    order = np.lexsort((pods.started[ran], pods.first[ran]))
    first, started, ends = pods.first[ran][order], pods.started[ran][order], ends[order]
    same = first[1:] == first[:-1]
    assert (started[1:] >= ends[:-1])[same].all()
    assert (ends > started).all()
    assert (pods.created[ran] <= pods.started[ran]).all()


def test_slots_lie_side_by_side_and_none_straddles_what_is_available() -> None:
    pool = pools(1.0)[0]
    made = slots(pool, 180.0)
    assert [at for at, _ in made][1:] == [at + width for at, width in made][:-1]
    assert {93, 124, 155} <= {at for at, _ in made}


@pytest.mark.parametrize("scale", [0.25, 1.0, 8.0])
def test_held_and_waiting_gpu_hours_are_the_demand(scale: float) -> None:
    pool, path, pods = filled(scale)
    since = (SPAN.days - 56) * 86_400
    held = gpu_hours(pods, pods.started >= 0, pods.started, since)
    waiting = gpu_hours(pods, pods.outcome == WAITED, pods.created, since)
    tail = slice(-56 * 48, None)
    served = np.minimum(path, available_at(pool, SPAN))[tail].sum() / 2
    assert held == pytest.approx(served, rel=0.02)
    assert held + waiting == pytest.approx(path[tail].sum() / 2, rel=0.02)
    assert held <= pool.available * 24 * 56


def test_some_training_fails_with_a_checkpoint_behind_it() -> None:
    _, _, pods = filled()
    trains = (pods.width >= 4) & (pods.outcome != WAITED) & (pods.outcome != RUNNING)
    failed = trains & (pods.outcome == FAILED)
    assert failed.sum() / trains.sum() == pytest.approx(0.12, abs=0.02)
    assert (pods.outcome[trains] == PREEMPTED).mean() == pytest.approx(0.03, abs=0.01)
    lost = failed & (pods.checkpoint >= 0)
    assert lost.sum() / failed.sum() > 0.96
    assert (pods.checkpoint[lost] >= pods.started[lost]).all()
    assert (pods.checkpoint[lost] <= pods.ended[lost]).all()
    assert not (pods.outcome[pods.width < 4] == FAILED).any()


def test_a_pool_that_is_half_empty_turns_nobody_away() -> None:
    pool, path, pods = filled(end=0.5)
    assert path.max() < pool.available
    recent = pods.created > (SPAN.days - 200) * 86_400
    assert not (pods.outcome[recent] == WAITED).any()
