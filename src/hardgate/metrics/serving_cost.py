"""What serving some usage costs, in layers: inference, orchestration by part, storage, and the share of idleness.

On our own pools tokens become GPU-hours by measured throughput, and GPU-hours cost what the pool's rate says; hosted
models cost their dated price by kind of token. What a call needs beside its model is priced where a price of that kind
is stated: a count without a price, or a price without a count, leaves the cost unknown, and what has neither is named.
A model with neither throughput nor price is unknown by its name. Wrong when throughput was measured at another batch
size than the service runs at.

A fallback is one of the same sort: cached and cache-writing tokens at the price or speed of input where none is stated,
reasoning at that of output.

>>> speeds = {"input": 4000.0, "output": 500.0}
>>> [round(one, 9) for one in per_kind(speeds) or ()]
[4000.0, 500.0, 4000.0, 4000.0, 500.0]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.ai_usage import BESIDE, KINDS, Floats, Mask, Usage
from hardgate.metrics.columns import absent, amounts, cells, dates
from hardgate.metrics.gpu_hour import PLACE, Rate
from hardgate.metrics.reporting_currency import convert

ORCHESTRATION = "orchestration"
"""The model name under which prices of what is no model's stand, and what was done beside calls of models."""
FALLBACK = {"cache_read": "input", "cache_write": "input", "reasoning": "output"}


@dataclass(frozen=True, slots=True)
class Resources:
    """What each row of usage takes: GPU-hours of its pool, hosted models in money, and the rest in money by part.

    NaN where it is not known; `gaps` say why. `neither` names parts that are neither counted nor priced.
    """

    gpu_hours: Floats
    hosted: Floats
    beside: Floats
    retried: Floats
    gaps: tuple[tuple[int, str], ...]
    neither: tuple[str, ...]
    per_token: tuple[tuple[Floats | None, bool], ...]
    """What one token of each kind takes in each row, and whether that is GPU-hours (else money)."""

    def gaps_of(self, mask: Mask) -> tuple[str, ...]:
        """Return what is missing for some rows, each once."""
        return tuple(sorted({why for row, why in self.gaps if mask[row]}))


@dataclass(frozen=True, slots=True)
class Layers:
    """The cost of some usage by layer, and its whole between the ends of the productive share; reporting currency."""

    gpu_hours: float
    inference: float
    orchestration: Mapping[str, float]
    storage: float
    idle: float
    low: float
    high: float

    @property
    def total(self) -> float:
        """The whole."""
        return self.inference + sum(self.orchestration.values()) + self.storage + self.idle


def resources(evidence: Evidence, usage: Usage) -> Resources:
    """Return what every row takes."""
    prices, speeds = Prices.of(evidence), Speeds.of(evidence)
    gpu_hours, hosted = np.zeros(usage.count), np.zeros(usage.count)
    gaps: list[tuple[int, str]] = []
    each: list[tuple[Floats | None, bool]] = []
    made: dict[tuple[object, ...], tuple[Floats | None, bool, str]] = {}
    for i in range(usage.count):
        model, pool, card = (usage.texts[name][i] for name in ("model", "pool", "accelerator"))
        key = (model, pool is None, card, usage.price_from[i], usage.months[i])
        if key not in made:
            made[key] = _unit(prices, speeds, model, pool, card, usage.price_from[i], usage.months[i])
        unit, own, why = made[key]
        each.append((unit, own))
        taken = np.nan if unit is None else float(_sum(usage.tokens[i] * unit))
        (gpu_hours if own else hosted)[i] = taken
        if unit is None:
            gaps.append((i, why))
        elif np.isnan(taken):
            gaps.append((i, f"{model}: tokens are missing or do not add up to the provider's total"))
    beside, more, neither = _beside(prices, usage)
    gaps += more
    retried = np.clip(np.nan_to_num(usage.retries / np.maximum(usage.calls, 1.0)), 0.0, 1.0)
    return Resources(gpu_hours, hosted, beside, retried, tuple(gaps), neither, tuple(each))


