"""One programme on the same courses in four ways: drawing alone, hardgate, plain NumPy, polars; equal present values.

The NumPy version is what one writes first: whole arrays, one line a formula. The polars version is one frame with a row
a path, whose columns are carried from quarter to quarter: cumulated profit, what has been taxed, what is bound, worth.
"""

from typing import Any

import numpy as np

QUARTERS, COUNT, SEED, RATE = 40, 1 << 17, 1, 0.025


def programme() -> Any:
    """Return twelve vintages, nine uncertain levels, demand and prices that move together."""
    from hardgate.models.programme import Levels, Programme, Vintage

    vintages = tuple(
        Vintage(f"v{at}", at, 1e6 * (1 + at / 12), lead=4, life=20, gpus=100, price=20, erosion=0.15,
                productive_share=0.7, ramp=2, kilowatts=0.9, opex=300, variable_cost=0.2)
        for at in range(12)
    )  # fmt: skip
    spread = Levels(0.05, 0.03, 0.05, 0.03, 0.04, 0.06, 0.0, 0.2, 0.05)
    return Programme(
        vintages, QUARTERS, demand=600, growth=0.25, volatility=0.25, price_volatility=0.15, correlation=0.4,
        power_price=0.08, pue=1.3, idle_power=0.3, tax_rate=0.25, working_capital=0.1, spread=spread,
    )  # fmt: skip


def floor(count: int = COUNT) -> Any:
    """Draw the numbers, and nothing else."""
    from hardgate.models.draw import normals
    from hardgate.models.programme_paths import dimensions

    return normals(count, dimensions(QUARTERS), SEED)


def streamed(count: int = COUNT) -> Any:
    """Draw and run the courses as hardgate does, block by block."""
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme_paths import stream

    found = np.empty(count)

    def take(start: int, end: int, paths: Any) -> None:
        found[start:end] = npv(paths.cash, RATE)

    stream(programme(), count, SEED, take)
    return found


def plain(count: int = COUNT) -> Any:
    """Draw the same numbers and run the courses in whole arrays."""
    from hardgate.models.programme_paths import draw

    return in_numpy(programme(), draw(QUARTERS, count, SEED), RATE)


def in_numpy(given: Any, drawn: Any, rate: float) -> Any:
    """Return the net present value on each course, in whole arrays; for programmes without anything committed or late."""
    from hardgate.models.programme import NAMES, profile

    line = profile(given, given.vintages)
    z = dict(zip(NAMES, drawn.levels, strict=True))
    years = np.arange(given.quarters)[:, np.newaxis] / 4

    def level(name: str) -> Any:
        return getattr(given.centre, name) * np.exp(getattr(given.spread, name) * z[name])

    def rise(name: str) -> Any:
        return getattr(given.centre, name) + getattr(given.spread, name) * z[name]

    def column(name: str) -> Any:
        return getattr(line, name)[:, np.newaxis]

    growth = given.growth + rise("growth") - given.volatility**2 / 2
    demand = given.demand * level("demand") * np.exp(growth * years + given.volatility * drawn.demand / 2)
    moves = given.correlation * drawn.demand + np.sqrt(1 - given.correlation**2) * drawn.price
    erosion = rise("erosion") + given.price_volatility**2 / 2
    price = level("price") * np.exp(-erosion * years + given.price_volatility * moves / 2)
    sellable = column("sellable")
    load = np.where(sellable > 0, demand / np.where(sellable > 0, sellable, 1), 0)
    load = np.minimum(load, np.minimum(level("productive_share"), 1 / 0.7))
    revenue = load * column("revenue") * price
    power = level("power_price") * (load * column("busy_power") + column("idle_power"))
    written_off = level("capex") * column("depreciation")
    ebita = revenue - load * column("variable_cost") - power - level("opex") * column("opex") - written_off
    taxed = given.tax_rate * np.maximum(np.maximum.accumulate(np.cumsum(ebita, axis=0), axis=0), 0)
    tax = np.diff(taxed, axis=0, prepend=0)
    bound = np.diff(given.working_capital * revenue, axis=0, prepend=0)
    cash = ebita + written_off - tax - bound - level("capex") * column("capex")
    return (cash / (1 + rate) ** np.arange(given.quarters)[:, np.newaxis]).sum(axis=0)


def framed(count: int = COUNT) -> Any:
    """Draw the same numbers and run the courses in one polars frame, quarter by quarter."""
    import polars as pl

    from hardgate.models.programme import NAMES, profile
    from hardgate.models.programme_paths import draw

    given, drawn = programme(), draw(QUARTERS, count, SEED)
    line, c = profile(given, given.vintages), pl.col
    moves = {f"d{q}": drawn.demand[q] for q in range(QUARTERS)} | {f"p{q}": drawn.price[q] for q in range(QUARTERS)}
    frame = pl.DataFrame({**dict(zip(NAMES, drawn.levels, strict=True)), **moves})
    rates = {"growth", "erosion", "delay"}
    at = {name: c(name) * getattr(given.spread, name) for name in NAMES}
    frame = frame.with_columns(one if name in rates else one.exp() for name, one in at.items())
    frame = frame.with_columns(
        c("productive_share").clip(upper_bound=1 / 0.7),
        growth=c("growth") + given.growth - given.volatility**2 / 2,
        erosion=c("erosion") + given.price_volatility**2 / 2,
        profit=pl.lit(0.0), taxed=pl.lit(0.0), bound=pl.lit(0.0), worth=pl.lit(0.0),
    )  # fmt: skip
    for q in range(QUARTERS):
        frame = _quarter(frame.lazy(), given, {name: getattr(line, name)[q] for name in line.__slots__}, q).collect()
    return frame["worth"].to_numpy()


def _quarter(frame: Any, given: Any, line: dict[str, float], q: int) -> Any:
    """Carry the frame over one quarter."""
    import polars as pl

    c, years = pl.col, q / 4
    moved = given.correlation * c(f"d{q}") + (1 - given.correlation**2) ** 0.5 * c(f"p{q}")
    demand = given.demand * c("demand") * (c("growth") * years + given.volatility / 2 * c(f"d{q}")).exp()
    price = c("price") * (given.price_volatility / 2 * moved - c("erosion") * years).exp()
    part = 1 / line["sellable"] if line["sellable"] > 0 else 0.0
    load, revenue, earned = c("load"), c("revenue"), c("earned")
    costs = (
        load * line["variable_cost"] + c("power_price") * (load * line["busy_power"] + line["idle_power"])
        + c("opex") * line["opex"]
    )  # fmt: skip
    reached = pl.max_horizontal(c("taxed"), c("profit"))
    written_off, spent = c("capex") * line["depreciation"], c("capex") * line["capex"]
    binds = given.working_capital * revenue
    tax = given.tax_rate * (reached - c("taxed"))
    cash = earned + written_off - tax - (binds - c("bound")) - spent
    return (
        frame.with_columns(load=pl.min_horizontal(demand * part, c("productive_share")))
        .with_columns(revenue=load * line["revenue"] * price)
        .with_columns(earned=revenue - costs - written_off)
        .with_columns(profit=c("profit") + earned)
        .with_columns(worth=c("worth") + cash / (1 + RATE) ** q, taxed=reached, bound=binds)
        .drop(f"d{q}", f"p{q}")
    )
