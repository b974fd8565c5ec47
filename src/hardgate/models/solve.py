"""Linear and integer programmes on HiGHS, with the status always checked: an answer is optimal or it is an error.

Rows are ranges `low <= A x <= high`, columns have bounds and a price, and the sum of price times column is maximised.
Wrong when figures differ by more than about nine orders of magnitude: scale them first.

Two products share three hours, worth 5 and 4, at most two of the first; an hour more would be worth 4:

>>> shop = Programme(2)
>>> hours = shop.row(upper=3.0)
>>> _ = shop.columns([5.0, 4.0], [2.0, np.inf], [[hours], [hours]], [[1.0], [1.0]])
>>> found = shop.solve()
>>> found.value, found.columns.tolist(), found.rows.tolist()
(14.0, [2.0, 1.0], [4.0])

Source: Huangfu & Hall (2018), Mathematical Programming Computation 10, for the dual simplex of HiGHS.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.unprinted import unprinted

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

LARGE = 3000  # columns from which interior points are faster than the simplex (ADR 10)
DUAL, PRIMAL = 1, 4  # the simplex strategies of HiGHS
EXACT = 1e-9  # feasibility of primal and dual, so that complementary slackness holds to 1e-7


class Infeasible(ValueError):
    """No point keeps all rows."""


class Unsolved(RuntimeError):
    """HiGHS ended without an optimum, for a reason that is not the model's: time, memory, numbers out of range."""


@dataclass(frozen=True, slots=True)
class Solution:
    """An optimum: its value, each column, and of each row the value of one unit more on its right side."""

    value: float
    columns: Floats
    rows: Floats
    bound: float


