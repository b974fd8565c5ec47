"""What finance and planning keep: the inventory, the capacity plan with its fees, exchange rates and the ledger."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months
from hardgate.sample.adoption_files import CASES
from hardgate.sample.calendar import Span
from hardgate.sample.commitments import live_date
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.focus_bills import Load
from hardgate.sample.operator import RMB, USD, Hall, Pool, Terms, Tranche

INVENTORY = (
    "asset_no", "site", "card", "cards", "po_date", "ready_date", "out_date", "repair_share", "price_total", "ccy",
    "life_m", "kw",
)  # fmt: skip
PLAN = (
    "project", "site", "card", "cards", "budget", "ccy", "submitted", "commit_by", "energised", "ramp_m", "sponsor",
    "released", "ai_attach",
)  # fmt: skip
FEES = ("project", "valid_from", "fee", "ccy", "agreed")
RATES = ("base", "quote", "valid_from", "mid")
LEDGER = ("account", "cost_centre", "month_end", "amount", "ccy")

ORDERED = Hall("cne-l20-hall-2", 16, -3)
"""Under construction at the end: ordered, live three months later."""

_FEES = ((-365, 0.0), (-60, 0.02), (0, 0.10), (60, 0.30), (150, 0.60))
"""Days after the commit date, and the share of the budget that cancelling then costs."""

_SUBMITTED = timedelta(weeks=16)
_LIFE_OF_ASSET = 72
_STAFF = 0.045


def write_inventory(draft: Draft, pools: Mapping[str, Pool]) -> Path:
    """Write what is owned and what is ordered."""
    rows = [_asset(pool, hall, draft.span, draft.terms) for pool in pools.values() for hall in pool.halls]
    waiting = next(pool for pool in pools.values() if ORDERED.asset.startswith(pool.code))
    rows.append(_asset(waiting, ORDERED, draft.span, draft.terms))
    return write_csv(draft.data / "inventory.csv", INVENTORY, rows)


def _asset(pool: Pool, hall: Hall, span: Span, terms: Terms) -> tuple[object, ...]:
    live = span.live_from(hall.months_live)
    return (
        hall.asset,
        pool.region.upper(),
        pool.accelerator.name,
        hall.gpus,
        add_months(live, -7),
        live,
        add_months(live, _LIFE_OF_ASSET),
        f"{hall.in_repair / hall.gpus:.6f}",
        f"{hall.gpus * terms.capex(pool):.2f}",
        pool.currency,
        terms.life_months,
        f"{hall.gpus * pool.accelerator.kilowatts:.1f}",
    )


def write_plan(draft: Draft, pools: Mapping[str, Pool], tranches: tuple[Tranche, ...]) -> list[Path]:
    """Write the tranches and what cancelling them costs from which day on."""
    span, plan, fees = draft.span, [], []
    for tranche in tranches:
        pool = pools[tranche.pool]
        budget = tranche.gpus * draft.terms.capex(pool)
        submitted = span.as_of - _SUBMITTED
        commit = span.as_of + timedelta(weeks=tranche.weeks)
        place = (pool.region.upper(), pool.accelerator.name)
        asked = (tranche.gpus, f"{budget:.2f}", pool.currency, submitted, commit, live_date(tranche, span), 2)
        plan.append(
            (tranche.name, *place, *asked, tranche.requested_by, tranche.released_share, CASES.get(tranche.name, ""))
        )
        for later, share in _FEES:
            fee = f"{budget * share:.2f}"
            fees.append((tranche.name, commit + timedelta(days=later), fee, pool.currency, submitted))
    return [
        write_csv(draft.data / "capacity_plan.csv", PLAN, plan),
        write_csv(draft.data / "cancel_fees.csv", FEES, fees),
    ]


def write_rates(draft: Draft) -> Path:
    """Write a rate a week, around the one that the books are kept at."""
    weeks = draft.span.days // 7 + 2
    wander = np.cumsum(draft.draws("rates").normal(0.0, 0.002, weeks))
    tied = wander - wander[-1] * np.arange(weeks) / (weeks - 1)
    first = draft.span.start - timedelta(days=7)
    rows = [
        (USD, RMB, first + timedelta(weeks=at), f"{draft.terms.rate * float(np.exp(tied[at])):.4f}")
        for at in range(weeks)
    ]
    return write_csv(draft.data / "exchange_rates.csv", RATES, rows)


def write_general_ledger(draft: Draft, loads: Mapping[str, Load]) -> Path:
    """Write what was booked in every finished month."""
    rows: list[tuple[str, ...]] = []
    for month in draft.span.months():
        if add_months(month, 1) > draft.span.as_of:
            continue
        period, in_rmb = str(add_months(month, 1) - timedelta(days=1)), 0.0
        for load in loads.values():
            random = draft.draws("ledger", load.pool.name, period)
            for account, amount in _booked(load, draft.span.days_of(month), draft).items():
                booked = amount * float(random.normal(1.0, 0.002))
                in_rmb += booked if load.pool.currency == RMB else 0.0
                rows.append((account, f"CC-{load.pool.code.upper()}", period, f"{booked:.2f}", load.pool.currency))
        rows.append(("6605 staff", "CC-HQ", period, f"{_STAFF * in_rmb:.2f}", RMB))
    return write_csv(draft.data / "general_ledger.csv", LEDGER, rows)


def _booked(load: Load, days: NDArray[np.int64], draft: Draft) -> dict[str, float]:
    """Return what a pool's month cost, by account."""
    pool, span, terms = load.pool, draft.span, draft.terms
    gpus = np.zeros(len(days), dtype=np.int64)
    for hall in pool.halls:
        gpus += np.where(days >= (span.live_from(hall.months_live) - span.start).days, hall.gpus, 0)
    energy = [
        terms.kilowatt_hours(pool, int(live), float(load.held[day])) for live, day in zip(gpus, days, strict=True)
    ]
    return {
        "6601 lease": float(gpus.sum()) * terms.lease_per_gpu_day(pool),
        "6602 power": float(sum(energy)) * terms.power_price(pool),
        "6603 space": float(gpus.sum()) * pool.accelerator.kilowatts * terms.space_price(pool),
    }
