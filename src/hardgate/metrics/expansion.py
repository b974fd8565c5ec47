"""What adopting an AI feature did to the base revenue of accounts, by the best design the data allow, and its checks.

Where accounts were drawn for an offer, offered and held-out ones are compared with what was known of them before taken
out, and the difference is counted per account that adopted. Elsewhere each account is held against its own earlier
course and against accounts that had not adopted yet. Revenue of the features themselves is left out. A design whose
check fails gives an association, which no gate may use. Wrong when accounts adopt just as their own business turns up:
the bend that would erase the effect is printed.

Source: METHODS 8.

>>> growth(0.10436)
0.11
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import expm1, inf, isfinite, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, months_between
from hardgate.core.percent import percent
from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_REVENUE, BRING_USAGE, Account, accounts
from hardgate.metrics.account_revenue import months_before, revenue
from hardgate.metrics.feature_use import paid_use

MONTHS = 30
FEWEST = 15
"""Accounts that adopted, or that were drawn into a group, with fewer of which nothing is said."""
OFFERED, HELD_OUT = "offered", "holdout"
RANDOMISED, DETRENDED = "randomised offer", "detrended"
UNEVENLY_LEFT = 0.05
"""Groups of a draw that lose their accounts as unevenly as this by luck are not compared as they were drawn."""
LUCK = 0.001
"""Group sizes less likely than this by luck were not drawn as they should have been."""
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """Log base revenue by account and month (nan is not known), and the month of adopting counted from the first."""

    accounts: tuple[Account, ...]
    months: tuple[date, ...]
    outcomes: NDArray[np.float64]
    adopted: tuple[float, ...]
    gaps: tuple[str, ...]
    missing: float


@dataclass(frozen=True, slots=True)
class Effect:
    """A growth that adopting brought, as a share, with what was checked. Bends are a month, in log points."""

    method: str
    value: float
    low: float
    high: float
    treated: int
    controls: int
    checks: tuple[tuple[str, bool], ...]
    erased_by: float | None
    doubted_by: float | None
    placebo_bend: float | None
    naive: float | None
    left: int = 0
    """Accounts that paid before and not to the end of the months after: the effect is one of those that stayed."""

    @property
    def causal(self) -> bool:
        """Tell whether every check held."""
        return all(held for _, held in self.checks)


def growth(logs: float) -> float:
    """Return log points as a share."""
    return round(expm1(logs), DIGITS)


def panel(evidence: Evidence, scope: Scope, end: date) -> Panel | str:
    """Return the months of a scope's accounts before a day, or what is missing."""
    found = tuple(accounts(evidence, scope).values())
    if not found:
        return f"no account in {scope}: {BRING_ACCOUNTS}"
    window = months_before(end, MONTHS)
    paid = revenue(evidence, EVERYTHING, window, [one.name for one in found])
    if not paid.months:
        return f"no recurring revenue of {scope}: {BRING_REVENUE}"
    use = paid_use(evidence, scope, Window(date.min, end))
    if use is None:
        return f"no use of any feature: {BRING_USAGE}"
    base = paid.base
    outcomes = np.log(np.where(base > 0, base, nan))
    first = use.first_days()
    when = tuple(float(months_between(paid.months[0], first[one.name])) if one.name in first else inf for one in found)
    if len(paid.months) != months_between(paid.months[0], paid.months[-1]) + 1:
        return f"{'; '.join(paid.gaps)}: {BRING_REVENUE}"
    return Panel(found, paid.months, outcomes, when, (*paid.gaps, *use.gaps), _share(use.missing, window))


def _share(missing: Sequence[date], window: Window) -> float:
    return round(sum(1 for day in missing if day in window) / max(window.days, 1), 6)


def part(whole: Panel, segment: str) -> Panel:
    """Return the part of a panel that is of one segment."""
    at = [i for i, one in enumerate(whole.accounts) if one.segment == segment]
    accounts_, adopted = tuple(whole.accounts[i] for i in at), tuple(whole.adopted[i] for i in at)
    return replace(whole, accounts=accounts_, outcomes=whole.outcomes[at], adopted=adopted)


def effects(evidence: Evidence, found: Panel) -> tuple[Effect, ...] | str:
    """Return what each possible design says, the strongest first; or why none is possible."""
    plain = {
        "outcomes": [[None if not isfinite(one) else round(one, 9) for one in row] for row in found.outcomes.tolist()],
        "adopted": [None if not isfinite(one) else one for one in found.adopted],
        "offer": [[one.offer, _month(one, found)] for one in found.accounts],
        "confidence": evidence.confidence,
    }
    told = evidence.kept("adoption.expansion", plain, lambda: _designs(plain))
    return (
        tuple(_of(one) for one in told)
        or f"fewer than {FEWEST} accounts adopted with a year before it and half a year after"
    )


def _month(account: Account, found: Panel) -> int | None:
    drawn = account.offer in {OFFERED, HELD_OUT} and account.offered_on is not None
    return months_between(found.months[0], account.offered_on) if drawn and account.offered_on else None


