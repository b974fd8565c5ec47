"""Which tranche a question is about: its size, its money, when to commit and when it goes live.

A scope that names a tranche means that row of the capacity plan, or the ask of that name. One that does not means an
ask of just that scope that says how many GPUs (and when they go live, else after `lead_months` of the assumptions),
else the next tranche of the plan there. Wrong when a plan changes without being proposed again: what was known counts.

>>> plan = Planned("hall-4", "a", 1000, None, "", date(2026, 12, 1), date(2027, 12, 1), None)
>>> plan.lead_months
12.0
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.terms import EVERYTHING, Action, Cell, Evidence, Scope
from hardgate.metrics.columns import absent

DAYS_PER_MONTH = 30.4375
CAPITAL = (Action.BUILD, Action.RELEASE)
"""Actions that add capacity: an ask for GPUs that are there already is no tranche."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One tranche of capacity, as planned or as asked for. `pool` None: any pool of the scope."""

    tranche: str
    pool: str | None
    gpus: float
    amount: Decimal | None
    currency: str
    commit_date: date
    live_date: date
    ramp_months: int | None
    released_share: float = 0.0

    @property
    def lead_months(self) -> float:
        """Whole months from committing to taking load."""
        return float(round(max((self.live_date - self.commit_date).days, 0) / DAYS_PER_MONTH))


def tranches(evidence: Evidence, scope: Scope) -> list[Planned]:
    """Return the tranches of the plan in a scope, by commit date and name; rows without size or dates are left out."""
    found = (_of_row(row) for row in evidence.rows("tranche", scope).records())
    return sorted((one for one in found if one is not None), key=lambda one: (one.commit_date, one.tranche))


def open_tranches(evidence: Evidence) -> list[tuple[Planned, Scope]]:
    """Return what may still be committed to, each with its scope: tranches of the plan, then asks beside the plan."""
    plan = [one for one in tranches(evidence, EVERYTHING) if one.commit_date >= evidence.as_of]
    named = {one.tranche for one in plan}
    asked = [(ask, next(_asked(evidence, ask.scope), None)) for ask in evidence.asks if ask.id not in named]
    beside = [(one, ask.scope) for ask, one in asked if one is not None and one.tranche == ask.id]
    return [*((one, _scope_of(evidence, one)) for one in plan), *beside]


def _scope_of(evidence: Evidence, planned: Planned) -> Scope:
    row = evidence.rows("tranche", Scope.of(tranche=planned.tranche)).records()[0]
    names = ("region", "accelerator", "pool", "tranche")
    return Scope(tuple((name, str(row[name])) for name in names if name in row and not absent(row[name])))


def meant(evidence: Evidence, scope: Scope) -> Planned | None:
    """Return the tranche that a scope means, or None where nothing says."""
    plan = tranches(evidence, scope)
    if "tranche" in scope:
        return plan[0] if plan else next(_asked(evidence, scope), None)
    return next(_asked(evidence, scope), None) or next((one for one in plan if one.commit_date >= evidence.as_of), None)


def before(evidence: Evidence, planned: Planned) -> list[Planned]:
    """Return the open tranches of the same pool that come before one: the position that it would add to holds them."""
    if planned.pool is None:
        return []
    same = tranches(evidence, Scope.of(pool=planned.pool))
    first = (planned.commit_date, planned.tranche)
    return [one for one in same if evidence.as_of <= one.commit_date and (one.commit_date, one.tranche) < first]


def _of_row(row: dict[str, Any]) -> Planned | None:
    cells: dict[str, Any] = {name: None if absent(value) else value for name, value in row.items()}
    commit, live = _day(cells.get("commit_date", cells.get("day"))), _day(cells.get("live_date"))
    if cells.get("gpus") is None or commit is None or live is None:
        return None
    return Planned(
        str(cells["tranche"]),
        _text(cells.get("pool")),
        float(cells["gpus"]),
        _money(cells.get("amount")),
        str(cells.get("currency") or ""),
        commit,
        live,
        None if cells.get("ramp_months") is None else int(cells["ramp_months"]),
        float(cells.get("released_share") or 0),
    )


def _asked(evidence: Evidence, scope: Scope) -> Iterator[Planned]:
    """Yield the asks of this scope, or named as its tranche, that say how many GPUs and when they go live."""
    for ask in evidence.asks:
        named = "tranche" in scope and ask.id == scope["tranche"]
        gpus = ask.term("gpus") if ask.action in CAPITAL else None
        if (named or ask.scope == scope) and isinstance(gpus, int | float | Decimal):
            commit = ask.decide_by or evidence.as_of
            lead = evidence.assumption("lead_months", scope)
            later = None if lead is None else commit + timedelta(days=round(lead.value * DAYS_PER_MONTH))
            live = _day(ask.term("live_date")) or later
            ramp = ask.term("ramp_months")
            months = int(ramp) if isinstance(ramp, int | float | Decimal) else None
            pool = ask.scope.as_mapping().get("pool")
            if live is not None:
                yield Planned(ask.id, pool, float(gpus), ask.amount, ask.currency, commit, live, months)


def _text(value: Cell) -> str | None:
    return None if value is None else str(value)


def _money(value: Any) -> Decimal | None:  # noqa: ANN401  engines return decimals or floats
    return None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))


def _day(value: Any) -> date | None:  # noqa: ANN401  engines return dates, timestamps and numpy's days
    if value is None or isinstance(value, str):
        return date.fromisoformat(value) if value else None
    if hasattr(value, "astype"):
        return value.astype("datetime64[D]").item()  # type: ignore[no-any-return]
    return date(value.year, value.month, value.day)
