"""How likely each account without AI features is to pay for one within a quarter, learned from the months before.

Every past month gives a snapshot of the accounts that had access and did not pay yet: what was known of them then, and
whether they paid within three months. The regression is fitted on snapshots whose three months were over, and is
scored on later ones that it has not seen. Wrong when a campaign went to accounts picked by this very list: draw some at
random to compare.

Source: METHODS 8, targets.

>>> ahead(10, 12.0), ahead(10, 13.0)
(True, False)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.models.logistic import Logistic, fit
from hardgate.models.ranking import calibration, descending, top_share

Floats = NDArray[np.float64]

HORIZON = 3
"""Months within which an account pays or does not."""
HISTORY = 6
"""Months of base revenue that a snapshot needs."""
FEWEST = 30
"""Accounts that paid, over all snapshots, with fewer of which nothing is fitted."""
TOP = 0.1
RIDGE = 2.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known by account and month, from the first month on; `adopted` is inf where an account has not paid.

    `base` and `tried` (events that were free or within a trial) have shape (accounts, months); `access` is the month in
    which access was granted; `groups` are 0 or 1 for region, segment and architecture, shape (accounts, groups);
    `contribution` and `gpu_hours` are what AI features brought and took in each month.
    """

    base: Floats
    tried: Floats
    access: Floats
    adopted: Floats
    groups: Floats
    contribution: Floats
    gpu_hours: Floats

    @property
    def months(self) -> int:
        """How many months are known."""
        return int(self.base.shape[1])


def ahead(month: int, adopted: float) -> bool:
    """Tell whether an account paid within three months of a snapshot at the start of a month."""
    return month <= adopted < month + HORIZON