@dataclass(slots=True)
class Programme:
    """A programme that grows: rows first, then columns as they are found to be worth having."""

    expected_columns: int = 0
    _lower: list[float] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _parts: list[tuple[Floats, Floats, Floats, Indices, Indices, Floats]] = field(default_factory=list)
    _whole: list[NDArray[np.bool_]] = field(default_factory=list)
    _highs: Any = None
    _count: int = 0
    _bounded: bool = False

    @property
    def count(self) -> int:
        """How many columns there are."""
        return self._count

    @property
    def lower(self) -> list[float]:
        """The lower bounds of all rows."""
        return self._lower

    @property
    def upper(self) -> list[float]:
        """The upper bounds of all rows."""
        return self._upper

    def row(self, lower: float = -np.inf, upper: float = np.inf) -> int:
        """Add one row and return its number."""
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self._lower) - 1

    def rows(self, lower: ArrayLike, upper: ArrayLike) -> Indices:
        """Add rows and return their numbers."""
        first = len(self._lower)
        low, high = np.broadcast_arrays(np.asarray(lower, np.float64), np.asarray(upper, np.float64))
        self._lower += low.tolist()
        self._upper += high.tolist()
        return np.arange(first, len(self._lower))

    def columns(
        self,
        price: ArrayLike,
        upper: ArrayLike,
        rows: Sequence[Sequence[int]],
        factors: Sequence[Sequence[float]],
        *,
        whole: bool = False,
    ) -> Indices:
        """Add columns, each with the rows that it stands in, and return their numbers."""
        starts = np.concatenate([[0], np.cumsum([len(one) for one in rows])[:-1]]).astype(np.int64)
        flat = np.concatenate([np.asarray(one, np.int64) for one in rows])
        values = np.concatenate([np.asarray(one, np.float64) for one in factors])
        return self.packed(price, upper, starts, flat, values, whole=whole)

    def packed(
        self,
        price: ArrayLike,
        upper: ArrayLike,
        starts: Indices,
        rows: Indices,
        factors: Floats,
        *,
        whole: bool = False,
    ) -> Indices:
        """Add columns by the start of each in one flat list of rows and factors, and return their numbers."""
        prices = np.asarray(price, np.float64)
        most = np.broadcast_to(np.asarray(upper, np.float64), prices.shape).copy()
        part = (prices, np.zeros(len(prices)), most, starts, rows, factors)
        first, self._count = self._count, self._count + len(prices)
        self._whole.append(np.full(len(prices), whole))
        if self._highs is None:
            self._parts.append(part)
        elif len(prices):
            at, where = starts.astype(np.int32), rows.astype(np.int32)
            _checked(self._highs.addCols(len(prices), prices, part[1], most, len(rows), at, where, factors))
        return np.arange(first, self._count)

    def set_price(self, column: int, price: float) -> None:
        """Change what a unit of one column is worth."""
        _checked(self._highs.changeColCost(column, price))

    def bound(self, lower: Floats, upper: Floats) -> None:
        """Change the bounds of all rows."""
        self._lower, self._upper = lower.tolist(), upper.tolist()
        if self._highs is not None:
            rows = np.arange(len(lower), dtype=np.int32)
            _checked(self._highs.changeRowsBounds(len(rows), rows, lower, upper))
            self._bounded = True

    def solve(self, *, gap: float = 0.0, nodes: int = 0, anew: bool = True) -> Solution:
        """Return the optimum, by interior points and a crossover to a vertex, or by the simplex from the last.

        From the last optimum the primal simplex takes in new columns, the dual simplex new bounds.

        Args:
            gap: between an integer plan and its bound at which to stop, as a share.
            nodes: of an integer programme's tree after which it gives the best plan that it has; 0 for no end.
            anew: false goes on from the last optimum, which is faster where few columns were added.

        Raises:
            Infeasible: no point keeps all rows.
            Unsolved: HiGHS ended otherwise.

        """
        import highspy

        if not self._count:
            return self._empty()
        whole = np.concatenate(self._whole)
        if self._highs is None:
            self._highs = _passed(self._lower, self._upper, self._parts, whole)
        highs = self._highs
        if whole.any():
            highs.setOptionValue("mip_rel_gap", gap)
            if nodes:
                highs.setOptionValue("mip_max_nodes", nodes)
        else:
            large = anew and self._count > LARGE
            highs.setOptionValue("solver", "ipm" if large else "simplex")
            highs.setOptionValue("simplex_strategy", DUAL if self._bounded else PRIMAL)
        with unprinted():
            highs.run()
        self._bounded = False
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Infeasible("no plan keeps every bound")
        info = highs.getInfo()
        ended = (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kSolutionLimit)  # of nodes, too
        late = status in ended and whole.any() and np.isfinite(info.objective_function_value)
        if status != highspy.HighsModelStatus.kOptimal and not late:
            raise Unsolved(f"HiGHS ended with {highs.modelStatusToString(status)}")
        found = highs.getSolution()
        duals = np.array(found.row_dual) if not whole.any() else np.zeros(len(self._lower))
        value = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if whole.any() else value
        return Solution(value, np.array(found.col_value), duals, bound)

    def _empty(self) -> Solution:
        """Return what is left without columns: nothing, where that keeps every row."""
        if any(low > 0 or high < 0 for low, high in zip(self._lower, self._upper, strict=True)):
            raise Infeasible("no plan keeps every bound")
        return Solution(0.0, np.zeros(0), np.zeros(len(self._lower)), 0.0)


def _passed(lower: list[float], upper: list[float], parts: list[Any], whole: NDArray[np.bool_]) -> Any:  # noqa: ANN401  highspy has no types
    import highspy

    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("primal_feasibility_tolerance", EXACT),
        ("dual_feasibility_tolerance", EXACT), ("mip_feasibility_tolerance", EXACT),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    prices, low, high = (np.concatenate([part[at] for part in parts]) for at in range(3))
    sizes = np.cumsum([0, *(len(part[4]) for part in parts)])
    starts = np.concatenate([part[3] + size for part, size in zip(parts, sizes[:-1], strict=True)])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(prices), len(lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = prices, low, high
    model.row_lower_, model.row_upper_ = np.array(lower), np.array(upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([starts, [sizes[-1]]]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([part[4] for part in parts]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([part[5] for part in parts])
    model.sense_ = highspy.ObjSense.kMaximize
    if whole.any():
        model.integrality_ = [
            highspy.HighsVarType.kInteger if one else highspy.HighsVarType.kContinuous for one in whole
        ]
    _checked(highs.passModel(model))
    return highs


def _checked(status: Any) -> None:  # noqa: ANN401  highspy has no types
    import highspy

    if status == highspy.HighsStatus.kError:
        raise Unsolved("HiGHS refused the model: a figure is not a number or out of range")
