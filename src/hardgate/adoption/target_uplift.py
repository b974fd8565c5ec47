"""Whom a call moves, where accounts were drawn for it by lot: the chance with the call, less the chance without it.

Two regressions, one on the accounts that were called and one on those held out, of what was known of each when the lot
was drawn. The list by what a call adds and the list by chance are both scored on the lot, by halves that the
regressions had not seen. Only accounts that stood on the list when they were drawn count: access, and nothing paid yet.
Wrong when the call has changed since.

Source: METHODS 8, targets; Radcliffe 2007; Künzel et al. 2019, PNAS 116, for the two regressions.

>>> halves(np.array([True, True, True, False, False])).tolist()
[0, 1, 0, 0, 1]
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.adoption.target_model import HISTORY, HORIZON, RIDGE, Facts, happened, learned, snapshot
from hardgate.models.logistic import Logistic, fit
from hardgate.models.qini import qini

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FEWEST = 40
"""Accounts called, and held out, with fewer of which nothing is said of what a call adds."""


@dataclass(frozen=True, slots=True)
class Lot:
    """By account: the month in which it was drawn (inf where it was not), and whether it was to be called."""

    month: Floats
    called: Mask


@dataclass(frozen=True, slots=True)
class Cases:
    """Accounts that stood on the list when they were drawn: what was known, who was called, who paid in a quarter.

    `chances` are those of the list of that day, nan where nothing could be learned yet.
    """

    who: NDArray[np.intp]
    features: Floats
    called: Mask
    paid: NDArray[np.int64]
    chances: Floats


@dataclass(frozen=True, slots=True)
class Added:
    """What a call adds to an account's chance."""

    with_call: Logistic
    without: Logistic

    def to(self, features: Floats) -> Floats:
        """Return the chance with a call less the chance without, shape (accounts,)."""
        return self.with_call.chances(features) - self.without.chances(features)


def cases(facts: Facts, lot: Lot) -> Cases:
    """Return the drawn accounts of which is known what a call added."""
    parts = []
    for month in np.unique(lot.month[np.isfinite(lot.month)]).astype(int).tolist():
        if HISTORY <= month <= facts.months - HORIZON:
            who, features = snapshot(facts, month)
            mine = lot.month[who] == month
            model = learned(facts, month) if mine.any() else None
            chances = np.full(len(who), np.nan) if model is None else model.chances(features)
            parts.append((who[mine], features[mine], happened(facts, who, month)[mine], chances[mine]))
    if not parts:
        nobody = np.zeros(0, np.int64)
        return Cases(nobody, np.zeros((0, 0)), np.zeros(0, np.bool_), nobody, np.zeros(0))
    who, features, paid, chances = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Cases(who, features, lot.called[who], paid, chances)


def added(found: Cases) -> Added | None:
    """Return what a call adds; None where too few were drawn, or all of a group ended alike."""
    if min(int(found.called.sum()), int((~found.called).sum())) < FEWEST:
        return None
    return _on(found, np.ones(len(found.paid), np.bool_))


def halves(called: Mask) -> NDArray[np.int64]:
    """Return 0 or 1 for each case, in turn within those called and those not."""
    half = np.zeros(len(called), np.int64)
    for group in (called, ~called):
        half[group] = np.arange(int(group.sum())) % 2
    return half


def scored(found: Cases) -> dict[str, Any] | None:
    """Return the Qini coefficients of the list by what a call adds and of the list by chance, or None."""
    half, adds = halves(found.called), np.zeros(len(found.paid))
    for at in (0, 1):
        seen = half != at
        model = _on(found, seen)
        if model is None:
            return None
        adds[~seen] = model.to(found.features[~seen])
    by_added = qini(adds, found.paid, found.called)
    by_chance = qini(found.chances, found.paid, found.called) if np.isfinite(found.chances).all() else None
    if by_added is None:
        return None
    return {
        "called": int(found.called.sum()), "held_out": int((~found.called).sum()),
        "added": round(by_added.coefficient, 4),
        "chance": None if by_chance is None else round(by_chance.coefficient, 4),
    }  # fmt: skip


def _on(found: Cases, keep: Mask) -> Added | None:
    groups = keep & found.called, keep & ~found.called
    if not all(0 < found.paid[one].sum() < one.sum() for one in groups):
        return None
    return Added(*(fit(found.features[one], found.paid[one], ridge=RIDGE) for one in groups))
