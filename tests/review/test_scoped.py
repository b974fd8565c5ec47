from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.terms import EVERYTHING, Scope
from hardgate.review.scoped import DIMENSIONS, Row, clashes, setting, within

POOL = Scope.of(region="cn-north", accelerator="H20", pool="hall-4")


def row(limit: float, **scope: str) -> Row:
    return Row(Scope.of(**scope), {"limit": limit}, {"limit": 1}, 1)


def limit(rows: list[Row], scope: Scope) -> float | None:
    found = setting(rows, "limit", scope)
    return None if found is None else found.value


def test_the_narrowest_row_that_covers_a_scope_wins() -> None:
    rows = [
        row(0.1),
        row(0.2, region="cn-north"),
        row(0.3, region="cn-north", accelerator="H20"),
        row(0.4, region="eu"),
    ]
    assert limit(rows, POOL) == 0.3
    assert limit(rows, Scope.of(region="cn-north", accelerator="A100")) == 0.2
    assert limit(rows, Scope.of(region="us")) == 0.1
    assert limit(rows[1:], EVERYTHING) is None


def test_a_row_for_a_pool_lies_within_its_region_and_accelerator() -> None:
    rows = [row(0.1, pool="hall-4"), row(0.2, region="cn-north", accelerator="H20")]
    assert limit(rows, POOL) == 0.1
    assert list(clashes(rows)) == []


def test_a_row_for_a_tranche_lies_within_its_pool() -> None:
    assert within(Scope.of(tranche="t-1"), Scope.of(pool="hall-4"))
    assert not within(Scope.of(pool="hall-4"), Scope.of(tranche="t-1"))
    assert not within(Scope.of(pool="hall-4"), Scope.of(customer="acme"))


def test_rows_that_cross_clash_until_a_third_decides() -> None:
    rows = [row(0.1, region="cn-north"), row(0.2, accelerator="H20")]
    [clash] = clashes(rows)
    assert (clash.first, clash.second, str(clash.scope)) == (0, 1, "cn-north / H20")
    assert list(clashes([*rows, row(0.3, region="cn-north", accelerator="H20")])) == []


def test_rows_that_cross_and_agree_do_not_clash() -> None:
    assert list(clashes([row(0.1, region="cn-north"), row(0.1, accelerator="H20")])) == []


def test_rows_that_set_different_things_do_not_clash() -> None:
    other = Row(Scope.of(accelerator="H20"), {"mode": "block"}, {"mode": 2}, 2)
    assert list(clashes([row(0.1, region="cn-north"), other])) == []


def test_rows_of_places_apart_do_not_clash() -> None:
    assert list(clashes([row(0.1, region="cn-north"), row(0.2, region="eu", accelerator="H20")])) == []


values = st.sampled_from(["a", "b"])
scopes = st.dictionaries(st.sampled_from(DIMENSIONS[:6]), values, max_size=3).map(
    lambda found: Scope(tuple((name, found[name]) for name in DIMENSIONS if name in found))
)


@given(st.lists(scopes, max_size=5, unique=True), scopes)
def test_where_nothing_clashes_the_order_of_the_rows_does_not_matter(found: list[Scope], scope: Scope) -> None:
    rows = [Row(one, {"limit": i}, {"limit": i}, i) for i, one in enumerate(found)]
    if not list(clashes(rows)):
        assert len({limit(list(order), scope) for order in permutations(rows)}) == 1
