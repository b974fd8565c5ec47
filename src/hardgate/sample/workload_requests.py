"""What wants GPUs at the end: what runs now, and what waits, as a scheduler's front desk would export it.

What runs holds its pool and was promised a part of it. In the pools of work that lasts it was promised whole, and more
of the like waits than there is room for. Region ap-southeast is full, too, but of work of the moment that is worth
little (a plant). One workload that lasts and pays well waits for the north (another). All of it is invented.
"""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from pathlib import Path

from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import CUSTOMERS, Pool

HEAD = (
    "job", "customer_id", "cards_wanted", "together", "card_types", "sites", "margin_per_card_hour", "ccy", "promised",
    "bound_months", "renews", "fine", "runs_in", "runs_on", "asked_on", "from_day", "to_day",
)  # fmt: skip
CHEAP = "ap-southeast"
WAITS = "waits-long-north"
SHARES = (0.18, 0.14, 0.12, 0.1, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03)
"""Of a pool that its running workloads hold, the largest first; the rest of it is free."""
LASTING = ("cn-north-h20", "cn-north-l20", "cn-east-h20", "cn-west-h20")
"""Pools whose customers stay: their tranches would be filled by more of the same."""
NEXT, NEXT_WORTH = 6, 0.95
NEXT_SHARE = {"H20": 0.05, "L20": 0.1}
"""How many of the like wait there, of which part of the pool each, and for what of the usual contribution."""
SLOWER, LONG = "cn-east-h20", 24
"""What waits there for less than so many months could run on the slower accelerators of the region, on more of them."""
FILL = 1.14
"""How much more they hold, and ask for, where the pool is full."""


def write_requests(draft: Draft, pools: Mapping[str, Pool], strength: Mapping[str, float]) -> Path:
    """Write the requests; `cheap_work` is what the cheap region's work earns, as a share of the usual.

    `lasting_wait` is how many times the usual the workload earns that waits.
    """
    rows = [
        row
        for pool in pools.values()
        for row in (*_running(draft, pool, strength), *_waiting(draft, pool), *_next(draft, pool))
    ]
    north = next(pool for pool in pools.values() if pool.region == "cn-north" and pool.accelerator.name == "H20")
    if strength["lasting_wait"]:
        margin = strength["lasting_wait"] * _margin(north)
        rows.append(_row(draft, WAITS, "cedar-video", 8, 8, north, margin, promised=0, months=36, renews=0.9))
    return write_csv(draft.data / "requests.csv", HEAD, rows)


def _margin(pool: Pool) -> float:
    return pool.accelerator.price_per_hour - pool.accelerator.variable_per_hour


def _running(draft: Draft, pool: Pool, strength: Mapping[str, float]) -> list[tuple[object, ...]]:
    random = draft.draws("requests", pool.name)
    cheap = pool.region == CHEAP and strength["cheap_work"] > 0
    rows = []
    for at, share in enumerate(SHARES):
        held = max(1, int(share * pool.available * (FILL if cheap else 1.0)))
        cards = held + 1 if cheap else held
        worth = _margin(pool) * float(random.uniform(0.7, 1.1)) * (strength["cheap_work"] if cheap else 1.0)
        months = 0 if cheap else int(random.choice([0, 6, 12, 24, 36]))
        promised = cards if pool.name in LASTING else 0 if cheap or months == 0 else cards // 2
        who = CUSTOMERS[int(random.integers(len(CUSTOMERS)))].account
        rows.append(
            _row(draft, f"{pool.code}-run-{at}", who, cards, 1, pool, worth, promised=promised, months=months,
                 renews=0.0 if months == 0 else float(random.uniform(0.3, 0.8)), held=held)
        )  # fmt: skip
    return rows


def _waiting(draft: Draft, pool: Pool) -> list[tuple[object, ...]]:
    random = draft.draws("requests waiting", pool.name)
    rows = []
    for at in range(6 if pool.region != CHEAP else 1):
        gang = int(random.choice([1, 2, 4]))
        cards = gang * int(random.integers(1, max(2, pool.available // 32)))
        worth = _margin(pool) * float(random.uniform(0.2, 0.9)) * (1.0 if pool.region != CHEAP else 0.02)
        who = CUSTOMERS[int(random.integers(len(CUSTOMERS)))].account
        rows.append(
            _row(draft, f"{pool.code}-wait-{at}", who, cards, gang, pool, worth, promised=0,
                 months=int(random.choice([0, 0, 3, 12])), renews=0.2)
        )  # fmt: skip
    return rows


def _next(draft: Draft, pool: Pool) -> list[tuple[object, ...]]:
    """Return more of the work that lasts, where it waits: together more than the pool has room for."""
    cards = ceil(NEXT_SHARE.get(pool.accelerator.name, 0.0) * pool.available)
    return [
        _row(draft, f"{pool.code}-next-{at}", CUSTOMERS[at].account, cards, 1, pool,
             (NEXT_WORTH - 0.01 * at) * _margin(pool), promised=0, months=36, renews=0.8)
        for at in range(NEXT if pool.name in LASTING else 0)
    ]  # fmt: skip


def _row(  # noqa: PLR0913  what a request says
    draft: Draft,
    job: str,
    who: str,
    cards: int,
    together: int,
    pool: Pool,
    worth: float,
    *,
    promised: int,
    months: int,
    renews: float,
    held: int = 0,
) -> tuple[object, ...]:
    random = draft.draws("request days", job)
    asked = draft.span.as_of - timedelta(days=int(random.integers(3, 40)) + (60 if held else 0))
    other = f"{pool.accelerator.name}=1"
    if pool.accelerator.name == "L20":
        other += " H20=2.2"
    elif pool.name == SLOWER and months < LONG and not held:
        other += " L20=0.5"
    return (
        job, who, cards, together, other, pool.region, f"{draft.terms.in_currency(pool, worth):.4f}", pool.currency,
        promised, months, f"{renews:.2f}", f"{draft.terms.in_currency(pool, 2.0) if promised else 0:.2f}",
        pool.name if held else "", held or "", asked, asked, "",
    )  # fmt: skip
