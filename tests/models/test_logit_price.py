import numpy as np
import pytest
from scipy.optimize import minimize

from hardgate.models.logit_price import markup, profit


@pytest.mark.parametrize("seed", range(5))
def test_equal_markups_are_the_numeric_optimum(seed: int) -> None:
    random = np.random.default_rng(seed)
    utilities, costs, beta = random.normal(2, 2, 4), random.uniform(0.2, 2, 4), float(random.uniform(0.3, 3))
    best = minimize(lambda p: -profit(p, utilities, beta, costs), costs + 1 / beta, tol=1e-12)
    ours = costs + markup(utilities, beta, costs)
    assert profit(ours, utilities, beta, costs) >= -best.fun - 1e-10
    assert best.x == pytest.approx(ours, rel=2e-3)


def test_a_large_exponent_does_not_overflow() -> None:
    assert markup([1000.0], 1.0, [0.0]) == pytest.approx(1000 - np.log(992.1), abs=0.01)
    with pytest.raises(ValueError, match="positive"):
        markup([1.0], 0, [1.0])
