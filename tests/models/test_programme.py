"""The programme against a sheet worked out cell by cell (tests/against/make_programme_sheet.py), and what must hold."""

import csv
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.programme import HOURS_PER_QUARTER, Other, Programme, Vintage
from hardgate.models.programme_run import Run, run, taxed

SHEET = Path(__file__).with_name("programme_sheet.csv")
DEMAND = np.array([90, 99, 108, 117, 126, 126, 117, 108]) / 90
PRICE = np.array([1, 0.98, 0.96, 0.94, 0.92, 0.90, 0.88, 0.86])


def hall(name: str, spend: int, amount: float, gpus: float, price: float, **more: float) -> Vintage:
    given = {"lead": 2, "life": 12, "productive_share": 0.8, "kilowatts": 1.0, "opex": 900, "variable_cost": 0.1}
    return Vintage(name, spend, amount, gpus=gpus, price=price, **{**given, **more})  # type: ignore[arg-type]


PROGRAMME = Programme(
    vintages=(
        hall("hall-1", -4, 800_000, 50, 4.0, lead=4, life=16, kilowatts=0.9, opex=1000, committed=True),
        hall("hall-2", 0, 1_200_000, 100, 3.5, ramp=1),
        hall("hall-3", 3, 600_000, 50, 3.6),
    ),
    quarters=8,
    demand=90,
    power_price=0.10,
    pue=1.25,
    idle_power=0.25,
    tax_rate=0.25,
    working_capital=0.2,
    bound=50_000,
    losses=100_000,
    others=(Other(500_000, 60_000, 40_000, 70_000, 5_000),) * 8,
    fees=(20_000, 0, 0, 0, 0, 0, 0, 0),
)


def sheet() -> dict[str, list[float]]:
    with SHEET.open(encoding="utf-8") as file:
        return {row[0]: [float(cell) for cell in row[1:]] for row in list(csv.reader(file))[1:]}


@pytest.mark.parametrize("line", [one.name for one in fields(Run)])
def test_every_line_ties_to_the_sheet_to_the_cent(line: str) -> None:
    """Quarter 0 by hand: 40 GPUs sold x 2,190 h x 4.00 = 350,400, and 500,000 of other segments."""
    assert getattr(run(PROGRAMME, DEMAND, PRICE), line) == pytest.approx(sheet()[line], abs=0.005)


def test_the_sheet_has_every_line() -> None:
    assert list(sheet()) == [one.name for one in fields(Run)]


def test_operating_cash_flow_less_capex_is_free_cash_flow() -> None:
    found = run(PROGRAMME, DEMAND, PRICE)
    assert (found.operating_cash_flow - found.capex - found.free_cash_flow).tolist() == [0.0] * 8


def test_the_margin_is_ebita_over_revenue_and_no_number_without_revenue() -> None:
    found = run(Programme((hall("late", 0, 100, 10, 1.0),), quarters=3, demand=5))
    assert np.isnan(found.margin[:2]).all()
    assert found.margin[2] == found.ebita[2] / found.revenue[2]


def test_a_delay_moves_what_goes_live_and_not_what_is_spent() -> None:
    """Hall 2 is spent in quarter 0 and live from quarter 2; two quarters late it is live from quarter 4."""
    alone = replace(PROGRAMME.without("hall-1", "hall-3"), others=(), fees=())
    on_time, late = run(alone), run(alone.moved(delay=2))
    assert on_time.sellable.tolist() == [0, 0, 40, 80, 80, 80, 80, 80]
    assert late.sellable.tolist() == [0, 0, 0, 0, 40, 80, 80, 80]
    assert late.capex.tolist() == on_time.capex.tolist() == [1_200_000, 0, 0, 0, 0, 0, 0, 0]


def test_without_new_vintages_the_programme_adds_nothing_but_its_fees() -> None:
    """20,000 of fees, of which 5,000 come back as tax is saved once the losses are used up."""
    found = run(PROGRAMME.without("hall-2", "hall-3"), DEMAND, PRICE)
    assert found.cash.sum() == pytest.approx(-15_000)


def test_a_level_of_what_can_be_sold_caps_the_load() -> None:
    full = Programme((hall("one", -2, 0, 100, 1.0),), quarters=1, demand=1000)
    assert run(full).sold.tolist() == [80]
    assert run(full.moved(productive_share=0.5)).sold.tolist() == [40]


def test_growth_and_erosion_are_continuously_compounded_a_year() -> None:
    """After 4 quarters demand is 100 e^.25 and the price e^-.15, half of it the vintage's own and half its level's."""
    one = replace(hall("one", -2, 0, 1000, 1.0), erosion=0.1)
    found = run(Programme((one,), quarters=5, demand=100, growth=0.25).moved(erosion=0.05))
    assert found.demand[4] == pytest.approx(128.402542)
    assert found.revenue[4] == pytest.approx(128.402542 * 0.860708 * HOURS_PER_QUARTER, rel=1e-6)


def test_losses_carry_forward_until_they_are_used_up() -> None:
    """A loss of 100 and 50 brought in: 60 and 90 of profit are free of tax, and then all of it is taxed."""
    assert taxed(np.array([-100.0, 60.0, 90.0, 40.0, -10.0, 30.0]), 0.25, 50.0).tolist() == [0, 0, 0, 10, 0, 5]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"others": (Other(1.0, 1.0),)}, "1 quarters of others in a programme of 8"),
        ({"fees": (1.0, 2.0)}, "2 quarters of fees in a programme of 8"),
        ({"quarters": 0, "others": (), "fees": ()}, "expected a quarter"),
        ({"correlation": 1.1}, r"correlation 1\.1: expected between -1 and 1"),
    ],
)
def test_a_programme_that_cannot_be_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(PROGRAMME, **changed)  # type: ignore[arg-type]


def test_a_vintage_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="vintage x: expected figures"):
        hall("x", 0, -1, 10, 1.0)


def test_leaving_out_an_unknown_vintage_is_refused() -> None:
    with pytest.raises(ValueError, match="no vintage is called hall-9"):
        PROGRAMME.without("hall-9")


def test_half_a_quarter_late_lies_between_the_whole_ones() -> None:
    found = run(PROGRAMME.without("hall-1", "hall-3").moved(delay=0.5))
    assert found.sellable.tolist() == [0, 0, 20, 60, 80, 80, 80, 80]


def test_a_programme_ahead_of_time_is_refused() -> None:
    with pytest.raises(ValueError, match="a delay of -1 quarters"):
        run(PROGRAMME.moved(delay=-1))
