"""Who has committed how much to which tranche."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from hardgate.sample.commitments import shares


def largest(folder: Path) -> dict[str, float]:
    """Return the share of the largest customer of each tranche."""
    amounts: dict[str, list[float]] = defaultdict(list)
    with (folder / "data/contracts.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            amounts[row["pledged_to"]].append(float(row["value"]))
    return {pledged: max(values) / sum(values) for pledged, values in amounts.items()}


def test_one_tranche_hangs_on_one_customer(small: Path) -> None:
    found = largest(small)
    assert found["cn-west-hall-3"] == pytest.approx(0.7, abs=0.02)
    for tranche in ("cn-north-hall-4", "cn-north-edge-2", "cn-east-hall-3", "ap-southeast-hall-3"):
        assert found[tranche] < 0.22


@pytest.mark.parametrize("strength", [0.0, 0.5, 0.9])
def test_shares_sum_to_one(strength: float) -> None:
    found = shares(strength, np.random.default_rng(1))
    assert sum(found) == pytest.approx(1.0)
    assert max(found) == pytest.approx(strength or max(found))
    assert len(found) == 6


def test_removed_the_tranche_is_like_the_others(bare: Path) -> None:
    assert largest(bare)["cn-west-hall-3"] < 0.22
