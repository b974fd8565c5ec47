"""When the next customer of each market pays back what it cost to win: what was seen, and what the model adds to it.

Every market is fitted at once, so that a young city borrows from the older ones how customers leave. Who leaves in the
first weeks is counted, who leaves later is a law that runs beyond what was seen: one law for both would take those who
came once for a sign of how long the others stay. The answer is a distribution over draws, with those who never pay back
within the horizon as a mass of their own. Wrong where a subsidy is about to end: those who stay because of it have not
left yet.

>>> needed(0.35, 26)
99
>>> needed(0.95, 26), needed(0.5, 26)
(0, None)
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from hardgate.core.terms import Evidence
from hardgate.metrics.cohorts import EARLY, RECENT, Life, Panel, life

HORIZON = 156
"""Weeks after which what has not paid back counts as never."""
DRAWS = 2_000
DECIDED = NormalDist().inv_cdf(0.8)
"""How far from even a probability must stand to decide, in normal deviations."""
LONGEST = 520
Answer = list[list[int]]
"""A course as it is kept: weeks and how many draws pay back in each."""


@dataclass(frozen=True, slots=True)
class Market:
    """One market's payback: the share of draws beyond the threshold, that which never pays, and what it rests on."""

    name: str
    risk: float
    never: float
    median: int | None
    low: int | None
    high: int | None
    cost: float
    each_week: float
    still_there: float
    customers: int
    course: tuple[tuple[int, int], ...]
    """How many draws pay back in which week, the earliest first, and last those that never do."""


def markets(  # noqa: PLR0913  what a payback rests on
    evidence: Evidence,
    found: Panel,
    groups: Mapping[str, Any],
    spent: Mapping[str, float],
    end: int,
    threshold: Mapping[str, int],
    rate: float,
) -> dict[str, Market]:
    """Return the payback of each market as of a week's end; those without customers old enough are left out.

    `groups` are rows of the panel by market, `spent` what each spent to win customers in the last half year.
    """
    lives: dict[str, Life] = {}
    for name, keep in sorted(groups.items()):
        one = life(found.of(keep), end, HORIZON)
        if one is not None and one.recent_new > 0 and name in spent:
            lives[name] = one
    if not lives:
        return {}
    names = sorted(lives)
    cost = {name: spent[name] / lives[name].recent_new for name in names}
    inputs = {
        "lost": [lives[name].lost.tolist() for name in names],
        "watched": [lives[name].watched.tolist() for name in names],
        "each_week": [[round(x, 6) for x in lives[name].each_week[:8].tolist()] for name in names],
        "error": [round(lives[name].error, 6) for name in names],
        "cost": [round(cost[name], 6) for name in names],
        "rate": rate,
    }
    answers: list[Answer] = evidence.kept(f"payback-{end // 8}", inputs, lambda: _answers(json.dumps(inputs)))
    return {
        name: _market(name, lives[name], cost[name], threshold[name], answer)
        for name, answer in zip(names, answers, strict=True)
    }


def _market(name: str, one: Life, cost: float, threshold: int, answer: Answer) -> Market:
    from hardgate.models.payback import later, never, reached

    course = tuple((int(week), int(draws)) for week, draws in answer)
    level = round(float(one.each_week[-1]), 4)
    median, low, high = (reached(course, share) for share in (0.5, 0.05, 0.95))
    return Market(
        name, later(course, threshold), never(course), median, low, high, round(cost, 4), level, _share_there(one),
        round(one.customers), course,
    )  # fmt: skip


def _share_there(one: Life) -> float:
    """Return the share of customers still there after half a year, as counted."""
    kept = 1 - np.divide(one.lost, one.watched, out=np.zeros_like(one.lost), where=one.watched > 0)
    return round(float(np.prod(kept[:RECENT])), 4) if len(kept) >= RECENT else 0.0


@lru_cache(maxsize=128)
def _answers(text: str) -> list[Answer]:
    """Fit all markets and project each: in which week how many draws pay back, as plain lists that can be kept."""
    from hardgate.models import payback, renewals

    inputs = json.loads(text)
    width = max(len(one) for one in inputs["lost"])
    lost, watched = (np.array([_padded(one, width) for one in inputs[name]]) for name in ("lost", "watched"))
    posterior = renewals.fit(lost, watched, first=EARLY)
    early = renewals.counted(lost[:, :EARLY], watched[:, :EARLY], DRAWS)
    flows = np.array([_padded_with_last(one, HORIZON) for one in inputs["each_week"]])
    error, cost = np.array(inputs["error"]), np.array(inputs["cost"])
    found = payback.project(posterior.draws(DRAWS), flows, error, cost, weeks=HORIZON, rate=inputs["rate"], early=early)
    return [[[week, int(draws)] for week, draws in one] for one in found]


def _padded(values: Sequence[float], width: int) -> list[float]:
    return [*values, *([0.0] * (width - len(values)))]


def _padded_with_last(values: Sequence[float], width: int) -> list[float]:
    return [*values[:width], *([values[-1]] * (width - len(values)))]


def needed(probability: float, weeks: int) -> int | None:
    """Return how many more weeks like those seen would decide, if the truth is what it looks like; None is never.

    A deviation grows with the square root of what is seen; 0 is decided already.
    """
    away = abs(NormalDist().inv_cdf(min(max(probability, 1e-4), 1 - 1e-4)))
    if away >= DECIDED:
        return 0
    more = math.ceil(weeks * ((DECIDED / away) ** 2 - 1)) if away > 0.02 else LONGEST + 1  # noqa: PLR2004  nearly even
    return more if more <= LONGEST else None
