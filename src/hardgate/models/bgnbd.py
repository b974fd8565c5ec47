"""The likelihood of BG/NBD and its exact derivatives, for many groups of customers at once, and the climb to its top.

Each buys at a rate of its own (gamma) and may die after any purchase with a chance of its own (beta). What depends on
the count of purchases alone is worked out once for each different count; those who never came back need no more than
time. Newton's method in the logarithms of the parameters, damped for each group by itself.

>>> found = fit([2, 0, 1], [5.0, 0.0, 2.0], [10.0, 10.0, 9.0], [0, 0, 0])
>>> len(found), found[0].log_likelihood < 0
(1, True)

Source: Fader, Hardie & Lee (2005), Marketing Science 24.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_Columns: TypeAlias = tuple[Floats, Floats, Floats, NDArray[np.int64]]
ROUNDS = 200
CLOSE = 1e-11
STUCK = 1e12
HALF = 0.5
AT_ONCE = 40_000
"""Customers fitted together."""
BOX = 12.0
"""Logarithms of the parameters stay within this: beyond it the data say nothing more."""


@dataclass(frozen=True, slots=True)
class BgNbd:
    """A fitted BG/NBD model; `log_likelihood` is of all customers."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


def fit(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, group: ArrayLike) -> tuple[BgNbd, ...]:
    """Fit BG/NBD to each group of customers, all groups at once; `group` numbers them from 0.

    Newton's method with the exact gradient and Hessian in the logarithms of the parameters, damped for each group by
    itself until its likelihood rises.

    Raises:
        ValueError: there is no customer, one whose last purchase lies outside of its age, or a group has no customer.

    """
    x, last, old, which = _checked(frequency, recency, age, group)
    ends = np.searchsorted(which, np.arange(int(which[-1]) + 2))
    params, values = np.empty((len(ends) - 1, 4)), np.empty(len(ends) - 1)
    first = 0
    while first < len(ends) - 1:
        # A few cities at a time, so that their columns stay in the processor's cache.
        after = max(first + 1, int(np.searchsorted(ends, ends[first] + AT_ONCE, "right")) - 1)
        mine = slice(ends[first], ends[after])
        columns = (x[mine], last[mine], old[mine], which[mine] - first)
        params[first:after], values[first:after] = _climb(columns, None, ROUNDS)
        first = after
    every = zip(*params.T.tolist(), values.tolist(), strict=True)
    return tuple(BgNbd(r, alpha, a, b, likelihood) for r, alpha, a, b, likelihood in every)


@dataclass(frozen=True, slots=True)
class _Some:
    """Customers sorted by group, some of them; `starts` is where each group begins, `none` which have nobody."""

    x: Floats
    last: Floats
    age: Floats
    sizes: NDArray[np.int64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, keep: NDArray[np.bool_], x: Floats, last: Floats, age: Floats, group: NDArray[np.int64]) -> "_Some":
        """Take those kept."""
        sizes = np.bincount(group[keep], minlength=int(group[-1]) + 1)
        return cls(x[keep], last[keep], age[keep], sizes, np.concatenate([[0], np.cumsum(sizes)[:-1]]))

    def added(self, values: Floats) -> Floats:
        """Add up by group; a group of nobody is nothing."""
        if not len(values):
            return np.zeros(len(self.sizes))
        sums: Floats = np.add.reduceat(np.append(values, 0.0), self.starts)
        return np.where(self.sizes > 0, sums, 0.0)

    def spread(self, params: Floats) -> Floats:
        """Return each parameter of each customer's group, shape (parameters, customers)."""
        return np.stack([np.repeat(one, self.sizes) for one in params.T])


@dataclass(frozen=True, slots=True)
class _Customers:
    """Customers who came back and those who did not; `counts` are the different (group, frequency) and how often."""

    back: _Some
    once: _Some
    count_group: NDArray[np.int64]
    count_x: Floats
    weight: Floats


