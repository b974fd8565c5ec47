"""What else the capital of a tranche could do: wait a quarter, go to another pool, or be left alone and GPUs leased.

Each option is worth what its GPUs earn on what demand uses of them, less owning or leasing them, at the hurdle rate,
on the same draws; every option but going now pays the cancel fee that is due today. The same amount buys what it buys
elsewhere at that pool's price, and that pool's own open tranches are taken as built. Pools that lack a figure are named
and left out. Wrong when those tranches are turned down: then the pool has more room than here.

Source: METHODS 13; Rockafellar & Uryasev 2000.

>>> QUARTER, SEED
(3, 20)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, exp, log
from typing import TYPE_CHECKING

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Reading, Scope
from hardgate.metrics.cancel_share import curve, fee_on
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.capacity_position import position_on
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.economic_trigger import horizon
from hardgate.metrics.ownership_cost import life_months, owned, price_per_gpu
from hardgate.metrics.planned import Planned, meant, tranches
from hardgate.metrics.tranche_margin import margin
from hardgate.metrics.volatility import metric as volatility

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.shift import Option

QUARTER, DRAWS, SEED = 3, 2048, 20
LEASE_MONTHS, LEASE_LEAD = 12, 1
DECADE = 120
PLACE = ("region", "accelerator", "pool")
GO = "go now"
INPUTS = (demand, demand_growth, volatility)
CORNERS = ("value", "low", "high")
Terms = dict[str, float | int | str]
"""One option as plain numbers: what its model is kept under."""


@dataclass(frozen=True, slots=True)
class Worth:
    """One option: its mean value, that less going now, its error, how often it beats going, its worst draws."""

    name: str
    gpus: float
    fee: float
    value: float
    gain: float
    gain_error: float
    beats: float
    tail: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, slots=True)
class Options:
    """What may be done with the capital of one tranche; `missing` says why nothing can be compared."""

    planned: Planned | None
    amount: float = 0.0
    worths: tuple[Worth, ...] = ()
    left_out: tuple[str, ...] = ()
    inputs: tuple[Reading, ...] = ()
    missing: str = ""

    @property
    def alternatives(self) -> tuple[Worth, ...]:
        """All but going now."""
        return tuple(one for one in self.worths if one.name != GO)


@dataclass(frozen=True, slots=True)
class Going:
    """Ordering one tranche now: its plain numbers by corner, its amount, what it was read from; or what is missing."""

    planned: Planned | None
    amount: float = 0.0
    corners: tuple[Terms, ...] = ()
    inputs: tuple[Reading, ...] = ()
    missing: str = ""
    months: int = 0
    discount: float = 0.0

    @property
    def terms(self) -> dict[str, float | int | str]:
        """Ordering now, with the months that count and the discount rate."""
        return {**self.corners[0], "months": self.months, "discount": self.discount}


def going(evidence: Evidence, scope: Scope, window: Window) -> Going:
    """Return what ordering the tranche that a scope means rests on, at the hurdle rate."""
    planned, hurdle = meant(evidence, scope), evidence.assumption("hurdle_rate", scope)
    if planned is None:
        return Going(None, missing=f"no tranche in {scope}; bring capacity_plan, or an ask with gpus")
    price = price_per_gpu(evidence, planned, evidence.as_of)
    if hurdle is None or not price:
        lack = "hurdle_rate" if hurdle is None else "amount"
        return Going(planned, missing=f"no {lack} of {planned.tranche}; bring it in capacity_plan or assumptions")
    inputs = (
        *_economics(evidence, scope, window),
        evidence.reading(capacity_position, scope, window),
        owned(evidence, scope, window, planned, hurdle.value),
    )
    lacking = [one for one in inputs if one.value is None or one.low is None or one.high is None]
    if lacking:
        why = "; ".join(f"{one.metric}: {one.because or 'no interval'}" for one in lacking)
        return Going(planned, inputs=inputs, missing=why)
    months = horizon(planned.lead_months, life_months(evidence, scope))
    corners = tuple(_here(inputs, planned, corner) for corner in CORNERS)
    return Going(planned, price * planned.gpus, corners, inputs, "", months, log(1 + hurdle.value))


def options(evidence: Evidence, scope: Scope, window: Window) -> Options:
    """Return what the capital of the tranche that a scope means could do, and what each is worth."""
    now = going(evidence, scope, window)
    if now.missing or now.planned is None:
        return Options(now.planned, inputs=now.inputs, missing=now.missing)
    planned, fee = now.planned, fee_on(curve(evidence, now.planned), evidence.as_of)
    if fee is None:
        lack = f"no cancel fee of {planned.tranche} in force today; bring cancel_fees"
        return Options(planned, inputs=now.inputs, missing=lack)
    away, left_out = _elsewhere(evidence, scope, window, now)
    ways = [
        _ways(evidence, scope, here, float(fee), [one[corner] for one in away])
        for here, corner in zip(now.corners, CORNERS, strict=True)
    ]
    found = evidence.kept(
        "shift", [ways, now.months, now.discount, DRAWS, SEED], lambda: _drawn(ways, now.months, now.discount)
    )
    if evidence.assumption("lease_per_gpu_month", scope) is None:
        left_out = (*left_out, "lease: set lease_per_gpu_month under assumptions")
    return Options(planned, now.amount, tuple(Worth(**one) for one in found), left_out, now.inputs)


def _economics(evidence: Evidence, place: Scope, window: Window) -> list[Reading]:
    """Return demand, its growth and volatility, and what a GPU-month more would earn."""
    return [*(evidence.reading(one, place, window) for one in INPUTS), margin(evidence, place, window)]


def _here(inputs: Sequence[Reading], planned: Planned, corner: str) -> Terms:
    """Return going now as plain numbers; at a corner demand and margin stand at that end of their intervals."""
    asked, growth, moves, earned, position, own = inputs
    return {
        "name": GO, "demand": getattr(asked, corner), "growth": growth.value or 0.0, "volatility": moves.value or 0.0,
        "position": position.value or 0.0, "size": planned.gpus, "live": round(planned.lead_months),
        "gain": getattr(earned, corner), "own": own.value or 0.0, "fee": 0.0, "term": 0,
    }  # fmt: skip


def _ways(evidence: Evidence, scope: Scope, here: Terms, fee: float, away: list[Terms]) -> list[Terms]:
    """Return going now and what else there is, at one corner."""
    later: Terms = {**here, "name": "delay a quarter", "live": int(here["live"]) + QUARTER, "fee": fee}
    found = [here, later, *({**one, "fee": fee} for one in away)]
    price = evidence.assumption("lease_per_gpu_month", scope)
    if price is not None:
        term, lead = (evidence.assumption(name, scope) for name in ("lease_months", "lease_lead_months"))
        leased: Terms = {
            **here, "name": "lease instead", "own": price.value, "fee": fee,
            "term": int(term.value) if term else LEASE_MONTHS, "live": round(lead.value) if lead else LEASE_LEAD,
        }  # fmt: skip
        found.append(leased)
    return found


def _elsewhere(
    evidence: Evidence, scope: Scope, window: Window, now: Going
) -> tuple[list[dict[str, Terms]], tuple[str, ...]]:
    """Return the pools that share the region or the accelerator, by corner, and those that lack a figure."""
    mine, planned = scope.as_mapping(), now.planned
    found, lacking = [], []
    for place in evidence.scopes(PLACE) if planned else ():
        other = place.as_mapping()
        near = other["region"] == mine.get("region") or other["accelerator"] == mine.get("accelerator")
        if planned is None or not near or other["pool"] == (planned.pool or mine.get("pool")):
            continue
        bought = _bought(evidence, place, planned, now.amount, same=other["accelerator"] == mine.get("accelerator"))
        if bought is None:
            lacking.append(f"move to {place}: no price of a GPU there; bring a tranche or capex in capacity")
            continue
        inputs = _economics(evidence, place, window)
        there = _with_open_tranches(evidence, place, position_on(evidence, place, window, planned.live_date))
        inputs += [there, owned(evidence, place, window, bought, exp(now.discount) - 1)]
        unknown = [one.metric for one in inputs if one.value is None or one.low is None or one.high is None]
        if unknown:
            lacking.append(f"move to {place}: {', '.join(unknown)} not known")
            continue
        moved = replace(bought, commit_date=planned.commit_date, live_date=planned.live_date)
        found.append({c: {**_here(inputs, moved, c), "name": f"move to {place}"} for c in CORNERS})
    return found, tuple(lacking)


def _with_open_tranches(evidence: Evidence, place: Scope, position: Reading) -> Reading:
    """Return the position of a pool with all of its open tranches taken as built."""
    if position.value is None:
        return position
    counted = dict(position.facts).get("planned_before_gpus", 0.0)
    open_ = sum(one.gpus for one in tranches(evidence, place) if one.commit_date >= evidence.as_of)
    held = position.value - counted + open_
    return replace(position, value=held, low=held, high=held)


def _bought(evidence: Evidence, place: Scope, planned: Planned, money: float, *, same: bool) -> Planned | None:
    """Return the tranche that the same amount would be in another pool; None where a GPU has no price there."""
    if same:
        return planned
    other = meant(evidence, place)
    there = None if other is None else price_per_gpu(evidence, other, evidence.as_of)
    there = there or next(_paid(evidence, place), None)
    if not there:
        return None
    amount = Decimal(str(money))
    return replace(planned, gpus=round(money / there, 4), amount=amount, currency=evidence.currency)


def _paid(evidence: Evidence, place: Scope) -> Iterator[float]:
    """Yield what a GPU of a pool's inventory cost, newest first, in the reporting currency."""
    from hardgate.metrics.columns import cells, dates
    from hardgate.metrics.reporting_currency import convert

    rows = evidence.rows("inventory", place)
    columns = (dates(rows, "day"), cells(rows, "capex"), cells(rows, "gpus"), cells(rows, "currency"))
    known = [(day, *rest) for day, *rest in zip(*columns, strict=True) if day is not None and None not in rest[:2]]
    for _, capex, gpus, currency in sorted(known, key=lambda one: one[0], reverse=True):
        total = convert(evidence, [(Decimal(str(capex)), currency, evidence.as_of)], "capex").total
        if total is not None:
            yield float(total) / float(gpus)


