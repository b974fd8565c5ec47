from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.errors import BadInput
from hardgate.rollups.owners import Declared, Identity, Pools, own, single
from hardgate.rollups.settings import EVER, NEVER, Pool

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def test_settings_say_before_the_table_does() -> None:
    pools = Pools([Pool("a", "north", "H20", JUNE)], [Declared("a", "south", "B200", EVER, NEVER, EVER, NEVER)])
    assert [(cell[0], *cell[4:]) for cell in pools.cells("a")] == [(EVER, "south", "B200"), (JUNE, "north", "H20")]


def test_a_pool_is_unknown_until_its_declaration_is_known() -> None:
    pools = Pools([], [Declared("a", "south", "B200", EVER, NEVER, JUNE, NEVER)])
    assert [(cell[2], cell[4]) for cell in pools.cells("a")] == [(EVER, "unknown"), (JUNE, "south")]
    assert pools.declares("a")
    assert not pools.declares("b")


def test_an_identity_is_cut_where_its_pool_changes() -> None:
    pools = Pools([Pool("a", "north", "H20", EVER, JUNE), Pool("a", "north", "B200", JUNE)], [])
    assert pools.rows([Identity("k", "a", MAY, JULY)]) == [
        ("k", MAY, JUNE, EVER, NEVER, "a", "north", "H20"),
        ("k", JUNE, JULY, EVER, NEVER, "a", "north", "B200"),
    ]


def test_a_key_of_two_pools_on_one_day_is_an_error() -> None:
    with pytest.raises(BadInput, match=r"table t, key 'k': stands for pool 'a' and for pool 'b' on 2026-06-01"):
        single([Identity("k", "a", MAY, JULY), Identity("k", "b", JUNE)], "t")


def test_a_key_that_changes_hands_has_each_pool_on_its_days() -> None:
    both = [Identity("k", "a", EVER, JUNE), Identity("k", "b", JUNE)]
    assert single([*both, both[0]], "t") == both


def test_a_row_that_names_its_pool_is_not_mixed_up_with_a_key() -> None:
    assert own(["a"]) == [Identity("pool a", "a")]


bounds = st.sampled_from([EVER, MAY, JUNE, JULY, NEVER])


@given(
    st.lists(st.builds(Declared, st.just("a"), st.sampled_from("xyz"), st.just("H20"), bounds, bounds, bounds, bounds)),
    st.dates(date(2026, 4, 1), date(2026, 8, 1)),
    st.dates(date(2026, 4, 1), date(2026, 8, 1)),
)
def test_the_cells_of_a_pool_cover_every_day_once(declared: list[Declared], day: date, known: date) -> None:
    inside = [
        cell for cell in Pools([], declared).cells("a") if cell[0] <= day < cell[1] and cell[2] <= known < cell[3]
    ]
    assert len(inside) == 1
    said = [
        one.region
        for one in declared
        if one.valid_from <= day < one.valid_to and one.known_from <= known < one.known_to
    ]
    assert inside[0][4] == (said[0] if said else "unknown")
