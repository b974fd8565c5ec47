"""The contract ledger: what customers have committed to, in the pools that are live and in the tranches to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import CUSTOMERS, Customer, Pool, Tranche

HEAD = (
    "contract_no", "customer_id", "site", "card", "pledged_to", "signed", "service_from", "service_to", "value",
    "gpu_hours", "ccy", "take_or_pay", "exit", "may_move", "grade", "ramp_m", "rpo", "backlog",
)  # fmt: skip

HOURS_A_MONTH = 730.5
UNSOUND = "C"
"""The grade of customers who may leave at will."""

_EXITS = {"A": "none", "B": "penalty", UNSOUND: "convenience"}
_LIVE_SHARE, _LIVE_MONTHS = 0.12, 36
_SOLD = 0.88
"""Share of a tranche's hours that is committed before it is bought."""

_NAMES = 6
_TERM_MONTHS = 48
_BELOW_LIST = 0.97


@dataclass(frozen=True, slots=True)
class Contract:
    """One commitment; `left` is the share of its term that is still to be served."""

    customer: Customer
    pool: Pool
    pledged: str
    signed: date
    start: date
    months: int
    hours: float
    left: float


def write_contracts(
    draft: Draft, pools: Mapping[str, Pool], tranches: tuple[Tranche, ...], largest: Mapping[str, float]
) -> Path:
    """Write the contracts; `largest` is the share of one customer in what is committed to a pool's tranche."""
    made = [row for pool in pools.values() for row in _live(draft, pool)]
    for tranche in tranches:
        made.extend(_pledged(draft, tranche, pools[tranche.pool], largest.get(tranche.pool, 0.0)))
    rows = (_row(draft, f"C-{one.signed.year}-{at:04d}", one) for at, one in enumerate(made, start=1))
    return write_csv(draft.data / "contracts.csv", HEAD, rows)


def shares(largest: float, random: np.random.Generator) -> list[float]:
    """Return the shares of the customers of one tranche; without a largest one they are nearly equal."""
    even = np.clip(random.normal(1.0, 0.06, _NAMES), 0.85, 1.15)
    if not largest:
        return [float(one) for one in even / even.sum()]
    rest = even[1:] / even[1:].sum() * (1 - largest)
    return [largest, *map(float, rest)]


def _pledged(draft: Draft, tranche: Tranche, pool: Pool, largest: float) -> list[Contract]:
    """Return the contracts that are pledged to one tranche."""
    random = draft.draws("contracts", tranche.name)
    hours = tranche.gpus * _SOLD * _TERM_MONTHS * HOURS_A_MONTH
    able = [customer for customer in CUSTOMERS if customer.grade != UNSOUND]
    chosen = [able[at] for at in random.permutation(len(able))[:_NAMES]]
    return [
        Contract(
            customer,
            pool,
            pledged=tranche.name,
            signed=draft.span.as_of - timedelta(days=int(random.integers(45, 150))),
            start=live_date(tranche, draft.span),
            months=_TERM_MONTHS,
            hours=hours * share,
            left=1.0,
        )
        for customer, share in zip(chosen, shares(largest, random), strict=True)
    ]


def _live(draft: Draft, pool: Pool) -> list[Contract]:
    """Return the contracts that the live halls of a pool serve, pledged to them."""
    random, as_of = draft.draws("contracts", pool.name), draft.span.as_of
    made = []
    for at in random.permutation(len(CUSTOMERS))[:4].tolist():
        start = add_months(as_of, -int(random.integers(4, 18)))
        made.append(
            Contract(
                CUSTOMERS[at],
                pool,
                pledged=f"{pool.name}-live",
                signed=start - timedelta(days=int(random.integers(20, 60))),
                start=start,
                months=_LIVE_MONTHS,
                hours=pool.available * _LIVE_SHARE * _LIVE_MONTHS * HOURS_A_MONTH,
                left=1 - (as_of - start).days / (365.25 / 12) / _LIVE_MONTHS,
            )
        )
    return made


def _row(draft: Draft, number: str, one: Contract) -> tuple[object, ...]:
    price = one.pool.accelerator.price_per_hour * _BELOW_LIST * (1 - one.customer.discount / 2)
    value = draft.terms.in_currency(one.pool, one.hours * price)
    firm = one.customer.grade != UNSOUND
    return (
        number,
        one.customer.account,
        one.pool.region.upper(),
        one.pool.accelerator.name,
        one.pledged,
        one.signed,
        one.start,
        add_months(one.start, one.months),
        f"{value:.2f}",
        f"{one.hours:.1f}",
        one.pool.currency,
        "yes" if firm else "no",
        _EXITS[one.customer.grade],
        "no",
        one.customer.grade,
        0,
        f"{value * one.left if firm else 0:.2f}",
        f"{value * one.left:.2f}",
    )


def live_date(tranche: Tranche, span: Span) -> date:
    """Return the first day of load of a tranche that is committed in time."""
    return add_months(span.as_of + timedelta(weeks=tranche.weeks), tranche.lead_months)
