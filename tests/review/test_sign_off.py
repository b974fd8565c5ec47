from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.terms import EVERYTHING, Action, Needed, Scope
from hardgate.review.sign_off import Rung, needed, roles

NORTH = Scope.of(region="cn-north")
LADDER = (
    Rung(Action.BUILD, EVERYTHING, None, roles(["finance", "cfo"]), 1),
    Rung(Action.BUILD, EVERYTHING, Decimal(100), roles(["finance"]), 2),
    Rung(Action.BUILD, EVERYTHING, Decimal(1000), roles(["finance", "finance"]), 3),
    Rung(Action.BUILD, NORTH, None, roles(["board"]), 4),
)


def asked(amount: int | None, scope: Scope = EVERYTHING, action: Action = Action.BUILD) -> list[tuple[str, int]]:
    found = needed(LADDER, action, None if amount is None else Decimal(amount), scope)
    return [(one.role, one.count) for one in found]


def test_the_first_rung_that_the_amount_fits_on_says_who_signs() -> None:
    assert asked(99) == [("finance", 1)]
    assert asked(100) == [("finance", 1)]
    assert asked(101) == [("finance", 2)]
    assert asked(1001) == [("finance", 1), ("cfo", 1)]


def test_an_ask_that_cannot_be_valued_stands_on_the_top_rung() -> None:
    assert asked(None) == [("finance", 1), ("cfo", 1)]


def test_a_ladder_for_a_region_stands_in_place_of_the_general_one() -> None:
    assert asked(5, Scope.of(region="cn-north", accelerator="H20")) == [("board", 1)]


def test_an_action_without_rows_has_nobody_who_may_sign() -> None:
    assert asked(5, action=Action.SELL) == []


def test_a_role_that_stands_twice_needs_two_people() -> None:
    assert roles(["cfo", "finance", "cfo"]) == (Needed("cfo", 2), Needed("finance", 1))


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_larger_amount_never_stands_on_a_lower_rung(one: int, other: int) -> None:
    order = [[("finance", 1)], [("finance", 2)], [("finance", 1), ("cfo", 1)]]
    assert order.index(asked(min(one, other))) <= order.index(asked(max(one, other)))
