"""What AI costs by feature and unit, in layers: by the bill with its idle hours, and by what goes with the work.

`allocation` gives every productive GPU-hour its share of the pool's bill, idle hours included, and adds what hosted
models and orchestration were priced at; with the other work of the pools and what no feature carries it closes to the
bill. `usage` counts what would not be spent without the call: power of the GPU-hours, hosted models, orchestration. A
model that has no price and no throughput leaves its feature unknown by name. Wrong when a pool's other work is not
recorded: it then looks idle.

Source: METHODS 4; OpenCost for the two bases; FinOps Foundation, cost per inference.

>>> exhibit.question
'What does AI cost by feature and unit, and does it close to the bill?'
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.ai_usage import KINDS, Mask
from hardgate.metrics.cost_source import SOURCES, cost
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.product_cost import Served, batches, served
from hardgate.metrics.serving_cost import Layers, layers, places

Row = tuple[Cell, ...]
WIDTH = 13
MILLION = 1e6
ALL = "all features"


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill of the months, what AI took of it, and what else it paid for; reporting currency."""

    total: float
    of_pools: Mapping[str, float]
    productive: Mapping[str, float]
    elsewhere: float
    unallocated: float


def build(evidence: Evidence) -> Table:
    """Build the cost of every feature, of a million tokens of every model, and the line to the bill."""
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    found = served(evidence, EVERYTHING, end, as_billed, billed=True)
    if isinstance(found, str):
        return Table("", missing=f"{found}: bring usage_events and {evidence.cost_source}")
    usage = found.usage
    features = [
        (name or "no feature", usage.of("feature", name or None))
        for name in sorted({one or "" for one in usage.texts["feature"]})
    ]
    everything = np.ones(usage.count, np.bool_)
    rows = [_feature(found, name, mask) for name, mask in (*features, (ALL, everything))]
    rows += [row for model in usage.names("model") for row in _tokens(found, model)]
    bill = _bill(evidence, found)
    closing, closes, rest = _close(evidence, found, bill)
    notes = [
        *found.gaps,
        *_orchestration(known(found, everything), evidence.currency),
        *([f"not counted and not priced: {', '.join(found.taken.neither)}"] if found.taken.neither else []),
    ]
    if usage.not_adding_up:
        notes.append(f"{usage.not_adding_up:,} events whose kinds of tokens do not add up to the provider's total")
    return Table(
        sentence=_sentence(evidence, found, rows),
        headings=_headings(),
        rows=(*rows, *rest),
        closing=closing,
        closes=closes,
        notes=tuple(notes),
        batches=batches(evidence, found.window, found.rates),
    )


def known(found: Served, mask: Mask) -> Layers | None:
    """Return the cost of some rows, or None where any of it is not known."""
    lacking = {pool for pool, one in zip(found.usage.texts["pool"], mask, strict=True) if one and pool} - set(
        found.rates
    )
    if lacking or found.taken.gaps_of(mask):
        return None
    return layers(found.usage, found.taken, found.rates, mask)


def marginal(found: Served, mask: Mask) -> float:
    """Return what would not have been spent without some rows: power, hosted models and orchestration."""
    pools = found.usage.texts["pool"]
    power = np.array([0.0 if one is None else found.rates[one].variable for one in pools], dtype=np.float64)
    taken = found.taken
    return float((taken.gpu_hours * power + taken.hosted + taken.beside.sum(axis=1))[mask].sum())


def _feature(found: Served, name: str, mask: Mask) -> Row:
    one = known(found, mask)
    if one is None:
        return (name, *[None] * (WIDTH - 1))
    usage = found.usage
    accounts = len({account for account, mine in zip(usage.texts["account"], mask, strict=True) if mine})
    counts = (float(usage.calls[mask].sum()), float(usage.tasks[mask].sum()), float(accounts))
    each = [round(one.total / count, 6) if count > 0 else "" for count in counts]
    tokens, spared = float(usage.tokens[mask].sum()) / MILLION, marginal(found, mask)
    million = [_none(round(money / tokens, 6)) if tokens > 0 else "" for money in (one.total, spared)]
    beside = sum(one.orchestration.values())
    money = [_known(part) for part in (one.inference, beside, one.storage, one.idle, one.total, spared)]
    return (name, *money, round(one.gpu_hours, 1), *each, *million)


def _tokens(found: Served, model: str) -> list[Row]:
    """Return the cost of a million tokens of each kind of one model, by the pool that served it."""
    usage, rows = found.usage, []
    for pool in sorted({usage.texts["pool"][i] or "" for i in np.flatnonzero(usage.of("model", model))}):
        mask = usage.of("model", model) & usage.of("pool", pool or None)
        where = f"{model} on {pool}" if pool else f"{model}, hosted"
        rows += [
            _kind(found, f"{where}: million {kind.replace('_', ' ')} tokens", mask, at)
            for at, kind in enumerate(KINDS)
            if np.nansum(usage.tokens[mask, at]) > 0
        ]
    return rows