def snapshot(facts: Facts, month: int) -> tuple[NDArray[np.intp], Floats]:
    """Return the accounts that had access and did not pay at the start of a month, and what was known of each."""
    known = facts.base[:, month - HISTORY : month]
    whole = np.isfinite(known).all(axis=1) & (known > 0).all(axis=1)
    who = np.flatnonzero(whole & (facts.access < month) & (facts.adopted >= month))
    logs = np.log(known[who])
    late = logs[:, HISTORY // 2 :].mean(axis=1)
    features = np.column_stack([
        late,
        late - logs[:, : HISTORY // 2].mean(axis=1),
        np.log1p(month - facts.access[who]),
        np.log1p(facts.tried[who, month - 2 : month].sum(axis=1)),
        facts.groups[who],
    ])  # fmt: skip
    return who, features


def happened(facts: Facts, who: NDArray[np.intp], month: int) -> NDArray[np.int64]:
    """Return who paid within three months of a snapshot, 0 or 1."""
    return ((facts.adopted[who] >= month) & (facts.adopted[who] < month + HORIZON)).astype(np.int64)


def learned(facts: Facts, month: int) -> Logistic | None:
    """Return the regression on all snapshots whose three months were over by the start of a month."""
    parts = [(snapshot(facts, m), m) for m in range(HISTORY, month - HORIZON + 1)]
    if not parts:
        return None
    x = np.concatenate([features for (_, features), _ in parts])
    y = np.concatenate([happened(facts, who, m) for (who, _), m in parts])
    return fit(x, y, ridge=RIDGE) if FEWEST <= y.sum() < y.size else None


def worth(facts: Facts, who: NDArray[np.intp], month: int) -> tuple[Floats, Floats]:
    """Return what AI features would bring and take in a year, were an account to pay as those like it do.

    Those that paid in the quarter before a month, and of which all is known, give contribution and GPU-hours for a unit
    of base revenue; each group's own figures count the more the more accounts it has. nan where none of them is known.
    """
    months = slice(max(month - HORIZON, 0), month)
    base, brought, took = (one[:, months].sum(axis=1) for one in (facts.base, facts.contribution, facts.gpu_hours))
    payers, _ = payers_of(facts, month)
    yearly = facts.base[who, months].mean(axis=1) * 12
    total = float(base[payers].sum())
    if total <= 0:
        return np.full(len(who), np.nan), np.full(len(who), np.nan)
    found = []
    for amounts in (brought, took):
        overall = float(amounts[payers].sum()) / total
        rates = np.zeros(len(who))
        weights = np.zeros(len(who))
        for g in range(facts.groups.shape[1]):
            mine = payers[facts.groups[payers, g] > 0]
            inside = facts.groups[who, g] > 0
            if base[mine].sum() > 0:
                own = float(amounts[mine].sum() / base[mine].sum())
                rates += inside * len(mine) * own
                weights += inside * len(mine)
        found.append(yearly * (rates + SHRINK * overall) / (weights + SHRINK))
    return found[0], found[1]


def payers_of(facts: Facts, month: int) -> tuple[NDArray[np.intp], int]:
    """Return the accounts whose last quarter says what paying brings and takes, and how many others paid."""
    months = slice(max(month - HORIZON, 0), month)
    payers = np.flatnonzero(facts.adopted < month - HORIZON)
    known = [np.isfinite(one[payers, months]).all(axis=1) for one in (facts.base, facts.contribution, facts.gpu_hours)]
    whole = np.logical_and.reduce(known)
    return payers[whole], int((~whole).sum())


SHRINK = 10.0
"""How many accounts the overall figure counts for beside a group's own."""


def scored(facts: Facts, price: Floats) -> Iterator[dict[str, Any]]:
    """Yield, for each month whose three months are over, what the list of that day said and what came.

    `price` is what a GPU-hour is worth where each account runs, 0 where some are free, shape (accounts,). Accounts
    whose quarter is not known in money are left out.
    """
    for month in range(HISTORY + HORIZON, facts.months - HORIZON + 1):
        model = learned(facts, month)
        if model is None:
            continue
        who, features = snapshot(facts, month)
        if not who.size:
            continue
        paid, brings = happened(facts, who, month), worth(facts, who, month)[0]
        came, took = (
            np.where(paid > 0, one[who, month : month + HORIZON].sum(axis=1), 0.0)
            for one in (facts.contribution, facts.gpu_hours)
        )
        known = np.isfinite(came) & np.isfinite(took) & np.isfinite(brings)
        if not known.any():
            continue
        who, features, paid, came, took = who[known], features[known], paid[known], came[known], took[known]
        chances = model.chances(features)
        brings, takes = worth(facts, who, month)
        orders = {
            "list": chances * (brings - price[who] * takes),
            "value": chances * brings,
            "chance": chances,
            "largest": facts.base[who, month - 1],
            "oracle": came,
        }
        yield {
            "chances": chances.tolist(),
            "paid": paid.tolist(),
            "came": float(came.sum()),
            "top": {name: _top(came, one) for name, one in orders.items()},
            "hits": {name: _top(paid, one) for name, one in orders.items()},
            "net": {name: _top(came - price[who] * took, one) for name, one in orders.items()},
        }


def _top(amounts: NDArray[Any], scores: Floats) -> float:
    """Return how much of some amounts lies in the top tenth of a list."""
    return top_share(amounts, descending(scores), TOP) * float(amounts.sum())


def evaluation(facts: Facts, price: Floats) -> dict[str, Any] | None:
    """Return calibration and lift over all months that can be scored, or None where too few cases stand in them."""
    rounds = list(scored(facts, price))
    chances = [one for part in rounds for one in part["chances"]]
    paid = [one for part in rounds for one in part["paid"]]
    came = sum(part["came"] for part in rounds)
    if len(chances) < FEWEST or not sum(paid) or came <= 0:
        return None
    true = calibration(chances, paid)
    return {
        "snapshots": len(rounds), "cases": len(chances), "paid": sum(paid),
        "said": true.said, "happened": true.happened, "slope": true.slope, "brier": true.brier,
        "groups": [[one.said, one.happened, one.count] for one in true.groups],
        "top": {name: sum(part["top"][name] for part in rounds) / came for name in rounds[0]["top"]},
        "net": {name: sum(part["net"][name] for part in rounds) for name in rounds[0]["net"]},
        "lift": {name: sum(part["hits"][name] for part in rounds) / sum(paid) / TOP for name in rounds[0]["hits"]},
    }  # fmt: skip
