"""The economic trigger against a binomial lattice (Cox, Ross & Rubinstein 1979) that shares no line with the model.

The lattice takes twelve steps a month, prices the live tranche by walking back through its life, and orders once a
month. The model prices it in closed form and waits by moving sums.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from hardgate.models import trigger

STEPS = 12  # a month


@dataclass(frozen=True)
class Case:
    tranche: float
    lead: int
    growth: float
    volatility: float
    discount: float
    margin: float
    horizon: int = 60
    life: int = 48


def cases() -> list[Case]:
    rng = np.random.default_rng(20261101)
    return [
        Case(
            tranche=float(rng.uniform(0.02, 0.5)),
            lead=int(rng.integers(0, 25)),
            growth=float(rng.uniform(-0.05, 0.5)),
            volatility=float(rng.uniform(0.15, 0.5)),
            discount=float(rng.uniform(0.06, 0.2)),
            margin=float(rng.uniform(1.15, 4.0)),
            horizon=int(rng.integers(36, 73)),
            life=int(rng.integers(24, 73)),
        )
        for _ in range(20)
    ]


class Lattice:
    """Position 1, cost of ownership 1 a month; nodes are ratios of demand to position."""

    def __init__(self, case: Case) -> None:
        self.case = case
        step = 1 / 12 / STEPS
        width = case.volatility * math.sqrt(step)
        years = (case.lead + case.horizon) / 12
        reach = math.ceil((abs(case.growth) * years + 6 * case.volatility * math.sqrt(years)) / width)
        self.logs = width * np.arange(-reach, reach + 1)
        up, down = math.exp(width), math.exp(-width)
        self.up = (math.exp(case.growth * step) - down) / (up - down)
        self.ordered = self.values_if_ordered()
        self.keep = self.value_of_keeping()
        self.go = self.ordered[0]

    def month(self, values: np.ndarray) -> np.ndarray:
        """The value a month before."""
        for _ in range(STEPS):
            padded = np.concatenate([values[:1], values, values[-1:]])
            values = self.up * padded[2:] + (1 - self.up) * padded[:-2]
        return values * math.exp(-self.case.discount / 12)

    def values_if_ordered(self) -> list[np.ndarray]:
        """One for each month of order; the last is ordered too late to earn before the horizon."""
        used = np.clip(np.exp(self.logs) - 1, 0, self.case.tranche)
        live = [np.zeros_like(self.logs)]
        for _ in range(self.case.life):
            live.append(self.case.margin * used - self.case.tranche + self.month(live[-1]))
        ordered = []
        for now in range(self.case.horizon - self.case.lead + 1):
            value = live[min(self.case.life, self.case.horizon - self.case.lead - now)]
            for _ in range(self.case.lead):
                value = self.month(value)
            ordered.append(value)
        return ordered

    def value_of_keeping(self, threshold: float | None = None) -> np.ndarray:
        """The right's value if kept in the first month, then used in the best, or first at or above the threshold."""
        keep = np.zeros_like(self.logs)
        for go in self.ordered[:0:-1]:
            best = np.maximum(go, keep) if threshold is None else np.where(self.logs >= math.log(threshold), go, keep)
            keep = self.month(best)
        return keep

    def ratio(self) -> float:
        last = int(np.flatnonzero(self.go <= self.keep)[-1])
        gain = self.go - self.keep
        share = gain[last] / (gain[last] - gain[last + 1])
        return math.exp(self.logs[last] + share * (self.logs[last + 1] - self.logs[last]))

    def at(self, values: np.ndarray, ratio: float) -> float:
        return float(np.interp(math.log(ratio), self.logs, values))


@pytest.mark.parametrize("case", cases(), ids=range(20))
def test_the_trigger_and_its_value_are_those_of_the_lattice(case: Case) -> None:
    lattice = Lattice(case)
    found = trigger.economic(
        0.9, 1, case.tranche, case.lead, case.growth, case.volatility, case.discount, case.margin, 1,
        horizon_months=case.horizon, life_months=case.life,
    )  # fmt: skip
    assert found.ratio == pytest.approx(lattice.ratio(), rel=0.01)
    go, keep = lattice.at(lattice.go, 0.9), lattice.at(lattice.keep, 0.9)
    assert found.value == pytest.approx(max(go, keep), rel=0.01)
    assert found.value_of_waiting == pytest.approx(keep - go, rel=0.01, abs=0.01 * max(go, keep))


@pytest.mark.parametrize("case", cases()[:6], ids=range(6))
def test_the_ends_of_the_indifference_set_keep_nine_tenths_of_the_value(case: Case) -> None:
    lattice = Lattice(case)
    found = trigger.economic(
        0.9, 1, case.tranche, case.lead, case.growth, case.volatility, case.discount, case.margin, 1,
        horizon_months=case.horizon, life_months=case.life,
    )  # fmt: skip
    assert lattice.at(lattice.go, found.low) / lattice.at(lattice.keep, found.low) == pytest.approx(0.9, abs=0.005)
    late = lattice.value_of_keeping(found.high)
    assert lattice.at(late, found.ratio) / lattice.at(lattice.go, found.ratio) == pytest.approx(0.9, abs=0.03)
