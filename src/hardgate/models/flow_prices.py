"""Prices near to those at which claims on pools just fit: Newton's method on the dual, smoothed and then less so.

The dual of the transport problem is convex in the prices but has kinks where claims change their pool. With logit
choice, or a choice that passes evenly to the next best pool, it is smooth and Newton's method finds its minimum in few
steps; the smoothing shrinks from step to step. First on a sample of the claims, then on eight times as many, and so on.
Wrong by about as much as the last smoothing: the programme that follows needs a start, no more.

Claims worth 4, 3, 2 and 1 on one pool of two GPUs: any price from 2 to 3 is right:

>>> queue = Flow(np.array([[4.0], [3.0], [2.0], [1.0]]), np.ones(4), np.array([2.0]))
>>> bool(1.9 < near(queue).pool[0] < 3.1)
True

Sources: Nesterov (2005), Mathematical Programming 103, for minimising a kinked function through smooth ones; Galichon
(2016), Optimal Transport Methods in Economics, chapter 7, for logit choice as the smoothing of a transport problem;
Hestenes & Stiefel (1952) for conjugate gradients.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from hardgate.models.flow import Chosen, Floats, Flow, Indices, Mask, Prices

FEW = 1000  # claims, or twice the pools, from which the first prices come
HALF, EIGHTH = 2, 8  # claims that are smoothed at first; the next prices come from eight times more, and start nearer
HALVINGS, STEPS = 6, 4  # of the smoothing of the first prices, and Newton's steps for each
PASSES = 24  # over all claims at most, to bring prices near
SHRINK = 0.6  # of the claims that are smoothed, from step to step
STILL = 1e-6  # of the dual: a step that wins less is the last
LEAST = 3  # claims a pool that are smoothed at the end
OFTEN = 0.3  # of the pools whose price would move on: then the smoothing stays
TURNS, ROUGH = 40, 0.05  # of conjugate gradients, and what they leave of the excess: a Newton step need not be exact

Operator = Callable[[Floats], Floats]


def near(flow: Flow) -> Prices:
    """Return prices near to the best; those of groups stay 0, and units that must be served come first."""
    sizes, enough = [len(flow.demand)], max(FEW, 2 * len(flow.capacity))
    while sizes[-1] > 2 * enough:
        sizes.append(max(sizes[-1] // EIGHTH, enough))
    part = _sample(flow, sizes[-1])
    need = 2 * part.scale if flow.counted is not None and flow.need else 0.0
    prices = _blurred(part, _level(part, replace(flow.nothing(), need=need)))
    share = HALF
    for size in reversed(sizes[:-1] or sizes):
        prices = _sharpened(_sample(flow, size), prices, share)
        share = EIGHTH
    return prices


def _sample(flow: Flow, size: int) -> Flow:
    """An even sample of the claims, and as much of the pools."""
    if size == len(flow.demand):
        return flow
    keep = np.linspace(0, len(flow.demand) - 1, size).astype(np.int64)
    total = float(flow.demand.sum())
    share = float(flow.demand[keep].sum()) / total if total else 1.0
    return replace(flow.taken(keep), capacity=flow.capacity * share)


def _level(flow: Flow, prices: Prices) -> Prices:
    """The one price for all pools at which the best claims take as much as there is."""
    at = flow.chosen(prices)
    units = flow.units(np.arange(len(at.best)), at.best)
    usable = np.isfinite(at.first) & (units > 0)
    worth, gpus = (at.first * units)[usable], (flow.demand / np.where(units > 0, units, 1.0))[usable]
    order = np.argsort(-worth, kind="stable")
    last = int(np.searchsorted(np.cumsum(gpus[order]), flow.capacity.sum()))
    level = max(float(worth[order[last]]), 0.0) if last < len(order) else 0.0
    return replace(prices, pool=np.full(len(flow.capacity), level))


def _blurred(flow: Flow, start: Prices) -> Prices:
    """Follow the minimum of the dual with logit choice while the choice gets sharper."""
    free = flow.margins(replace(start, pool=np.zeros(len(flow.capacity))), slice(None))
    pool, each = start.pool, np.ones((1, 1))
    if flow.work is not None:
        each = np.divide(1.0, flow.work, out=np.zeros_like(flow.work), where=flow.work > 0)
    first = np.abs((free - pool * each).max(axis=1, initial=-np.inf))
    first = first[np.isfinite(first)]
    width = max(float(np.median(first)) / 2 if len(first) else 0.0, 1e-6 * flow.scale)
    for _ in range(HALVINGS):
        for _ in range(STEPS):
            step = _logit_step(flow, free, each, pool, width)
            far = float(np.abs(step).max(initial=0.0))
            pool = np.maximum(pool + step * min(1.0, 3 * width / max(far, 1e-300)), 0.0)
            if far <= width:
                break
        width /= 2
    return replace(start, pool=pool)


def _logit_step(flow: Flow, free: Floats, each: Floats, pool: Floats, width: float) -> Floats:
    share = free - pool * each
    top = np.maximum(share.max(axis=1), 0.0)
    share -= top[:, np.newaxis]
    share /= width
    np.exp(share, out=share)
    share /= (share.sum(axis=1) + np.exp(-top / width))[:, np.newaxis]
    diagonal = np.einsum("i,ij,ij->j", flow.demand, share, np.broadcast_to(each * each, share.shape))
    share *= each
    demand, excess = flow.demand, np.einsum("i,ij->j", flow.demand, share) - flow.capacity
    exact = diagonal - np.einsum("i,ij,ij->j", demand, share, share)

    def curvature(x: Floats) -> Floats:
        moved: Floats = diagonal * x - np.einsum("ij,i->j", share, demand * np.einsum("ij,j->i", share, x))
        return moved / width

    return _solved(curvature, exact / width, excess, (pool > 0) | (excess > 0))


def _sharpened(flow: Flow, start: Prices, share: int) -> Prices:
    """Take Newton's steps while claims pass evenly from their best pool to the next best, and ever fewer do.

    A step is trusted as far as claims are smoothed; a price that goes on in one direction is trusted further, one that
    turns round less, and a step that makes the dual larger is taken back by three quarters.
    """
    pools, count = len(flow.capacity), len(flow.demand)
    enough = min(LEAST * pools, count // HALF)
    smooth = max(count // share, enough)
    trust, step, width = np.ones(pools), np.zeros(pools), 0.0
    prices, before, best, least, smoothed = start, start, start, np.inf, np.inf
    for _ in range(PASSES):
        at = flow.chosen(prices)
        regret = at.regret
        dual = float(flow.capacity @ prices.pool + (flow.demand * np.maximum(at.first, 0.0)).sum())
        if dual < least:
            best, least = prices, dual
        if dual + _blur(flow, regret, width) > smoothed:
            step, trust = step / 4, trust / 4
            prices = replace(before, pool=np.maximum(before.pool + step, 0.0))
            continue
        if smooth == enough and smoothed - dual - _blur(flow, regret, width) < STILL * dual:
            break
        width = float(np.partition(regret, smooth)[smooth]) if smooth else 0.0
        near = np.flatnonzero(regret < width)
        if not len(near) or not np.isfinite(width):
            break
        wanted = _even_step(flow, prices, at, near, width)
        onward = step * wanted
        trust = np.clip(np.where(onward > 0, 2 * trust, np.where(onward < 0, trust / 2, trust)), 0.25, 8.0)
        step = np.clip(wanted, -width * trust, width * trust)
        before, smoothed = prices, dual + _blur(flow, regret, width)
        prices = replace(prices, pool=np.maximum(prices.pool + step, 0.0))
        if np.mean(np.abs(wanted) > width) <= OFTEN:
            smooth = max(int(SHRINK * smooth), enough)
    return best


def _blur(flow: Flow, regret: Floats, width: float) -> float:
    """What an even passing adds to the dual."""
    left = np.maximum(width - regret, 0.0)
    return float((flow.demand * left * left).sum()) / (4 * width) if width > 0 else 0.0


def _even_step(flow: Flow, prices: Prices, at: Chosen, near: Indices, width: float) -> Floats:
    """Newton's step where those near their margin are shared between their best choice and the next."""
    pools, served = len(flow.capacity), at.first > 0
    each = 1.0 / np.maximum(flow.units(np.arange(len(at.best)), at.best), 1e-300)
    wanted = np.bincount(at.best, weights=np.where(served, flow.demand * each, 0.0), minlength=pools)
    a, b, both = at.best[near], at.other[near], served[near] & (at.second[near] > 0)
    passed = flow.demand[near] * (0.5 - at.regret[near] / (2 * width))
    here, there = each[near], np.where(both, 1.0 / np.maximum(flow.units(near, b), 1e-300), 0.0)
    wanted += np.bincount(a, weights=np.where(served[near], -passed, passed) * here, minlength=pools)
    wanted += np.bincount(b, weights=passed * there, minlength=pools)
    excess, by = wanted - flow.capacity, flow.demand[near] / (2 * width)
    diagonal: Floats = np.zeros(pools)
    for pool, each in ((a, here), (b, there)):
        diagonal += np.bincount(pool, weights=by * each**2, minlength=pools)
    diagonal += 1e-3 * diagonal.mean() + 1e-300
    between = by * here * there

    def curvature(x: Floats) -> Floats:
        moved: Floats = diagonal * x
        moved -= np.bincount(a, weights=between * x[b], minlength=pools)
        moved -= np.bincount(b, weights=between * x[a], minlength=pools)
        return moved

    return _solved(curvature, diagonal, excess, (prices.pool > 0) | (excess > 0))