def _climb(columns: _Columns, start: Floats | None, rounds: int) -> tuple[Floats, Floats]:
    """Climb to the top of each group's likelihood; return the parameters and the log-likelihoods.

    Groups that are at the top are left behind as soon as they are the half, so that a hard one does not hold the rest.
    """
    data = _customers(*columns)
    params = _start(data) if start is None else start
    value, slope, bend = _likelihood(np.exp(params), data)
    damping = np.full(len(params), 1e-3)
    done = np.zeros(len(params), np.bool_)
    for left in range(rounds - 1, -1, -1):
        tried = np.clip(params + _newton(slope, bend, damping), -BOX, BOX)
        new = _likelihood(np.exp(tried), data)
        better = new[0] >= value - 1e-12 * np.abs(value)
        done |= better & (new[0] - value <= CLOSE * np.abs(value))
        params = np.where(better[:, None], tried, params)
        slope = np.where(better[:, None], new[1], slope)
        bend = np.where(better[:, None, None], new[2], bend)
        value = np.where(better, new[0], value)
        damping = np.where(better, damping / 10, damping * 10)
        done |= damping > STUCK
        if done.all():
            break
        if done.mean() >= HALF and left:
            hard = np.flatnonzero(~done)
            keep = np.isin(columns[3], hard)
            group = np.searchsorted(hard, columns[3][keep]).astype(np.int64)
            some = (columns[0][keep], columns[1][keep], columns[2][keep], group)
            params[hard], value[hard] = _climb(some, params[hard], left)
            break
    return np.exp(params) if start is None else params, value


