"""A price or a deal stands only where it is at or above the floor of its unit.

The floor is computed: capital recovery, running cost and power of the GPU-hours that a unit takes, at the productive
share of what is installed, with hosted models, orchestration and storage; where a pool is full, what its hours would
earn elsewhere. The exhibit shows it at the productive share of installed GPU-hours that is measured, at the one that
is aimed for (today's where the pool is fuller already), and without idle hours. In a full pool none of the three is
below what its hours would earn elsewhere: whoever waits pays that for the next hour, however many others lie idle.
Wrong when a low price is meant to fill idle machines for a time: then the floor without idle hours is the one to look
at, with an end.

Source: METHODS 4; Short, Packey & Holt 1995 for levelized cost.

>>> gate.question, exhibit.question
('Is the price at or above its floor?', 'What must a unit be sold for, at the least?')
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.percent import percent
from hardgate.core.terms import Action, Cell, Condition, Evidence, Exhibit, Gate, Heading, Reading, Scope, Table
from hardgate.gates.judge import window_of
from hardgate.metrics.ai_usage import months_used
from hardgate.metrics.gpu_hour import PLACE, Rate, Share, by_design, productive_share, shadow_price
from hardgate.metrics.offers import UNITS, Offer, offers
from hardgate.metrics.plain_cost import PLAIN, plain_cost
from hardgate.metrics.price_floor import margin
from hardgate.metrics.price_floor import metric as price_floor
from hardgate.metrics.product_cost import Rates, Served, served
from hardgate.metrics.selling_price import metric as selling_price

WINDOW = "13w"


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under pricing.floor: nothing, since the floor is computed."""


gate = Gate(
    name="pricing.floor",
    question="Is the price at or above its floor?",
    opens=Action.SELL,
    per=("account", "product", "deal"),
    window=WINDOW,
    conditions=(Condition(selling_price, at_least=price_floor),),
    limits=Limits(),
    owner="pricing",
)

Row = tuple[Cell, ...]
PAIR = (selling_price, price_floor)


def build(evidence: Evidence) -> Table:
    """Build the floor of every product and open deal, and of a GPU-hour of every pool that serves them."""
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    listed = offers(evidence, evidence.as_of)
    if not listed:
        return Table("", missing="no product has a list price: bring price_list")
    rows: list[Row] = []
    notes: list[str] = []
    pools: set[Scope] = set()
    for product, one in listed.items():
        scope = Scope.of(product=product)
        if isinstance(one, str):
            notes.append(one)
            continue
        found = served(evidence, scope, end, by_design, billed=False)
        if one.unit == "gpu_hour":
            pools |= _sold_by_the_hour(evidence, one)
        elif isinstance(found, Served):
            pools |= {Scope(p) for p in _places(found)}
        rows.append(_row(evidence, product, one, scope, found, notes))
    deals = [ask for ask in evidence.asks if "deal" in ask.scope and ask.scope.as_mapping().get("product") in listed]
    for ask in sorted(deals, key=lambda ask: ask.id):
        rows += [_deal(evidence, ask.id, ask.scope, listed[ask.scope["product"]], notes)]
    rows += [_hour(evidence, pool, notes) for pool in sorted(pools)]
    return Table(
        sentence=_sentence(rows),
        headings=_headings(),
        rows=tuple(rows),
        notes=tuple(dict.fromkeys(notes)),
        batches=tuple(sorted({*evidence.batches("list_price"), *evidence.batches("ai_usage_month")})),
    )


def _places(found: Served) -> list[tuple[tuple[str, str], ...]]:
    columns = zip(*(found.usage.texts[name] for name in PLACE), strict=True)
    return [tuple((n, v) for n, v in zip(PLACE, one, strict=True) if v) for one in set(columns) if one[-1]]


def _row(  # noqa: PLR0913  one product and where to say what is missing
    evidence: Evidence, name: str, one: Offer, scope: Scope, found: Served | str, notes: list[str]
) -> Row:
    price, floor = (evidence.reading(metric, scope, window_of(gate, metric, evidence)) for metric in PAIR)
    notes += [f"{name}: {one_.because}" for one_ in (price, floor) if one_.value is None]
    hours = dict(floor.facts).get("gpu_hours_per_unit")
    aimed = full = None
    if one.unit in PLAIN:
        aimed, full = (_plain(evidence, one, rate) for rate in (at_target, without_idle))
        hours = 1.0 if one.unit == "gpu_hour" else 0.0
    elif isinstance(found, Served) and floor.value is not None and found.cost is not None:
        aimed, full = (_elsewhere(evidence, found, floor, rate) for rate in (at_target, without_idle))
    return (name, UNITS[one.unit], price.value, floor.value, _interval(floor), aimed, full, hours, _above(price, floor))


def _deal(evidence: Evidence, name: str, scope: Scope, one: Offer | str, notes: list[str]) -> Row:
    judged = scope.narrowed(gate.per)
    price, floor = (evidence.reading(metric, judged, window_of(gate, metric, evidence)) for metric in PAIR)
    notes += [f"{name}: {one_.because}" for one_ in (price, floor) if one_.because]
    unit = UNITS[one.unit] if isinstance(one, Offer) else ""
    hours = dict(floor.facts).get("gpu_hours_per_unit")
    return (f"deal {name}", unit, price.value, floor.value, _interval(floor), "", "", hours, _above(price, floor))


