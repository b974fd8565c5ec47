"""A smaller operator with five years behind it, of whom it is known how each past ask should have been decided.

Each pool grew alike for three years and then asked for a third more. In one, demand went on to rise and waiting was
wrong; in the other it fell and waiting was right. Nothing that a gate could see by the decision tells them apart, so a
back-test has to find it in what came, and no gate is right in both by foresight. One monthly file of pools and a plan
are all there is: the shape in which an operator without telemetry brings its past.

>>> sorted(HISTORIES)
['fading', 'rising']
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months
from hardgate.core.errors import NotFound, nearest
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv, write_text

AS_OF = date(2026, 9, 1)
MONTHS_BEFORE, MONTHS_AFTER = 36, 24
LEAD_MONTHS = 6
GPUS, ASKED, FULL = 192, 64, 0.96
"""Installed when the ask is decided, asked for, and demand over installed on that day."""

_PRICE, _VARIABLE, _CAPEX = 10.0, 0.9, 110_000.0
_HOURS = 730.0
_GROWTH, _MOVES = 0.28, 0.07

_SETTINGS = """\
# An invented operator with a past, to back-test on. Its figures are no one's.
currency = "RMB"
as_of = "{as_of}"
cost_source = "general_ledger"

[ledger]
address = ".hardgate/ledger.sqlite"

[[inputs]]
source = "pools_file"
files = ["data/pools.csv"]

[[inputs]]
source = "table"
table = "capacity_plan"
files = ["data/plan.csv"]

[[inputs]]
source = "table"
table = "sales"
files = ["data/sales.csv"]

[tables.pool_usage]
known_after = "5 days"

[tables.sales]
known_after = "36 days"

[tables.capacity]
known_after = "0 days"

[[pools]]
pool = "rising"
region = "north"
accelerator = "H20"

[[pools]]
pool = "fading"
region = "north"
accelerator = "H20"
"""

_POLICY = """\
horizon: 26w
gates:
  capacity.trigger: {mode: block, limit: economic}
assumptions:
  discount_rate: 12%
  hurdle_rate: 12%
  life_months: 48
  fixed_cost_per_gpu_month: 500
sign_off:
  - {action: BUILD, roles: [capacity]}
"""


@dataclass(frozen=True, slots=True)
class History:
    """What demand of a pool does after the decision; strength 0 takes the truth away.

    `waiting` is what hindsight says with the strength declared: "right" or "wrong".
    """

    pool: str
    waiting: str
    meaning: str
    strength: float
    without: float
    """Growth a year after the decision where the truth is taken away."""
    sign: int


HISTORIES: Mapping[str, History] = MappingProxyType(
    {
        one.pool: one
        for one in (
            History("rising", "wrong", "growth a year after the decision; removed, demand stands still", 0.5, 0.0, 1),
            History("fading", "right", "fall a year after the decision; removed, demand grows on", 0.4, _GROWTH, -1),
        )
    }
)


def make_history(
    folder: Path, *, seed: int = 7, strengths: Mapping[str, float] | None = None, as_of: date = AS_OF
) -> list[Path]:
    """Write the workspace of an operator with a past into a folder; equal arguments give equal bytes.

    Raises:
        NotFound: `strengths` names a pool that does not exist.

    """
    for name in strengths or {}:
        if name not in HISTORIES:
            raise NotFound(f"no pool of the history is called {name!r}: {nearest(name, HISTORIES)}")
    draft = Draft(folder, seed, Span(as_of))
    set_to = {name: (strengths or {}).get(name, one.strength) for name, one in HISTORIES.items()}
    asked = {name: demand(draft, one, set_to[name]) for name, one in HISTORIES.items()}
    return [
        _pools(draft, asked),
        _sales(draft, asked),
        _plan(draft),
        write_text(folder / "hardgate.toml", _SETTINGS.format(as_of=as_of)),
        write_text(folder / "policy.yaml", _POLICY),
    ]


def demand(draft: Draft, history: History, strength: float) -> NDArray[np.float64]:
    """Return GPUs in demand by month: growth to where it stands at the decision, then what is planted."""
    random = draft.draws("history", history.pool)
    after = history.sign * strength if strength else history.without
    walk = random.normal(0.0, _MOVES / np.sqrt(12), MONTHS_BEFORE + MONTHS_AFTER)
    before = np.cumsum(walk[:MONTHS_BEFORE] + _GROWTH / 12)
    later = np.cumsum(walk[MONTHS_BEFORE:] + after / 12)
    level = np.concatenate([before - before[-1], later])
    path: NDArray[np.float64] = FULL * GPUS * np.exp(level)
    return path


def _months(draft: Draft) -> list[date]:
    count = MONTHS_BEFORE + MONTHS_AFTER
    return [add_months(draft.span.as_of, at - count) for at in range(count)]


def _pools(draft: Draft, asked: Mapping[str, NDArray[np.float64]]) -> Path:
    head = ("pool", "month", "gpus", "live_date", "allocated_gpu_hours", "queued_gpu_hours")
    rows = []
    months = _months(draft)
    for pool, path in asked.items():
        for month, gpus in zip(months, path, strict=True):
            hours = (add_months(month, 1) - month).days * 24.0
            held = min(float(gpus), float(GPUS))
            rows.append((
                pool, month, GPUS, months[0], f"{held * hours:.2f}", f"{(gpus - held) * hours:.2f}",
            ))  # fmt: skip
    return write_csv(draft.data / "pools.csv", head, rows)


def _sales(draft: Draft, asked: Mapping[str, NDArray[np.float64]]) -> Path:
    head = ("account", "product", "pool", "month", "quantity", "net_revenue", "variable_cost", "currency")
    rows = []
    for pool, path in asked.items():
        random = draft.draws("history sales", pool)
        for month, gpus in zip(_months(draft), path, strict=True):
            hours = min(float(gpus), float(GPUS)) * _HOURS
            price = _PRICE * float(random.normal(1.0, 0.01))
            money = (f"{hours * price:.2f}", f"{hours * _VARIABLE:.2f}")
            rows.append(("all customers", "gpu-hours", pool, month, f"{hours:.2f}", *money, "RMB"))
    return write_csv(draft.data / "sales.csv", head, rows)


def _plan(draft: Draft) -> Path:
    head = ("tranche", "pool", "gpus", "amount", "currency", "proposed_on", "commit_date", "live_date", "requested_by")
    commit = add_months(draft.span.as_of, -MONTHS_AFTER)
    asked_on, live = add_months(commit, -5), add_months(commit, LEAD_MONTHS)
    rows = [
        (f"{pool}-2", pool, ASKED, f"{ASKED * _CAPEX:.2f}", "RMB", asked_on, commit, live, "planning")
        for pool in HISTORIES
    ]
    return write_csv(draft.data / "plan.csv", head, rows)