def _checked(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, group: ArrayLike
) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Return the columns sorted by group."""
    x, last, old = (np.asarray(one, np.float64).ravel() for one in (frequency, recency, age))
    which = np.asarray(group, np.int64).ravel()
    if not x.size or not x.size == last.size == old.size == which.size:
        sizes = f"{x.size} frequencies, {last.size} recencies, {old.size} ages and {which.size} groups"
        raise ValueError(f"{sizes}: give one of each a customer")
    if not (np.isfinite(x) & (x >= 0) & (last >= 0) & (old >= last) & np.isfinite(old)).all():
        raise ValueError("expected frequencies from 0, and each recency between 0 and its age")
    if which.min() < 0 or (np.bincount(which) == 0).any():
        raise ValueError("groups are numbered from 0, each with at least one customer")
    if (np.diff(which) < 0).any():
        order = np.argsort(which, kind="stable")
        x, last, old, which = x[order], last[order], old[order], which[order]
    return x, last, old, which


def _customers(x: Floats, last: Floats, age: Floats, group: NDArray[np.int64]) -> _Customers:
    width = int(x.max()) + 1
    counts = np.bincount(group * width + x.astype(np.int64))
    keys = np.flatnonzero(counts)
    back, once = (_Some.of(keep, x, last, age, group) for keep in (x > 0, x == 0))
    return _Customers(back, once, keys // width, (keys % width).astype(np.float64), counts[keys].astype(np.float64))


def _start(data: _Customers) -> Floats:
    """Begin with one purchase rate for all, and half of the customers dying soon."""
    counts = data.back.added(data.back.x + 1) + data.once.sizes
    time = data.back.added(data.back.age) + data.once.added(data.once.age)
    alpha = np.log(np.maximum(time, 1e-9) / counts)
    zero = np.zeros_like(alpha)
    return np.stack([zero, alpha, zero, zero + 1.0], axis=1)


def _likelihood(params: Floats, data: _Customers) -> tuple[Floats, Floats, Floats]:
    """Return log-likelihood, gradient and Hessian of each group, the last two in the logarithms of the parameters."""
    value, grad, bend = _of_counts(params, data)
    _add_once(params, data.once, value, grad, bend)
    _add_back(params, data.back, value, grad, bend)
    return value, *_in_logs(params, grad, bend)


def _add_once(params: Floats, some: _Some, value: Floats, grad: Floats, bend: Floats) -> None:
    """Add the time that customers without a repeat have not come back for."""
    r = params[:, 0]
    born = np.repeat(params[:, 1], some.sizes) + some.age
    logs, inverse = some.added(np.log(born)), some.added(1 / born)
    value -= r * logs
    grad[:, 0] -= logs
    grad[:, 1] -= r * inverse
    bend[:, 0, 1] -= inverse
    bend[:, 1, 0] -= inverse
    bend[:, 1, 1] += r * some.added(1 / born**2)


def _add_back(params: Floats, some: _Some, value: Floats, grad: Floats, bend: Floats) -> None:
    """Add what is known of those who came back: still alive, or gone after the last purchase."""
    r, alpha, a, b = some.spread(params)
    bought, after = r + some.x, b + some.x - 1
    born, seen = 1 / (alpha + some.age), 1 / (alpha + some.last)
    log_born, log_seen = -np.log(born), -np.log(seen)
    odds = np.log(a / after) + bought * (log_born - log_seen)  # of gone to alive
    alive = 1 / (1 + np.exp(np.clip(odds, -700, 700)))
    gone = 1 - alive
    value += some.added(-bought * log_born + np.logaddexp(0.0, odds))
    apart = (log_born - log_seen, bought * (born - seen), 1 / a, -1 / after)
    grad[:, 0] += some.added(gone * apart[0] - log_born)
    grad[:, 1] += some.added(gone * apart[1] - bought * born)
    grad[:, 2] += some.added(gone * apart[2])
    grad[:, 3] += some.added(gone * apart[3])
    spread = alive * gone
    weighted = [spread * one for one in apart]
    own = {
        (0, 1): -alive * born - gone * seen,
        (1, 1): bought * (alive * born**2 + gone * seen**2),
        (2, 2): -gone * apart[2] ** 2,
        (3, 3): gone * apart[3] ** 2,
    }
    for i in range(4):
        for j in range(i, 4):
            each = weighted[i] * apart[j]
            bend[:, i, j] += some.added(each + own[i, j] if (i, j) in own else each)
            bend[:, j, i] = bend[:, i, j]


def _of_counts(params: Floats, data: _Customers) -> tuple[Floats, Floats, Floats]:
    """Return the part that depends on a customer's count alone: each different count is worked out once."""
    from scipy.special import gammaln, polygamma, psi

    r, alpha, a, b = params[data.count_group].T
    x, count = data.count_x, len(params)

    def added(values: Floats) -> Floats:
        return np.bincount(data.count_group, weights=data.weight * values, minlength=count).astype(np.float64)

    value = added(
        gammaln(r + x)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(a + b)
        + gammaln(b + x)
        - gammaln(b)
        - gammaln(a + b + x)
    )
    both = psi(a + b) - psi(a + b + x)
    grad = np.stack(
        [added(psi(r + x) - psi(r) + np.log(alpha)), added(r / alpha), added(both), added(both + psi(b + x) - psi(b))],
        axis=1,
    )
    bend = np.zeros((count, 4, 4))
    curved = polygamma(1, a + b) - polygamma(1, a + b + x)
    bend[:, 0, 0] = added(polygamma(1, r + x) - polygamma(1, r))
    bend[:, 0, 1] = bend[:, 1, 0] = added(1 / alpha)
    bend[:, 1, 1] = added(-r / alpha**2)
    bend[:, 2, 2] = added(curved)
    bend[:, 2, 3] = bend[:, 3, 2] = added(curved)
    bend[:, 3, 3] = added(curved + polygamma(1, b + x) - polygamma(1, b))
    return value, grad, bend


def _in_logs(params: Floats, grad: Floats, bend: Floats) -> tuple[Floats, Floats]:
    """Turn a gradient and a Hessian into those in the logarithms."""
    slope = params * grad
    curved = params[:, :, None] * bend * params[:, None, :]
    at = np.arange(params.shape[1])
    curved[:, at, at] += slope
    return slope, curved


def _newton(slope: Floats, bend: Floats, damping: Floats) -> Floats:
    """Return the damped step of each group, at most one unit of a logarithm in any parameter."""
    values, vectors = np.linalg.eigh(-bend)
    scale = np.abs(values).max(axis=1, keepdims=True)
    kept = np.maximum(np.abs(values), 1e-12 * scale) + damping[:, None] * scale
    step: Floats = np.einsum("gij,gj->gi", vectors, np.einsum("gji,gj->gi", vectors, slope) / kept)
    longest = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step / np.maximum(longest, 1.0))
