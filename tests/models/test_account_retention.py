"""The golden figures of METHODS 8 on a closed cohort."""

import pytest

from hardgate.models.account_retention import gross, movement, net


def test_the_golden_cohort() -> None:
    """Start 100: one customer grows by 30, one shrinks by 8, one leaves with 5; a new one counts for nothing."""
    found = movement([40, 55, 5, 0], [70, 47, 0, 80])
    assert (found.start, found.expansion, found.contraction, found.churn) == (100, 30, 8, 5)
    assert net(found.start, found.expansion, found.contraction, found.churn) == pytest.approx(1.17)
    assert gross(found.start, found.contraction, found.churn) == pytest.approx(0.87)
    assert found.end == 117