def _designs(plain: dict[str, Any]) -> list[dict[str, Any]]:
    outcomes = np.array([[nan if one is None else one for one in row] for row in plain["outcomes"]], dtype=np.float64)
    adopted = np.array([inf if one is None else one for one in plain["adopted"]], dtype=np.float64)
    offers = [(group, month) for group, month in plain["offer"]]
    confidence = plain["confidence"]
    designs = _randomised(outcomes, adopted, offers, confidence), _detrended(outcomes, adopted, confidence)
    return [one for one in designs if one is not None]


def _detrended(outcomes: NDArray[Any], adopted: NDArray[Any], confidence: float) -> dict[str, Any] | None:
    from hardgate.models.uplift import detrended_did, naive

    found = detrended_did(outcomes, adopted, confidence=confidence)
    if found is None or found.effect.treated < FEWEST:
        return None
    plain = naive(outcomes, adopted, confidence=confidence)
    steps = found.placebo.steps if found.placebo is not None else inf
    said = (
        f"placebo before adopting {percent(growth(found.placebo.value), signed=True)}, "
        f"{abs(steps):.2f} standard errors from nothing, at most {found.critical:.2f} by luck"
        if found.placebo is not None
        else "no placebo: too few months before adopting"
    )
    ends = [growth(one) for one in (found.effect.value, found.effect.low, found.effect.high)]
    return {
        "method": DETRENDED, "ends": ends, "sizes": [found.effect.treated, found.effect.controls],
        "checks": [[said, bool(found.holds)]],
        "bends": [found.erased_by, found.doubted_by, found.placebo_bend],
        "naive": None if plain is None else growth(plain.value), "left": _left(outcomes, adopted),
    }  # fmt: skip


def _left(outcomes: NDArray[Any], adopted: NDArray[Any]) -> int:
    """Return how many adopters had all months before, and lack some of those after."""
    from hardgate.models.uplift import AFTER, BEFORE, SKIPPED

    gone = 0
    for row, when in zip(outcomes, adopted, strict=True):
        if isfinite(when) and when >= BEFORE and when + SKIPPED + AFTER <= len(row):
            month = int(when)
            before, after = row[month - BEFORE : month], row[month + SKIPPED : month + SKIPPED + AFTER]
            gone += bool(np.isfinite(before).all() and not np.isfinite(after).all())
    return gone


def _randomised(
    outcomes: NDArray[Any], adopted: NDArray[Any], offers: list[tuple[str | None, int | None]], confidence: float
) -> dict[str, Any] | None:
    from hardgate.models.uplift import AFTER, BEFORE, SKIPPED, contrast, cuped, per_adopter, same_size

    rows = []
    early, late = BEFORE - BEFORE // 3, BEFORE // 3
    for at, (group, month) in enumerate(offers):
        if month is None or month < BEFORE or month + SKIPPED + AFTER > outcomes.shape[1]:
            continue
        before, after = outcomes[at, month - BEFORE : month], np.arange(month + SKIPPED, month + SKIPPED + AFTER)
        took = float((adopted[at] <= after).mean())
        slope = np.polyfit(np.arange(BEFORE), before, 1)[0] if np.isfinite(before).all() else nan
        levels = (outcomes[at, after].mean(), before[-late:].mean(), slope, took, before @ contrast(early, 0, late))
        rows.append([*map(float, levels), float(group == OFFERED)])
    table = np.array([row for row in rows if np.isfinite(row).all()], dtype=np.float64).reshape(-1, 6)
    drawn = [row[5] > 0 for row in rows if np.isfinite(row[1:3]).all()]
    who = table[:, 5] > 0
    sizes = int(who.sum()), int((~who).sum())
    if min(sizes) < FEWEST:
        return None
    offered = cuped(table[:, 0], table[:, 1:3], who, confidence)
    uptake = cuped(table[:, 3], np.zeros(len(table)), who, confidence)
    balance = cuped(table[:, 4], np.zeros(len(table)), who, 0.95)
    effect = per_adopter(offered, uptake) if offered is not None and uptake is not None else None
    if effect is None or balance is None:
        return None
    were = sum(drawn), len(drawn) - sum(drawn)
    luck = same_size(*were)
    checks = [
        [f"{were[0]} offered and {were[1]} held out: as uneven by luck in {percent(luck)} of draws", luck >= LUCK],
        [
            f"before the draw the groups differ by {percent(growth(balance.value), signed=True)}",
            balance.low <= 0 <= balance.high,
        ],
    ]
    left = were[0] - sizes[0], were[1] - sizes[1]
    if sum(left):
        chance = same_size(*left, share=were[0] / len(drawn))
        said = (
            f"{left[0]} offered and {left[1]} held out have left since: as uneven by luck in {percent(chance)} of draws"
        )
        checks.append([said, chance >= UNEVENLY_LEFT])
    ends = [growth(one) for one in (effect.value, effect.low, effect.high)]
    return {
        "method": RANDOMISED, "ends": ends, "sizes": list(sizes), "checks": checks, "bends": [None, None, None],
        "naive": None, "left": sum(left),
    }  # fmt: skip


def _of(told: dict[str, Any]) -> Effect:
    checks = tuple((str(said), bool(held)) for said, held in told["checks"])
    value, low, high = told["ends"]
    treated, controls = told["sizes"]
    erased, doubted, seen = told["bends"]
    return Effect(
        told["method"], value, low, high, treated, controls, checks, erased, doubted, seen, told["naive"], told["left"]
    )  # fmt: skip
