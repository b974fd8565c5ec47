"""Bounds of looks against published figures, and what they keep from happening."""

import numpy as np
import pytest

from hardgate.models.group_sequential import bounds

FIVE = np.arange(1, 6) / 5


def test_five_looks_of_both_kinds() -> None:
    assert bounds(FIVE) == pytest.approx([4.8769, 3.3570, 2.6803, 2.2898, 2.0310], abs=1e-4)
    assert bounds(FIVE, spending="pocock") == pytest.approx([2.4380, 2.4268, 2.4102, 2.3966, 2.3860], abs=1e-4)


def test_one_look_is_the_ordinary_test() -> None:
    assert bounds([1.0]) == pytest.approx([1.959964], abs=1e-6)


def test_what_is_spent_is_spent_and_no_more() -> None:
    """Walks of a million steps in law: with the bounds a false alarm comes in 5 %, looking naively in 14 %."""
    random = np.random.default_rng(5)
    walk = np.cumsum(random.standard_normal((200_000, 5)) * np.sqrt(0.2), axis=1) / np.sqrt(FIVE)
    ours = (np.abs(walk) >= bounds(FIVE)).any(axis=1).mean()
    naive = (np.abs(walk) >= 1.96).any(axis=1).mean()
    assert ours == pytest.approx(0.05, abs=0.002)
    assert naive == pytest.approx(0.142, abs=0.003)


@pytest.mark.parametrize("information", [[], [0.0, 1.0], [0.5, 0.5], [0.6, 0.4], [0.5, 1.2]])
def test_information_rises_within_one(information: list[float]) -> None:
    with pytest.raises(ValueError, match="expected shares"):
        bounds(information)


def test_spending_and_alpha_are_checked() -> None:
    with pytest.raises(ValueError, match="obrien-fleming, pocock"):
        bounds([1.0], spending="bonferroni")
    with pytest.raises(ValueError, match="expected a share"):
        bounds([1.0], alpha=1.5)


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ((0.25, 0.5, 0.75, 1.0), 0.050), ((0.5, 0.75, 0.9, 1.0), 0.046), ((0.1, 0.3, 0.6, 1.0), 0.053),
        ((0.05, 0.15, 0.4, 1.0), 0.058), (tuple((np.arange(1, 29) / 28) ** 2), 0.065),
    ],
)  # fmt: skip
def test_information_that_is_taken_for_days_costs_this_many_false_alarms(
    there: tuple[float, ...], found: float
) -> None:
    """Looks equally apart in days, at which this much of all information is there: the figures of docs/markets.md."""
    steps = np.sqrt(np.diff(there, prepend=0))
    drawn = np.random.default_rng(1).standard_normal((100_000, len(there)))
    z = np.cumsum(drawn * steps, axis=1) / np.sqrt(there)
    edges = bounds(np.arange(1, len(there) + 1) / len(there))
    assert (np.abs(z) >= edges).any(axis=1).mean() == pytest.approx(found, abs=0.002)
