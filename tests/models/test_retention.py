"""Fits of retention against published figures and against lifetimes."""

import json
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.retention import fit_bgnbd, fit_bgnbd_many, fit_gamma_gamma, fit_sbg

PEERS = json.loads((Path(__file__).parents[1] / "against" / "markets.json").read_text("utf-8"))["retention"]


def test_both_segments_of_fader_and_hardie() -> None:
    high, regular = (
        fit_sbg(np.array(shares) / 100)
        for shares in ((86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1), (63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1))
    )
    assert (high.alpha, high.beta) == pytest.approx((0.668, 3.806), abs=5e-4)
    assert (regular.alpha, regular.beta) == pytest.approx((0.704, 1.182), abs=5e-4)
    assert regular.survival(7)[1] == pytest.approx(1.182 / (0.704 + 1.182), abs=1e-3)


def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The customers of the peer's CDNOW data with their spend."""
    columns = [np.array(PEERS["customers"][name]) for name in ("frequency", "recency", "age", "value")]
    return columns[0], columns[1], columns[2], columns[3]


def test_cdnow_as_published_and_as_lifetimes_has_it() -> None:
    frequency, recency, age, _ = sample()
    found = fit_bgnbd(frequency, recency, age)
    assert (found.r, found.alpha, found.a, found.b) == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), abs=1e-4)
    assert found.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    peer = PEERS["bgnbd"]
    ours = {"r": found.r, "alpha": found.alpha, "a": found.a, "b": found.b}
    assert ours == pytest.approx(peer, rel=1e-3)


def test_gamma_gamma_of_cdnow() -> None:
    frequency, _, _, value = sample()
    back = frequency > 0
    found = fit_gamma_gamma(frequency[back], value[back])
    assert (found.p, found.q, found.v) == pytest.approx((6.249, 3.745, 15.448), abs=2e-3)
    assert {"p": found.p, "q": found.q, "v": found.v} == pytest.approx(PEERS["gamma_gamma"], rel=1e-3)


def test_many_cities_at_once_are_each_what_they_are_alone() -> None:
    frequency, recency, age, _ = sample()
    random = np.random.default_rng(3)
    group = random.integers(0, 3, frequency.size)
    together = fit_bgnbd_many(frequency, recency, age, group)
    for at, one in enumerate(together):
        alone = fit_bgnbd(frequency[group == at], recency[group == at], age[group == at])
        assert (one.r, one.alpha, one.a, one.b) == pytest.approx((alone.r, alone.alpha, alone.a, alone.b), rel=1e-6)


def test_the_likelihood_is_at_its_top() -> None:
    """Any step away from the fit is less likely; the likelihood is written again here, customer by customer."""
    from scipy.special import betaln, gammaln

    frequency, recency, age, _ = (one[:400] for one in sample())

    def likelihood(r: float, alpha: float, a: float, b: float) -> float:
        x = frequency
        alive = (
            betaln(a, b + x)
            - betaln(a, b)
            + gammaln(r + x)
            - gammaln(r)
            + r * np.log(alpha)
            - (r + x) * np.log(alpha + age)
        )
        gone = (
            betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
            - (r + x) * np.log(alpha + recency)
        )  # fmt: skip
        return float(np.logaddexp(alive, np.where(x > 0, gone, -np.inf)).sum())

    found = fit_bgnbd(frequency, recency, age)
    params = np.array([found.r, found.alpha, found.a, found.b])
    assert likelihood(*params) == pytest.approx(found.log_likelihood, rel=1e-10)
    for at in range(4):
        for factor in (0.98, 1.02):
            moved = params.copy()
            moved[at] *= factor
            assert likelihood(*moved) < found.log_likelihood


def test_customers_without_a_repeat_alone_end_somewhere_finite() -> None:
    found = fit_bgnbd(np.zeros(50), np.zeros(50), np.full(50, 20.0))
    assert np.isfinite([found.r, found.alpha, found.a, found.b, found.log_likelihood]).all()
    assert found.log_likelihood == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("frequency", "recency", "age"),
    [([], [], []), ([1], [5], [4]), ([1, 2], [1], [4, 4]), ([-1], [0], [1]), ([float("nan")], [0], [1])],
)
def test_customers_that_cannot_be_are_refused(frequency: list[float], recency: list[float], age: list[float]) -> None:
    with pytest.raises(ValueError, match=r"expected|give one of each"):
        fit_bgnbd(frequency, recency, age)


def test_shares_that_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="never rising"):
        fit_sbg([0.5, 0.6])
