"""Draws that fill a space evenly, repeatably, and keep what a Brownian path is."""

import numpy as np
import pytest

from hardgate.models.draw import bridge, halvings, in_blocks, normals, seeds


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others() -> None:
    assert normals(1 << 15, 5, 7).tobytes() == normals(1 << 15, 5, 7).tobytes()
    assert normals(64, 5, 7).tobytes() != normals(64, 5, 8).tobytes()


def test_blocks_are_pieces_of_one_sequence() -> None:
    """Two blocks of 2^14 are the points that one engine gives in one go."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    whole = qmc.Sobol(3, scramble=True, rng=np.random.default_rng(11)).random(1 << 15)
    assert np.abs(normals(1 << 15, 3, 11) - ndtri(whole)).max() < 1e-12


def test_every_dimension_is_even() -> None:
    """Of 1,024 points of a scramble exactly one falls in each of 1,024 equal parts of each dimension."""
    from scipy.special import ndtr

    points = ndtr(normals(1024, 20, 3))
    for column in points.T:
        assert sorted(np.floor(column * 1024).astype(int).tolist()) == list(range(1024))


def test_a_mean_of_few_draws_is_far_nearer_than_that_of_random_ones() -> None:
    """The mean of exp(z) is e^.5; 1,024 random draws miss it by .067 on average (sd 2.16 / 32)."""
    misses = [abs(float(np.exp(normals(1024, 1, seed)).mean()) - np.exp(0.5)) for seed in range(8)]
    assert max(misses) < 0.012


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 39, 40])
def test_a_bridge_keeps_variance_and_covariance(steps: int) -> None:
    rows, when = np.empty((steps + 1, steps)), np.arange(steps + 1)
    bridge(np.eye(steps), rows)
    assert rows @ rows.T == pytest.approx(np.minimum.outer(when, when))
    assert np.count_nonzero(rows[-1]) == 1


def test_the_first_normal_sets_where_a_path_ends() -> None:
    drawn, path = np.ascontiguousarray(normals(256, 4, 1).T), np.empty((5, 256))
    bridge(drawn, path)
    assert path[4] == pytest.approx(2 * drawn[0])
    assert not path[0].any()


def test_every_block_is_done_once() -> None:
    done = np.zeros(100, dtype=int)

    def work(start: int, end: int) -> None:
        done[start:end] += 1

    in_blocks(work, 100, 7)
    in_blocks(work, 100, 7, threads=1)
    assert done.tolist() == [2] * 100


def test_seeds_of_scrambles_differ_and_repeat() -> None:
    assert seeds(7, 16) == seeds(7, 16)
    assert len({*seeds(7, 16), *seeds(8, 16)}) == 32


@pytest.mark.parametrize(("count", "dimensions"), [(0, 3), (100, 3), (64, 0)])
def test_draws_that_are_not_even_are_refused(count: int, dimensions: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        normals(count, dimensions, 1)


def test_a_path_without_steps_is_refused() -> None:
    with pytest.raises(ValueError, match="0 steps"):
        halvings(0)
