"""What serving some usage costs, in layers: inference, orchestration by part, storage, and the share of idleness.

On our own pools tokens become GPU-hours by measured throughput, and GPU-hours cost what the pool's rate says; hosted
models cost their provider's dated price by kind of token, by call, or both. What a call needs beside its model is
priced where a price of that kind is stated: a count without a price, or a price without a count, leaves the cost
unknown, and what has neither is named. A model with neither throughput nor price is unknown by its name, and so is one
that only others than its provider price. Wrong when throughput was measured at another batch
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
    made: dict[tuple[object, ...], Each] = {}
    for i in range(usage.count):
        seller, model, pool, card = (usage.texts[name][i] for name in ("provider", "model", "pool", "accelerator"))
        key = (seller, model, pool is None, card, usage.price_from[i], usage.months[i])
        if key not in made:
            made[key] = (
                _owned(speeds, model, card, usage.months[i])
                if pool is not None
                else _hosted(prices, seller, model, usage.price_from[i])
            )
        unit, call, why = made[key]
        own = pool is not None
        each.append((unit, own))
        taken = np.nan if unit is None else float(_sum(usage.tokens[i] * unit)) + float(usage.calls[i]) * call
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
            price, counts = prices.at(None, ORCHESTRATION, kind, month), usage.beside[rows, part]
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


Each = tuple[Floats | None, float, str]
"""What one token of each kind takes, what one call takes beside, and what is missing."""


def _owned(speeds: "Speeds", model: str | None, card: str | None, month: date) -> Each:
    """Return the GPU-hours of one token of each kind."""
    found = per_kind(speeds.of_model(model or "", card or "", month))
    why = f"no throughput of model {model!r} on {card}; bring throughputs"
    return (None if found is None else 1 / (np.array(found) * 3600), 0.0, why)


def _hosted(prices: "Prices", provider: str | None, model: str | None, since: date | None) -> Each:
    """Return the money of one token of each kind and of one call; a model priced by the call has no price of tokens."""
    if model == ORCHESTRATION:
        return np.zeros(len(KINDS)), 0.0, ""
    stated = {kind: prices.at(provider, model or "", kind, since) for kind in (*KINDS, "call")}
    call = stated.pop("call")
    tokens = {kind: one for kind, one in stated.items() if one is not None}
    money = per_kind(tokens) if tokens or call is None else (0.0,) * len(KINDS)
    return None if money is None else np.array(money), call or 0.0, prices.lack(provider, model or "")


def per_kind(stated: Mapping[str, float]) -> tuple[float, ...] | None:
    """Return a number for every kind of token, else the fallback; None where input or output lack."""
    if "input" not in stated or "output" not in stated:
        return None
    return tuple(stated.get(kind, stated[FALLBACK.get(kind, kind)]) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one unit in the reporting currency, by provider, model and kind, with their first and last days."""

    found: Mapping[tuple[str, str, str], tuple[tuple[date, date | None, float], ...]]

    @classmethod
    def of(cls, evidence: Evidence) -> "Prices":
        """Read what is known of hosted prices; one without a currency or a rate is left out and so unknown."""
        rows = evidence.rows("hosted_price", EVERYTHING)
        found: dict[tuple[str, str, str], list[tuple[date, date | None, float]]] = {}
        names = zip(*(cells(rows, name) for name in ("provider", "model", "kind")), strict=True)
        money = zip(amounts(rows, "price"), cells(rows, "currency"), cells(rows, "per"), strict=True)
        days = zip(dates(rows, "day"), dates(rows, "valid_to"), strict=True)
        for (provider, model, kind), (day, last), (price, currency, per) in zip(names, days, money, strict=True):
            if day is not None and per and not absent(per):
                worth = convert(evidence, [(price, currency, min(day, evidence.as_of))], "price").total
                if worth is not None:
                    key = (_seller(provider), str(model), str(kind))
                    found.setdefault(key, []).append((day, last, float(worth / Decimal(str(per)))))
        return cls({key: tuple(sorted(dated, key=lambda one: one[0])) for key, dated in found.items()})

    def at(self, provider: str | None, model: str, kind: str, day: date | None) -> float | None:
        """Return the price of one unit on a day, or None: the provider's, else any's; without one, the only one."""
        if day is None:
            return None
        sellers = (_seller(provider), "") if provider else ("", *self.sellers(model))
        found: dict[str, float] = {}
        for seller in sellers:
            known = [one for one in self.found.get((seller, model, kind), ()) if one[0] <= day]
            if known and (known[-1][1] is None or known[-1][1] > day):
                found.setdefault(seller, known[-1][2])
        if provider or "" in found:
            return next(iter(found.values()), None)
        return next(iter(found.values())) if len(found) == 1 else None

    def sellers(self, model: str) -> tuple[str, ...]:
        """Return who prices a model; an empty name is a price of any provider."""
        return tuple(sorted({seller for seller, one, _ in self.found if one == model}))

    def lack(self, provider: str | None, model: str) -> str:
        """Say what is missing for a model that has no price."""
        sellers = self.sellers(model)
        if not sellers:
            return (
                f"model {model!r} is unknown: served by no pool and without a price; bring hosted_prices, or its pool"
            )
        if provider is None and len(sellers) > 1:
            return f"model {model!r} has prices of {', '.join(sellers)}; bring provider in usage_events"
        of = f" of {provider}" if provider else ""
        have = ", ".join(one or "any provider" for one in sellers)
        return (
            f"no price of input and output, nor of a call, of model {model!r}{of} then (prices are of {have});"
            " bring hosted_prices"
        )


def _seller(name: object) -> str:
    """Return a provider's name as it is compared; nothing for none."""
    return "" if absent(name) else str(name).strip().lower()


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
