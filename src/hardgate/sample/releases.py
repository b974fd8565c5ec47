"""The quarterly releases of the operator's parent and two peers, as one table of figures: each with the year before.

Every release states a quarter beside the same one a year before, as releases do. One peer's cloud takes off in the last
quarter: what its growth then is, is planted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.core.days import add_months, month_of
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv

HEAD = ("issuer", "line", "from_day", "to_day", "amount", "in_unit", "release", "out_on")
RISING = "Harbour Compute"
_QUARTERS = 10
_OUT_DAYS = 42
_STEADY = 0.12
_NOISE = 0.003


@dataclass(frozen=True, slots=True)
class Issuer:
    """One company: what its lines were worth in the first quarter, in millions, and what share each is of revenue."""

    name: str
    unit: str
    revenue: float
    cloud: float
    profit: float
    capex: float
    cash: float


ISSUERS = (
    Issuer("Meridian Group", "RMB mn", 41_000, 0.22, 0.11, 0.13, 0.19),
    Issuer("Northfield Systems", "USD mn", 9_400, 0.31, 0.17, 0.16, 0.24),
    Issuer(RISING, "USD mn", 5_200, 0.55, 0.08, 0.29, 0.21),
)
"""The parent of the sample's operator, and two peers."""


def write_releases(draft: Draft, growth: float) -> Path:
    """Write the figures of every release; `growth` is the rising peer's in its last quarter, 0 as before."""
    rows = [row for issuer in ISSUERS for row in _of(draft, issuer, growth if issuer.name == RISING else 0.0)]
    return write_csv(draft.data / "releases.csv", HEAD, rows)


def _of(draft: Draft, issuer: Issuer, growth: float) -> Iterator[tuple[object, ...]]:
    ends = quarters(draft.span.as_of)
    lines = _lines(draft.draws("releases", issuer.name), issuer, growth)
    for at in range(4, len(ends)):
        out = ends[at] + timedelta(days=_OUT_DAYS)
        for which in (at, at - 4):
            start = add_months(month_of(ends[which]), -2)
            for line, values in lines.items():
                yield (
                    issuer.name,
                    line,
                    start,
                    ends[which],
                    f"{values[which]:.0f}",
                    issuer.unit,
                    f"release {ends[at]}",
                    out,
                )


def _lines(random: np.random.Generator, issuer: Issuer, growth: float) -> dict[str, list[float]]:
    steps = (1 + _STEADY) ** (np.arange(_QUARTERS) / 4)
    noise = 1 + random.normal(0.0, _NOISE, (5, _QUARTERS))
    cloud = issuer.revenue * issuer.cloud * steps * noise[0]
    revenue = issuer.revenue * steps * noise[1]
    if growth:
        risen = cloud[-5] * (1 + growth)
        revenue[-1] += risen - cloud[-1]
        cloud[-1] = risen
    return {
        "cloud_revenue": cloud.tolist(),
        "revenue": revenue.tolist(),
        "operating_income": (revenue * issuer.profit * noise[2]).tolist(),
        "capex": (revenue * issuer.capex * noise[3]).tolist(),
        "operating_cash_flow": (revenue * issuer.cash * noise[4]).tolist(),
    }


def quarters(as_of: date) -> list[date]:
    """Return the last days of the quarters whose releases are out, oldest first.

    >>> quarters(date(2026, 9, 7))[-1], len(quarters(date(2026, 9, 7)))
    (datetime.date(2026, 6, 30), 10)

    """
    known = as_of - timedelta(days=_OUT_DAYS + 1)
    first = date(known.year, 3 * ((known.month - 1) // 3) + 1, 1)
    return [add_months(first, -3 * back) - timedelta(days=1) for back in range(_QUARTERS - 1, -1, -1)]
