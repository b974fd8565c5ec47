"""The investment programme of the sample operator: its tranches and what is live, its assumptions, and other business.

What is live is committed; the tranches of the capacity plan are asked for. The programme is planted to pay back: its
prices erode by the strength of `price_erosion` a year, and with three times as much it would not.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from hardgate.core.days import add_months, month_of
from hardgate.sample.books import ORDERED
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import RMB, Pool, Tranche

PROGRAMME = "ai-capacity"
VINTAGES = (
    "programme", "vintage", "site", "card", "spend_on", "cards", "budget", "ccy", "lead_m", "life_m", "ramp_m",
    "committed", "stated",
)  # fmt: skip
DRIVERS = ("programme", "driver", "value", "low", "high", "origin", "stated")
OTHERS = ("segment", "quarter_start", "revenue", "ebita", "depreciation", "capex", "ccy", "stated")
ASSETS = ("asset_no", "site", "card", "cost", "ccy", "in_service", "life_m", "method", "impaired")

_STATED = timedelta(weeks=16)
_QUARTERS = 24
_LEAD = 7
_ASSUMED = (
    ("price_volatility", 0.06, 0.04, 0.09, "list prices of four suppliers, 2023-2026"),
    ("correlation", 0.3, None, None, "judgement of the pricing desk"),
    ("capex", 1.0, 0.93, 1.09, "quotes of two suppliers"),
    ("delay", 0.4, 0.0, 1.2, "the last five halls, in quarters"),
    ("opex", 1.0, 0.94, 1.07, "contracts for power and space"),
    ("tax_rate", 0.25, None, None, "statutory rate"),
    ("working_capital", 0.35, None, None, "books of the last year, share of a quarter's revenue"),
    ("finance_rate", 0.06, None, None, "treasury"),
    ("reinvestment_rate", 0.06, None, None, "treasury"),
)


def write_programme(
    draft: Draft, pools: Mapping[str, Pool], tranches: tuple[Tranche, ...], erosion: float
) -> list[Path]:
    """Write the programme, its drivers, the plan of other segments, and the asset register."""
    return [
        _vintages(draft, pools, tranches),
        _drivers(draft, erosion),
        _others(draft, pools),
        _assets(draft, pools),
    ]


def _vintages(draft: Draft, pools: Mapping[str, Pool], tranches: tuple[Tranche, ...]) -> Path:
    span, rows = draft.span, []
    stated = span.as_of - _STATED
    for pool in pools.values():
        for hall in pool.halls:
            live = span.live_from(hall.months_live)
            budget = hall.gpus * draft.terms.capex(pool)
            head = (PROGRAMME, hall.asset, pool.region.upper(), pool.accelerator.name, add_months(live, -_LEAD))
            terms = (_LEAD, draft.terms.life_months, 0, "yes", stated)
            rows.append((*head, hall.gpus, f"{budget:.2f}", pool.currency, *terms))
    waiting = next(pool for pool in pools.values() if ORDERED.asset.startswith(pool.code))
    live = span.live_from(ORDERED.months_live)
    budget = ORDERED.gpus * draft.terms.capex(waiting)
    head = (PROGRAMME, ORDERED.asset, waiting.region.upper(), waiting.accelerator.name, add_months(live, -_LEAD))
    rows.append(
        (*head, ORDERED.gpus, f"{budget:.2f}", waiting.currency, _LEAD, draft.terms.life_months, 0, "yes", stated)
    )
    for one in tranches:
        pool = pools[one.pool]
        commit = span.as_of + timedelta(weeks=one.weeks)
        head = (PROGRAMME, one.name, pool.region.upper(), pool.accelerator.name, commit)
        terms = (one.lead_months, draft.terms.life_months, 2, "no", stated)
        rows.append((*head, one.gpus, f"{one.gpus * draft.terms.capex(pool):.2f}", pool.currency, *terms))
    return write_csv(draft.data / "programme.csv", VINTAGES, rows)


def _drivers(draft: Draft, erosion: float) -> Path:
    stated = draft.span.as_of - _STATED
    eroding = ("price_erosion", erosion, round(erosion - 0.02, 4), round(erosion + 0.02, 4), "the last eight quarters")
    rows = [
        (PROGRAMME, name, value, "" if low is None else low, "" if high is None else high, source, stated)
        for name, value, low, high, source in (eroding, *_ASSUMED)
    ]
    return write_csv(draft.data / "drivers.csv", DRIVERS, rows)


def _others(draft: Draft, pools: Mapping[str, Pool]) -> Path:
    """Write a trading business that grows slowly and pays for the rest."""
    size = sum(pool.gpus for pool in pools.values()) * 30_000.0
    first = month_of(draft.span.as_of)
    rows = []
    for at in range(_QUARTERS):
        revenue = size * 1.01**at
        figures = (f"{revenue * share:.2f}" for share in (1.0, 0.14, 0.04, 0.045))
        rows.append(("trading", add_months(first, 3 * at), *figures, RMB, draft.span.as_of - _STATED))
    return write_csv(draft.data / "other_segments.csv", OTHERS, rows)


def _assets(draft: Draft, pools: Mapping[str, Pool]) -> Path:
    rows = []
    for pool in pools.values():
        for hall in pool.halls:
            cost = f"{hall.gpus * draft.terms.capex(pool):.2f}"
            place = (hall.asset, pool.region.upper(), pool.accelerator.name)
            live = draft.span.live_from(hall.months_live)
            rows.append((*place, cost, pool.currency, live, draft.terms.life_months, "straight_line", ""))
    return write_csv(draft.data / "asset_register.csv", ASSETS, rows)