def _beside(prices: "Prices", usage: Usage) -> tuple[Floats, list[tuple[int, str]], tuple[str, ...]]:
    """Return what calls need beside their models in money, by row and part; what is missing; and parts of neither."""
    found, gaps, neither = np.zeros((usage.count, len(BESIDE))), list[tuple[int, str]](), list[str]()
    months = {month: np.flatnonzero([one == month for one in usage.months]) for month in sorted(set(usage.months))}
    for part, (column, (kind, size, name)) in enumerate(BESIDE.items()):
        for month, rows in months.items():
            price, counts = prices.at(ORCHESTRATION, kind, month), usage.beside[rows, part]
            if price is not None:
                found[rows, part] = counts / size * price
                why = f"{kind} has a price and {column} are not counted in {month:%Y-%m}; bring them in usage_events"
                gaps += [(int(i), why) for i in rows[np.isnan(counts)]]
            elif np.isnan(counts).all():
                neither.append(name)
            else:
                used = ~(counts == 0)
                found[rows[used], part] = np.nan
                why = f"{column} are counted and no price of {kind} is known in {month:%Y-%m}; bring hosted_prices"
                gaps += [(int(i), why) for i in rows[used]]
    return found, gaps, tuple(dict.fromkeys(neither))


def layers(usage: Usage, taken: Resources, rates: Mapping[str, Rate], mask: Mask) -> Layers:
    """Return the cost of some rows, all of whose pools have a rate and none of whose resources is missing."""
    pools = [usage.texts["pool"][i] for i in np.flatnonzero(mask)]
    low, value, high, full = (
        np.array([0.0 if one is None else getattr(rates[one], end) for one in pools])
        for end in ("low", "value", "high", "used")
    )
    hours, hosted, again = taken.gpu_hours[mask], taken.hosted[mask], taken.retried[mask]
    beside = taken.beside[mask]
    names = [name for _, _, name in BESIDE.values()]
    parts = {name: float(beside[:, at].sum()) for at, name in enumerate(names) if name != "storage"}
    model = hours * full + hosted
    extra = float(beside.sum())
    return Layers(
        float(hours.sum()),
        float((model * (1 - again)).sum()),
        {"retries": float((model * again).sum()), **parts},
        float(beside[:, names.index("storage")].sum()),
        float((hours * (value - full)).sum()),
        float((hours * low + hosted).sum()) + extra,
        float((hours * high + hosted).sum()) + extra,
    )


def by_row(usage: Usage, taken: Resources, rates: Mapping[str, Rate], end: str = "value") -> Floats:
    """Return the cost of every row at one end of its rate; NaN where it is not known."""
    rate = np.array([_rate_of(rates, one, end) for one in usage.texts["pool"]], dtype=np.float64)
    found: Floats = taken.gpu_hours * rate + taken.hosted + taken.beside.sum(axis=1)
    return found


def _rate_of(rates: Mapping[str, Rate], pool: str | None, end: str) -> float:
    if pool is None:
        return 0.0
    return float(getattr(rates[pool], end)) if pool in rates else float("nan")


def places(usage: Usage) -> tuple[Scope, ...]:
    """Return the pools that served some usage, each with its region and accelerator type."""
    columns = (usage.texts[name] for name in PLACE)
    found = {one for one in zip(*columns, strict=True) if one[-1] is not None}
    named = [tuple((n, v) for n, v in zip(PLACE, one, strict=True) if v is not None) for one in found]
    return tuple(sorted(Scope(one) for one in named))


def _sum(values: Floats) -> float:
    return float(values.sum())