def _solved(curvature: Operator, diagonal: Floats, excess: Floats, free: Mask) -> Floats:
    """The step that would take the excess away, roughly, by conjugate gradients; prices that are not free stay."""
    step, left = np.zeros_like(excess), np.where(free, excess, 0.0)
    scaling = np.where(free & (diagonal > 0), 1.0 / np.where(diagonal > 0, diagonal, 1.0), 0.0)
    ahead = scaling * left
    direction, before = ahead.copy(), float(left @ ahead)
    rough = ROUGH**2 * before
    for _ in range(TURNS if before > 0 else 0):
        bent = np.where(free, curvature(direction), 0.0)
        along = float(direction @ bent)
        if along <= 0:
            break
        step += before / along * direction
        left -= before / along * bent
        ahead = scaling * left
        after = float(left @ ahead)
        if after <= rough:
            break
        direction, before = ahead + after / before * direction, after
    return step


def tried(flow: Flow, steps: int = 40) -> Prices:
    """Prices found by raising those of pools that too many choose, and lowering the others: a start, no more."""
    prices = flow.nothing()
    step = 0.3 * flow.scale
    room = np.maximum(flow.capacity, 1e-12)
    for at in range(steps if len(flow.demand) else 0):
        choice = flow.chosen(prices)
        best, first = choice.best, choice.first
        units = np.maximum(flow.units(np.arange(len(best)), best), 1e-12)
        used = np.bincount(best, weights=np.where(first > 0, flow.demand / units, 0), minlength=len(room))
        excess = np.clip(used / room - 1, -1, 1)
        prices = replace(prices, pool=np.maximum(prices.pool + step * excess, 0.0))
        step *= 0.9 if at > 4 else 1.0
    return prices
