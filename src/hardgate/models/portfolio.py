"""Which asks to take when the money does not reach: the best set under budget, power and the mean of the worst draws.

An integer programme: take or leave each ask, the mean value of what is taken as large as can be. The risk of a set is
the mean loss over its worst draws (CVaR), held below a limit by a linear form with one variable a draw. The shadow
price of the budget is that of the relaxation in which a part of an ask may be taken; a whole ask may need more money at
once. Wrong when two asks serve the same demand: their values do not add.

Of three asks for 6, 5 and 5 a budget of 10 takes the two that are smaller; one more unit of money would be worth 1.2:

>>> found = best_set([[7.2], [5.5], [6.0]], [6, 5, 5], budget=10)
>>> found.taken, found.value, round(found.shadow_price, 2)
((False, True, True), 11.5, 1.2)

Source: Rockafellar & Uryasev (2000), Journal of Risk 2, for the linear form; Markowitz & Manne (1957), Econometrica 25,
for choosing projects by integers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.shift import tail_mean
from hardgate.models.unprinted import unprinted

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The best set, its mean value, its worst draws' mean loss, and what one more unit of budget is worth."""

    taken: tuple[bool, ...]
    value: float
    tail: float
    shadow_price: float


def best_set(
    worth: ArrayLike,
    costs: ArrayLike,
    *,
    budget: float,
    power: ArrayLike | None = None,
    power_budget: float = math.inf,
    risk_budget: float = math.inf,
    level: float = 0.95,
) -> Chosen:
    """Return the set of asks with the highest mean value; of equals, the one that HiGHS finds.

    Args:
        worth: of each ask on each draw, shape (asks, draws).
        costs: capital of each ask, shape (asks,).
        budget: the most capital that the set may take.
        power: of each ask, shape (asks,).
        power_budget: the most power that the set may draw.
        risk_budget: the largest mean loss of the set over its worst draws.
        level: beyond which share of the draws they are the worst.

    Raises:
        ValueError: the shapes differ, or not even the empty set is allowed.

    """
    values, money = np.asarray(worth, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    load = np.zeros_like(money) if power is None else np.asarray(power, dtype=np.float64)
    if not (values.ndim == 2 and len(values) == money.size == load.size):
        raise ValueError(f"worth {values.shape}, costs {money.shape}, power {load.shape}: expected one row an ask")
    if min(budget, power_budget, risk_budget) < 0:
        raise ValueError(f"budget {budget}, power {power_budget}, risk {risk_budget}: the empty set needs none of them")
    rows = [(money, budget), (load, power_budget)]
    whole, _ = _solved(values, rows, risk_budget, level, integers=True)
    taken = tuple(bool(one > 0.5) for one in whole[: len(values)])
    _, prices = _solved(values, rows, risk_budget, level, integers=False)
    held = values[list(taken)].sum(axis=0) if any(taken) else np.zeros(values.shape[1])
    return Chosen(taken, float(held.mean()), tail_mean(held, level), max(prices[0], 0.0) + 0.0)


def _solved(
    values: Floats, rows: Sequence[tuple[Floats, float]], risk: float, level: float, *, integers: bool
) -> tuple[Floats, list[float]]:
    """Return the solution and the price of each row; money is scaled so that the solver's tolerances mean something."""
    import highspy

    asks, draws = values.shape
    bound = math.isfinite(risk)
    count = asks + (1 + draws if bound else 0)
    scale = max(float(np.abs(values).max()), 1e-9)
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("threads", 1)
    inf = highspy.kHighsInf
    lower = np.zeros(count)
    upper = np.where(np.arange(count) < asks, 1.0, inf)
    if bound:
        lower[asks] = -inf
    model.addVars(count, lower, upper)
    gain = np.concatenate([values.mean(axis=1) / scale, np.zeros(count - asks)])
    model.changeColsCost(count, np.arange(count, dtype=np.int32), -gain)
    for weights, most in rows:
        size = max(float(weights.max(initial=0)), 1e-9)
        ends = min(most / size, inf)
        model.addRow(-inf, ends, asks, np.arange(asks, dtype=np.int32), weights / size)
    if bound:
        _worst_draws(model, values / scale, risk / scale, level)
    if integers:
        for at in range(asks):
            model.changeColIntegrality(at, highspy.HighsVarType.kInteger)
    with unprinted():
        model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise ValueError(f"no best set: the solver says {model.modelStatusToString(model.getModelStatus())}")
    found = model.getSolution()
    sizes = [max(float(weights.max(initial=0)), 1e-9) for weights, _ in rows]
    prices = [-dual * scale / size for dual, size in zip(found.row_dual, sizes, strict=False)]
    return np.asarray(found.col_value), prices


def _worst_draws(model: Any, values: Floats, risk: float, level: float) -> None:  # noqa: ANN401  highspy's
    """Add t + mean(z) / (1 - level) <= risk, and z >= -worth - t on every draw."""
    asks, draws = values.shape
    at = np.arange(asks + 1 + draws, dtype=np.int32)
    spread = np.concatenate([[1.0], np.full(draws, 1 / ((1 - level) * draws))])
    model.addRow(-model.inf, risk, 1 + draws, at[asks:], spread)
    for draw in range(draws):
        columns = np.concatenate([at[: asks + 1], at[asks + 1 + draw : asks + 2 + draw]])
        weights = np.concatenate([values[:, draw], [1.0, 1.0]])
        model.addRow(0.0, model.inf, asks + 2, columns, weights)
