"""The accounts of the sample that AI features could attach to: who is given access, who adopts and when, what they pay.

Accounts that grow are given access first, as they are in life, so that whoever compares adopters with the rest finds
too much. From the month of adopting on, an account's base revenue is raised by the planted effect. Startups were
drawn by lot into those that were offered the features and those that were held out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months, month_of, months_between
from hardgate.sample.draft import Draft

ACCOUNTS = 300
MONTHS = 36
"""Months of revenue that the billing system keeps."""
LAUNCHED = 22
"""Months before the end in which the features were launched."""
REGIONS = {"cn-north": 0.34, "cn-east": 0.26, "cn-west": 0.24, "ap-southeast": 0.16}
SEGMENTS = {"enterprise": 0.30, "growth": 0.40, "startup": 0.30}
LEVEL = {"enterprise": 60_000.0, "growth": 20_000.0, "startup": 7_000.0}
TEMPLATE = "rag-starter"
ARCHITECTURES = {TEMPLATE: 0.35, "batch-scoring": 0.25, "": 0.40}
WEAK = "cn-east"
"""The region in which fewer accounts take up the features."""
OFFERED, HELD_OUT = "offered", "holdout"
DRAWN = 12
"""Months before the end in which startups were drawn for the offer."""
PILOTS = 3
"""Accounts that have used the features every day since the launch."""

_SLOPE, _SPREAD, _NOISE, _PERSISTENCE = 0.010, 0.012, 0.04, 0.4
_TAKES = 0.93
_FIRST, _CHANCE = 0.8, 0.6
"""How much growth decides who is given access first, and how much chance does."""
_LAST = 1.35
"""Waves are planned for so many times the months since the launch."""
_WAIT, _WAIT_SPREAD = 50.0, 0.5
_STALLS = 0.12


@dataclass(frozen=True, slots=True)
class Adopter:
    """One account: its place, when it could, was let and began, and what it pays a month."""

    name: str
    region: str
    segment: str
    eligible_from: date
    access: date | None
    architecture: str
    offer: str
    offered_on: date | None
    begun: date | None
    stalled: date | None
    base: NDArray[np.float64]
    rate: float
    deep: int
    """Rungs above the first that it climbs."""


def revenue_start(draft: Draft) -> date:
    """Return the first month of recurring revenue."""
    return add_months(month_of(draft.span.as_of), -MONTHS)


def adopters(draft: Draft, strength: Mapping[str, float]) -> list[Adopter]:
    """Return the accounts of the sample."""
    random = draft.draws("adopters")
    start, launch = revenue_start(draft), add_months(month_of(draft.span.as_of), -LAUNCHED)
    lots = random.permutation(ACCOUNTS)
    found = []
    for at in range(ACCOUNTS):
        own = draft.draws("adopters", str(at))
        region, segment = (_drawn(own, one) for one in (REGIONS, SEGMENTS))
        slope = float(own.normal(_SLOPE, _SPREAD))
        joined = 0 if own.random() < 0.8 else int(own.integers(3, MONTHS - 3))
        eligible = add_months(start, joined)
        drawn = segment == "startup" and joined == 0 and at >= PILOTS
        offer = (OFFERED if lots[at] % 2 else HELD_OUT) if drawn else ""
        offered_on = add_months(month_of(draft.span.as_of), -DRAWN) if drawn else None
        wave = _wave(own, slope)
        access = _access(own, offer, offered_on, max(launch, eligible) + wave, draft.span.as_of)
        architecture = _drawn(own, ARCHITECTURES)
        begun = _begun(own, draft, access, region, architecture, strength)
        if at < PILOTS:
            access, begun = launch, launch + timedelta(days=3)
            region, architecture = next(iter(REGIONS)), ""
        stalled = _stalled(own, begun, draft.span.as_of) if at >= PILOTS else None
        base = _revenue(own, LEVEL[segment], slope, joined, begun, start, strength["adoption_effect"])
        rate, deep = float(own.lognormal(np.log(0.16), 0.35)), int(own.binomial(2, 0.4))
        found.append(Adopter(
            f"acct-{at:04d}", region, segment, eligible, access, architecture if access else "", offer, offered_on,
            begun, stalled, base, rate, deep,
        ))  # fmt: skip
    return found


def _drawn(random: np.random.Generator, shares: Mapping[str, float]) -> str:
    return str(random.choice(list(shares), p=list(shares.values())))


def _wave(random: np.random.Generator, slope: float) -> timedelta:
    """Return how long after the launch an account's turn comes: those that grow are first in the line."""
    from scipy.special import ndtr

    place = float(ndtr(-_FIRST * (slope - _SLOPE) / _SPREAD + float(random.normal(0.0, _CHANCE))))
    return timedelta(days=round(place * _LAST * 30 * LAUNCHED))


def _access(random: np.random.Generator, offer: str, offered_on: date | None, turn: date, as_of: date) -> date | None:
    """Return the day on which the features were opened: by lot, or when the account's turn came."""
    if offer == OFFERED and offered_on is not None:
        return offered_on + timedelta(days=int(random.integers(1, 10)))
    return turn if turn < as_of and offer != HELD_OUT else None


def _begun(  # noqa: PLR0913  what makes an account adopt
    random: np.random.Generator,
    draft: Draft,
    access: date | None,
    region: str,
    architecture: str,
    strength: Mapping[str, float],
) -> date | None:
    """Return the day of the first paid event, or None where there is none yet."""
    takes = _TAKES * (1 - strength["weak_attach"] if region == WEAK else 1.0)
    wait = float(random.lognormal(np.log(_WAIT), _WAIT_SPREAD))
    wait *= 1 - strength["fast_template"] if architecture == TEMPLATE else 1.0
    if random.random() >= takes or access is None:
        return None
    day = access + timedelta(days=max(1, round(wait)))
    return day if day < draft.span.as_of else None


def _stalled(random: np.random.Generator, begun: date | None, as_of: date) -> date | None:
    """Return the day after which an account no longer uses what it began with."""
    stops, after = random.random() < _STALLS, int(random.integers(60, 240))
    day = None if begun is None or not stops else begun + timedelta(days=after)
    return day if day is not None and day < as_of else None


def _revenue(  # noqa: PLR0913  what a course is made of
    random: np.random.Generator,
    level: float,
    slope: float,
    joined: int,
    begun: date | None,
    start: date,
    effect: float,
) -> NDArray[np.float64]:
    """Return base revenue by month; nothing before the account joined."""
    shocks = random.normal(0.0, _NOISE, MONTHS)
    rest = np.zeros(MONTHS)
    state = 0.0
    for at, shock in enumerate(shocks.tolist()):
        state = _PERSISTENCE * state + shock
        rest[at] = state
    months = np.arange(MONTHS)
    logs = (
        np.log(level) + random.normal(0.0, 0.5) + slope * (months - MONTHS) + rest + 0.03 * np.sin(months * np.pi / 6)
    )
    if begun is not None:
        logs[months >= months_between(start, begun)] += np.log1p(effect)
    found: NDArray[np.float64] = np.where(months >= joined, np.exp(logs), 0.0)
    return found