def _hour(evidence: Evidence, pool: Scope, notes: list[str]) -> Row:
    """Return the floor of a productive GPU-hour of one pool."""
    window = months_used(evidence, evidence.as_of)
    rate = "no complete month" if window is None else by_design(evidence, pool, window)
    if isinstance(rate, str) or window is None:
        notes.append(str(rate))
        return (str(pool), UNITS["gpu_hour"], "", None, "", None, None, 1.0, "")
    aimed, full = (one(evidence, pool, window) for one in (at_target, without_idle))
    shadow = shadow_price(evidence, pool, window)
    scarce = rate.at_least(shadow)
    if shadow is not None:
        notes.append(f"{pool}: one more GPU-hour would earn {shadow.value:,.4f} elsewhere")
    notes.append(f"{pool}: {_shares(rate.share, target(evidence, pool))}")
    text = f"[{scarce.low:,.4f}, {scarce.high:,.4f}]"
    others = (round(one.value, 4) if isinstance(one, Rate) else None for one in (aimed, full))
    return (str(pool), UNITS["gpu_hour"], "", round(scarce.value, 4), text, *others, 1.0, "")


def _shares(today: Share, aim: float | None) -> str:
    """Say how much of what is installed is productive, and how much of it is aimed for."""
    ends = f"[{100 * today.low:.1f}, {100 * today.high:.1f}]"
    said = f"{percent(today.value)} {ends} productive of installed GPU-hours"
    if aim is None:
        return f"{said}; no share is aimed for: set target_productive_share under assumptions in policy.yaml"
    if today.value >= aim:
        return f"{said}, {percent(aim)} of them aimed for: as full already, so today's share is taken"
    return f"{said}, {percent(aim)} of them aimed for"


def target(evidence: Evidence, scope: Scope | None = None) -> float | None:
    """Return the productive share of installed GPU-hours that is aimed for, where policy says so."""
    found = evidence.assumption("target_productive_share", scope or Scope())
    return None if found is None else found.value


def at_target(evidence: Evidence, pool: Scope, window: Window) -> Rate | str:
    """Return the cost of a GPU-hour at the share aimed for or at today's where that is higher; never below scarcity."""
    aim, today = target(evidence, pool), productive_share(evidence, pool, window)
    if aim is None:
        return f"{pool}: no target_productive_share; set it under assumptions in policy.yaml"
    share = today if isinstance(today, Share) and today.value >= aim else Share(aim, aim, aim)
    return _scarce(evidence, pool, window, share)


def without_idle(evidence: Evidence, pool: Scope, window: Window) -> Rate | str:
    """Return the cost of a GPU-hour where none lies idle; never below scarcity."""
    return _scarce(evidence, pool, window, Share(1.0, 1.0, 1.0))


def _scarce(evidence: Evidence, pool: Scope, window: Window, share: Share) -> Rate | str:
    """Return the cost at a share, or what the hour would earn elsewhere, as the gate does."""
    rate = by_design(evidence, pool, window, share)
    return rate if isinstance(rate, str) else rate.at_least(shadow_price(evidence, pool, window))


def _elsewhere(evidence: Evidence, found: Served, floor: Reading, rate: Rates) -> float | None:
    """Return the floor at another productive share."""
    if floor.value is None or found.cost is None:
        return None
    rates = {}
    for place in map(Scope, _places(found)):
        one = rate(evidence, place, found.window)
        if isinstance(one, str):
            return None
        rates[place["pool"]] = one
    other, units = replace(found, rates=rates).cost, dict(floor.facts).get("units")
    return None if other is None or not units else round(other.total / units / (1 - margin(evidence, Scope())), 4)


def _plain(evidence: Evidence, one: Offer, rate: Rates) -> float | None:
    """Return what a unit that is no call of a model costs at a productive share."""
    window = months_used(evidence, evidence.as_of)
    cost = None if window is None else plain_cost(evidence, one, window, rate)
    return round(cost.value / (1 - margin(evidence, Scope())), 4) if isinstance(cost, Rate) else None


def _sold_by_the_hour(evidence: Evidence, one: Offer) -> set[Scope]:
    """Return the pool that a product of GPU-hours is sold from."""
    pools: set[Scope] = set()

    def seen(_: Evidence, pool: Scope, __: Window) -> str:
        pools.add(pool)
        return ""

    window = months_used(evidence, evidence.as_of)
    if window is not None:
        plain_cost(evidence, one, window, seen)
    return pools


def _interval(reading: Reading) -> str:
    return "" if reading.low is None or reading.high is None else f"[{reading.low:,.4f}, {reading.high:,.4f}]"


def _above(price: Reading, floor: Reading) -> float | None:
    return None if price.value is None or not floor.value else round(price.value / floor.value - 1, 4)


def _sentence(rows: Sequence[Row]) -> str:
    judged = [row for row in rows if isinstance(row[8], float)]
    under = [str(row[0]) for row in judged if isinstance(row[8], float) and row[8] < 0]
    if not judged:
        return "No price could be held against a floor."
    if not under:
        return f"All {len(judged)} prices and deals are at or above their floor."
    return f"Of {len(judged)} prices and deals, {len(under)} are below their floor: {', '.join(under)}."


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("product, deal or pool"),
        Heading("unit"),
        Heading("price", "currency", 4),
        Heading("floor", "currency", 4),
        Heading("floor's interval"),
        Heading("floor at the share aimed for", "currency", 4),
        Heading("floor without idle hours", "currency", 4),
        Heading("GPU-hours", "per unit", 4),
        Heading("price above floor", "share"),
    )


exhibit = Exhibit(name="pricing.floor", question="What must a unit be sold for, at the least?", build=build)