def _unit(  # noqa: PLR0913  what a price or a speed depends on
    prices: "Prices",
    speeds: "Speeds",
    model: str | None,
    pool: str | None,
    card: str | None,
    since: date | None,
    month: date,
) -> tuple[Floats | None, bool, str]:
    """Return GPU-hours or money of one token of each kind, whether it is GPU-hours, and what is missing."""
    if model == ORCHESTRATION and pool is None:
        return np.zeros(len(KINDS)), False, ""
    if pool is not None:
        found = per_kind(speeds.of_model(model or "", card or "", month))
        why = f"no throughput of model {model!r} on {card}; bring throughputs"
        return (None if found is None else 1 / (np.array(found) * 3600), True, why)
    stated = {kind: prices.at(model or "", kind, since) for kind in KINDS} if since is not None else {}
    money = per_kind({kind: one for kind, one in stated.items() if one is not None})
    why = f"model {model!r} is unknown: served by no pool and without a price; bring hosted_prices, or its pool"
    return (None if money is None else np.array(money), False, why)


def per_kind(stated: Mapping[str, float]) -> tuple[float, ...] | None:
    """Return a number for every kind of token, else the fallback; None where input or output lack."""
    if "input" not in stated or "output" not in stated:
        return None
    return tuple(stated.get(kind, stated[FALLBACK.get(kind, kind)]) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one unit in the reporting currency, by model and kind, with their first and last days."""

    found: Mapping[tuple[str, str], tuple[tuple[date, date | None, float], ...]]

    @classmethod
    def of(cls, evidence: Evidence) -> "Prices":
        """Read what is known of hosted prices; one without a currency or a rate is left out and so unknown."""
        rows = evidence.rows("hosted_price", EVERYTHING)
        found: dict[tuple[str, str], list[tuple[date, date | None, float]]] = {}
        columns = (cells(rows, "model"), cells(rows, "kind"), dates(rows, "day"), dates(rows, "valid_to"))
        money = zip(amounts(rows, "price"), cells(rows, "currency"), cells(rows, "per"), strict=True)
        for (model, kind, day, last), (price, currency, per) in zip(zip(*columns, strict=True), money, strict=True):
            if day is not None and per and not absent(per):
                worth = convert(evidence, [(price, currency, min(day, evidence.as_of))], "price").total
                if worth is not None:
                    found.setdefault((str(model), str(kind)), []).append((day, last, float(worth / Decimal(str(per)))))
        return cls({key: tuple(sorted(dated, key=lambda one: one[0])) for key, dated in found.items()})

    def at(self, model: str, kind: str, day: date | None) -> float | None:
        """Return the price of one unit on a day, or None."""
        known = [one for one in self.found.get((model, kind), ()) if day is not None and one[0] <= day]
        if not known or (known[-1][1] is not None and day is not None and known[-1][1] <= day):
            return None
        return known[-1][2]


@dataclass(frozen=True, slots=True)
class Speeds:
    """Tokens per second by model, accelerator type and kind, with the first day on which each holds."""

    found: Mapping[tuple[str, str], tuple[tuple[date, str, float], ...]]

    @classmethod
    def of(cls, evidence: Evidence) -> "Speeds":
        """Read what was measured."""
        rows = evidence.rows("throughput", EVERYTHING)
        found: dict[tuple[str, str], list[tuple[date, str, float]]] = {}
        names = ("model", "accelerator", "kind", "tokens_per_second")
        for (model, card, kind, speed), day in zip(
            zip(*(cells(rows, name) for name in names), strict=True), dates(rows, "day"), strict=True
        ):
            if day is not None and not absent(speed) and float(speed) > 0:
                found.setdefault((str(model), str(card)), []).append((day, str(kind), float(speed)))
        return cls({key: tuple(sorted(dated)) for key, dated in found.items()})

    def of_model(self, model: str, card: str, month: date) -> dict[str, float]:
        """Return the last speeds measured up to the end of a month; an earlier month has the first ones."""
        dated = self.found.get((model, card), ())
        known: dict[str, float] = {}
        for day, kind, speed in dated:
            if day.replace(day=1) <= month or kind not in known:
                known[kind] = speed
        return known
