import numpy as np
import pytest

from hardgate.models.bundle import Segment, best_components, best_mixed, best_pure, by_size, profits

LINDO = [(7, (450, 110, 530)), (5, (75, 430, 480)), (6, (290, 250, 410)), (4.5, (220, 380, 390))]
STIGLER = [Segment(1, (8000, 2500)), Segment(1, (7000, 3000))]


def test_the_sample_model_of_lindo() -> None:
    found = best_mixed(LINDO, (0, 0))
    assert found.profit == 9090
    assert found.prices == (330, 380, 410)
    assert found.choices == (2, 2, 2, 1)


def test_block_booking() -> None:
    assert best_mixed(STIGLER, (0, 0)).profit == 20_000
    assert best_pure(STIGLER, (0, 0)).prices == (None, None, 10_000)
    apart = best_components(STIGLER, (0, 0))
    assert (apart.profit, apart.prices) == (19_000, (7000, 2500, 9500))
    assert by_size(STIGLER, (0, 0)).profit == 20_000


def test_a_floor_binds_and_a_capacity_binds() -> None:
    assert best_mixed(STIGLER, (0, 0), (0, 0, 10_400)).profit == 14_000  # the first film to both at 7,000
    one = best_mixed([(3, (10,)), (5, (8,))], (2,), needs=(1,), capacity=4)
    assert (one.prices, one.choices, one.profit) == ((10,), (0, None), 24)


def test_nothing_is_sold_below_its_cost() -> None:
    found = best_mixed([(3, (10,)), (5, (8,))], (20,))
    assert (found.choices, found.profit, found.revenue) == ((None, None), 0, 0)


def test_profit_over_draws_is_that_of_each_draw() -> None:
    values = np.array([[[10.0], [8.0]], [[7.0], [8.0]]])
    assert profits(values, [3, 5], [2], [8]).tolist() == [8 * 6, 5 * 6]


@pytest.mark.parametrize(("values", "costs"), [((1, 2, 3, 4), (1, 1, 1)), ((1, 2), (1, 1, 1, 1))])
def test_numbers_that_fit_no_number_of_products_are_refused(
    values: tuple[float, ...], costs: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=f"{len(values)} reservation prices and {len(costs)} costs"):
        best_mixed([(1, values)], costs)
