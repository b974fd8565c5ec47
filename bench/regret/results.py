"""Results of the study as plain JSON: each cell, and all cells of a fleet together, pool by pool.

Money is that of a pool, shares are of the bound, each with its 90 % bootstrap interval over pools. `more` says how much
more a rule lost than the trigger and than the gate as it is installed, drawn on the same pools.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from math import fsum, isfinite
from typing import Any

from bench.regret.fleets import Fleet
from bench.regret.rules import GATE, TOLD, TRIGGER
from bench.regret.study import LIVES, ONE_DATE, Cell, Outcome, study, study_of_known
from hardgate.models.regret import Loss, share_apart, share_lost


def studied(fleet: Fleet, cells: Sequence[Cell], counting: Sequence[str] = (LIVES, ONE_DATE)) -> dict[str, Any]:
    """Return the study of a fleet."""
    outcomes = study(fleet, cells, counting)
    return {
        "name": fleet.name, "pools": len(fleet.demand), "reviews": len(fleet.reviews),
        "together": [_together([one for one in outcomes if one.counted == way]) for way in counting],
        "cells": [_cell(one, (TRIGGER, GATE)) for one in outcomes],
    }  # fmt: skip


def studied_known(fleet: Fleet, cell: Cell) -> dict[str, Any]:
    """Return the study of a fleet whose process is known to every rule."""
    cells = [_cell(one, (TOLD,)) for one in study_of_known(fleet, cell)]
    return {"name": fleet.name, "pools": len(fleet.demand), "reviews": len(fleet.reviews), "cells": cells}


def _cell(one: Outcome, ours: Sequence[str]) -> dict[str, Any]:
    cell = one.cell
    shares = {name: share if isfinite(share) else None for name, share in one.shares.items()}
    where = {name: getattr(cell, name) for name in ("margin", "lead", "tranche", "tranches", "life")}
    return {**where, "counted": one.counted, "shares": shares, **_rules(one.went, one.lost, ours)}


def _together(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Add the cells up, pool by pool: a pool that is drawn is drawn with all its cells."""
    first = outcomes[0]
    went = {name: sum(one.went[name] for one in outcomes) for name in first.went}
    lost = {name: _summed([one.lost[name] for one in outcomes]) for name in first.lost}
    return {"counted": first.counted, **_rules(went, lost, (TRIGGER, GATE))}


def _summed(many: Sequence[Sequence[Loss]]) -> list[Loss]:
    names = ("best", "value", "wrong_go", "wrong_hold")
    return [Loss(*(fsum(getattr(one, name) for one in pool) for name in names)) for pool in zip(*many, strict=True)]


def _rules(went: Mapping[str, int], lost: Mapping[str, Sequence[Loss]], ours: Iterable[str]) -> dict[str, Any]:
    pools = next(iter(lost.values()))
    against = [lost[name] for name in ours]
    return {
        "bound": _mean(one.best for one in pools),
        "rules": {name: {"went": went[name], **_row(mine, against)} for name, mine in lost.items()},
    }


def _row(mine: Sequence[Loss], against: Sequence[Sequence[Loss]]) -> dict[str, Any]:
    return {
        "regret": _mean(one.regret for one in mine),
        "wrong_go": _mean(one.wrong_go for one in mine),
        "wrong_hold": _mean(one.wrong_hold for one in mine),
        "share": _rounded(share_lost(mine)),
        "more": [_rounded(share_apart(one, mine)) for one in against],
    }


def _mean(amounts: Iterable[float]) -> int:
    found = list(amounts)
    return round(fsum(found) / len(found))


def _rounded(share: tuple[float, float, float] | None) -> list[float] | None:
    return None if share is None else [round(one, 4) for one in share]


def laid_out(found: object, margin: str = "") -> str:
    """Return results as JSON, with a line for each rule of a cell.

    >>> print(laid_out({"rules": {"always": {"went": 1, "share": [0.5, 1.0]}}}))
    {
     "rules": {
      "always": {"went": 1, "share": [0.5, 1.0]}
     }
    }
    """
    values = list(found.values() if isinstance(found, dict) else found if isinstance(found, list) else ())
    if not any(_nested(one) for one in values):
        return json.dumps(found, allow_nan=False)
    inner = [laid_out(one, margin + " ") for one in values]
    if isinstance(found, dict):
        inner = [f"{json.dumps(name)}: {one}" for name, one in zip(found, inner, strict=True)]
    opened, closed = "{}" if isinstance(found, dict) else "[]"
    body = ",".join(f"\n{margin} {one}" for one in inner)
    return f"{opened}{body}\n{margin}{closed}"


def _nested(found: object) -> bool:
    """Tell whether a mapping is in it or it is one."""
    return isinstance(found, dict) or (isinstance(found, list) and any(map(_nested, found)))