def _drawn(ways: list[list[Terms]], months: int, discount: float) -> list[dict[str, float | str]]:
    """Return what every option is worth on the same draws, and at the corners of demand and margin."""
    from hardgate.models.shift import courses, tail_mean, worths

    walked = courses(_drawn_months(months), DRAWS, SEED)
    middle, *corners = ([_option(one) for one in way] for way in ways)
    values = worths(middle, months, discount, walked)
    gains = values - values[0]
    at_corners = [
        (worth - worth[0]).mean(axis=1) for worth in (worths(one, months, discount, walked) for one in corners)
    ]
    found: list[dict[str, float | str]] = []
    for i, one in enumerate(middle):
        spread = [float(gains[i].mean()), *(float(corner[i]) for corner in at_corners)]
        found.append({
            "name": one.name, "gpus": one.size, "fee": one.fee, "value": float(values[i].mean()), "gain": spread[0],
            "gain_error": float(gains[i].std() / DRAWS**0.5), "beats": float((gains[i] > 0).mean()),
            "tail": tail_mean(values[i], 0.95), "gain_low": min(spread), "gain_high": max(spread),
        })  # fmt: skip
    return found


def _drawn_months(months: int) -> int:
    """Return whole decades that hold the months, so that tranches of other lives see the same draws."""
    return ceil(months / DECADE) * DECADE


def on_draws(terms: Sequence[Mapping[str, float | int | str]]) -> list[list[float]]:
    """Return what ordering each of some tranches now is worth on each draw, all on the same draws."""
    from hardgate.models.shift import courses, worths

    walked = courses(_drawn_months(max(int(one["months"]) for one in terms)), DRAWS, SEED)
    each = (worths([_option(one)], int(one["months"]), float(one["discount"]), walked)[0] for one in terms)
    return [[float(value) for value in one] for one in each]


def _option(terms: Mapping[str, float | int | str]) -> "Option":
    """Return an option of the model from its plain numbers."""
    from hardgate.models.shift import Course, Option

    course = Course(*(float(terms[one]) for one in ("demand", "growth", "volatility")))
    money = {one: float(terms[one]) for one in ("gain", "own", "fee", "position", "size")}
    return Option(str(terms["name"]), course, live=int(terms["live"]), term=int(terms["term"]), **money)