def _kind(found: Served, name: str, mask: Mask, kind: int) -> Row:
    """Return a million tokens of one kind, at the price or throughput of the last month."""
    if known(found, mask) is None:
        return (name, *[None] * (WIDTH - 1))
    unit, own = found.taken.per_token[int(np.flatnonzero(mask)[-1])]
    each = 0.0 if unit is None else float(unit[kind]) * 1e6
    hours, hosted = (each, 0.0) if own else (0.0, each)
    pools = found.usage.texts["pool"]
    rate = next((found.rates[one] for one, mine in zip(pools, mask, strict=True) if mine and one), None)
    if rate is None:
        price = round(hosted, 6)
        return (name, price, "", "", 0.0, price, price, 0.0, "", "", "", price, price)
    full, whole, power = (round(hours * one, 6) for one in (rate.used, rate.value, rate.variable))
    money = (full, "", "", round(whole - full, 6), whole, _none(power))
    return (name, *money, round(hours, 6), "", "", "", whole, _none(power))


def _none(amount: float) -> float | None:
    """Return a number, None where it is not known."""
    return None if np.isnan(amount) else amount


def _orchestration(one: Layers | None, currency: str) -> list[str]:
    """Say what the cost beside inference is for, part by part."""
    if one is None or not any(one.orchestration.values()):
        return []
    parts = [f"{name} {amount:,.2f}" for name, amount in one.orchestration.items() if amount]
    return [f"orchestration: {' + '.join(parts)} = {sum(one.orchestration.values()):,.2f} {currency}"]


def _bill(evidence: Evidence, found: Served) -> Bill | None:
    spent = cost(evidence, evidence.cost_source, found.window)
    if spent.total is None:
        return None
    of_pools = {one["pool"]: float(spent.of(one["pool"])) for one in places(found.usage) if one["pool"] in found.rates}
    productive = {pool: money / found.rates[pool].value for pool, money in of_pools.items() if found.rates[pool].value}
    elsewhere = sum(float(spent.of(pool)) for pool in sorted(spent.by_pool) if pool not in of_pools)
    return Bill(float(spent.total), of_pools, productive, elsewhere, float(spent.unallocated))


def _close(evidence: Evidence, found: Served, bill: Bill | None) -> tuple[str, bool | None, list[Row]]:
    words = SOURCES[evidence.cost_source].words
    if bill is None:
        return f"does not close: {words} of {found.window} is not known", False, []
    everything = known(found, np.ones(found.usage.count, np.bool_))
    if everything is None:
        return f"does not close to the {words}: {'; '.join(found.gaps[:2])}", False, []
    hours = {pool: float(found.taken.gpu_hours[found.usage.of("pool", pool)].sum()) for pool in bill.of_pools}
    carried = sum(hours[pool] * found.rates[pool].value for pool in hours)
    other = sum((bill.productive[pool] - hours[pool]) * found.rates[pool].value for pool in bill.productive)
    beside = everything.total - carried
    elsewhere = bill.elsewhere
    parts = [
        ("other work of these pools", other),
        ("pools without AI usage", elsewhere),
        ("unallocated", bill.unallocated),
    ]
    rows: list[Row] = [_whole(name, amount) for name, amount in parts]
    rows += [_whole("priced beside the bill", -beside), _whole(f"total of the {words}", bill.total)]
    over = [pool for pool in hours if hours[pool] > bill.productive.get(pool, 0.0) * (1 + 1e-9)]
    difference = everything.total - beside + other + elsewhere + bill.unallocated - bill.total
    line = (
        f"features {everything.total:,.2f} - priced beside the bill {beside:,.2f} + other work {other:,.2f}"
        f" + other pools {elsewhere:,.2f} + unallocated {bill.unallocated:,.2f} = {bill.total + difference:,.2f}"
        f"; {words} {bill.total:,.2f} {evidence.currency}; difference {abs(difference):,.2f}"
    )
    if over:
        line += f"; {', '.join(over)}: usage takes more GPU-hours than were productive, measure throughputs again"
    return line, abs(difference) <= float(CENT) and not over, rows


def _whole(name: str, amount: float) -> Row:
    return (name, "", "", "", "", _known(amount), *[""] * (WIDTH - 6))


def _known(amount: float) -> Decimal | None:
    """Return an amount in cents; None where it is not known."""
    return None if np.isnan(amount) else cents(amount)


def _sentence(evidence: Evidence, found: Served, rows: Sequence[Row]) -> str:
    one = known(found, np.ones(found.usage.count, np.bool_))
    if one is None:
        unknown = sum(row[1] is None for row in rows if row[0] != ALL)
        return f"The cost of {unknown} rows is not known: {found.gaps[0] if found.gaps else 'see the notes'}."
    total, calls = short(one.total, evidence.currency), float(np.nansum(found.usage.calls))
    idle = one.idle / one.total if one.total else 0.0
    per = f", {1000 * one.total / calls:,.2f} a thousand calls" if calls else ""
    return f"From {found.window}, AI cost {total}{per}; {100 * idle:.1f} % of it is idle hours."


def _headings() -> tuple[Heading, ...]:
    money = tuple(
        Heading(name, "currency", 2)
        for name in ("inference", "orchestration", "storage", "idle share", "allocation", "usage")
    )
    per = ("per call", "per successful task", "per active account", "per million tokens", "usage, per million tokens")
    each = tuple(Heading(name, "currency", 4) for name in per)
    return (Heading("feature or model"), *money, Heading("GPU-hours", "", 1), *each)


exhibit = Exhibit(
    name="pricing.unit_cost",
    question="What does AI cost by feature and unit, and does it close to the bill?",
    build=build,
)
