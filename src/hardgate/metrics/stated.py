"""Published figures as they were stated: scaled to whole units, with the document and place of each.

A unit such as `RMB mn` says currency and scale. A unit that is not understood, and one that contradicts the column of
currencies, leaves the figure out and is told. Wrong where "m" means thousands.

>>> unit_of("RMB mn", None)
Unit(kind='money', currency='RMB', factor=Decimal('1000000'))
>>> unit_of("RMB mn", "USD"), unit_of("pounds of sugar", None)
(None, None)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from hardgate.core.terms import Evidence, Rows, Scope, Status
from hardgate.metrics.columns import amounts, cells, dates, taken

WHOLE = "consolidated"
_UNIT = re.compile(
    r"([A-Z]{3}|US\$|HK\$|\$)?\s*(currency|thousands?|k|mn|m|millions?|bn|billions?|tn|trillions?)?", re.IGNORECASE
)
_SCALES = {"t": 10**3, "k": 10**3, "m": 10**6, "b": 10**9}
_NAMES = {"US$": "USD", "HK$": "HKD", "$": "USD", "CNY": "RMB"}
_KINDS = {
    "ratio": ("ratio", "1"), "share": ("ratio", "1"), "%": ("ratio", "0.01"), "percent": ("ratio", "0.01"),
    "x": ("ratio", "1"), "shares": ("count", "1"), "count": ("count", "1"),
}  # fmt: skip
METHODS = ("reported", "rounded", "secondary", "derived")
"""How a figure was come by, the best first."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What kind of figure it is, in which currency, and what to multiply it by."""

    kind: str
    currency: str | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure as one document states it; `rounding` is its last printed place."""

    company: str
    measure: str
    concept: str
    segment: str
    start: date | None
    end: date
    value: Decimal
    kind: str
    currency: str | None
    denominator: str
    definition: str
    method: str
    rounding: Decimal
    document: str
    place: str
    filed: date
    form: str

    @property
    def cited(self) -> str:
        """Where it stands."""
        return ", ".join(part for part in (self.document, self.place, f"known {self.filed}") if part)

    @property
    def status(self) -> Status:
        """How good it is."""
        return Status.DERIVED if self.method == "derived" else Status.REPORTED


def unit_of(unit: str | None, currency: str | None) -> Unit | None:
    """Return what a unit says; None where it is not understood, or contradicts the currency beside it."""
    said = (unit or "").strip()
    if said.lower() in _KINDS:
        kind, factor = _KINDS[said.lower()]
        return Unit(kind, None, Decimal(factor))
    per_share = re.search(r"\bper (share|ads)$", said, re.IGNORECASE)
    match = _UNIT.fullmatch(said[: per_share.start()].strip() if per_share else said)
    if match is None or not said:
        return None
    own = _named(match[1])
    if own is not None and currency is not None and own != _named(currency):
        return None
    found, words = own or _named(currency), (match[2] or "currency").lower()
    factor_ = Decimal(10**12 if words.startswith("tr") or words == "tn" else _SCALES.get(words[0], 1))
    return None if found is None else Unit("per share" if per_share else "money", found, factor_)


def _named(currency: str | None) -> str | None:
    return None if not currency else _NAMES.get(currency.upper(), currency.upper())


def read(evidence: Evidence, company: str, measures: Sequence[str] = ()) -> tuple[list[Stated], list[str]]:
    """Return what documents state of a company's measures (all where none are named), and what was left out and why."""
    rows = evidence.rows("published", Scope.of(company=company))
    if measures and rows.count:
        rows = taken(rows, np.isin(np.asarray(cells(rows, "measure"), dtype=object).astype(str), list(measures)))
    found: list[Stated] = []
    left_out: list[str] = []
    columns = _columns(rows)
    for at in range(rows.count):
        one = _stated({name: values[at] for name, values in columns.items()})
        if isinstance(one, Stated):
            found.append(one)
        else:
            left_out.append(one)
    return sorted(found, key=_order), sorted(set(left_out))


def companies(evidence: Evidence) -> tuple[str, ...]:
    """Return the companies of which anything is published."""
    return tuple(sorted({str(one) for one in cells(evidence.rows("published"), "company") if one is not None}))


def _order(one: Stated) -> tuple[object, ...]:
    return (one.end, one.start or date.min, one.filed, one.measure, one.segment, one.concept, one.document, one.value,
            one.currency or "", one.method)  # fmt: skip


_TEXTS = (
    "company", "measure", "concept", "segment", "unit", "currency", "denominator", "definition", "method", "document",
    "table_name", "row_name", "column_name", "form",
)  # fmt: skip


def _columns(rows: Rows) -> dict[str, Sequence[object]]:
    texts = {name: cells(rows, name) for name in _TEXTS}
    days = {name: dates(rows, name) for name in ("day", "period_start", "filed")}
    return {**texts, **days, **{name: amounts(rows, name) for name in ("value", "rounding")}}


def _stated(row: dict[str, object]) -> Stated | str:
    """Return a row as a figure, or why it is left out."""

    def text(name: str) -> str:
        return str(row[name]) if row[name] is not None else ""

    end, value, filed, start, rounding = (row[name] for name in ("day", "value", "filed", "period_start", "rounding"))
    unit = unit_of(text("unit"), text("currency") or None)
    where = f"{text('company')} {text('concept')} of {end}"
    if not isinstance(end, date) or not isinstance(value, Decimal) or not text("company") or not text("measure"):
        return f"{where}: no company, measure, day or value"
    if unit is None:
        said = f"unit {text('unit')!r} with currency {text('currency')!r}"
        return f"{where}: {said} is not understood or names two currencies; write RMB mn, USD bn, ratio or %"
    method = text("method").split(":")[0].split(" ")[0].lower() or "reported"
    if method not in METHODS:
        return f"{where}: method {text('method')!r} is none of {', '.join(METHODS)}"
    place = ", ".join(part for part in (text("table_name"), text("row_name"), text("column_name")) if part)
    return Stated(
        text("company"), text("measure"), text("concept"), text("segment") or WHOLE,
        start if isinstance(start, date) else None, end, value * unit.factor, unit.kind, unit.currency,
        text("denominator"), text("definition"), method,
        rounding * unit.factor if isinstance(rounding, Decimal) else Decimal(0), text("document"), place,
        filed if isinstance(filed, date) else end, text("form"),
    )  # fmt: skip
