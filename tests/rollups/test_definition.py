import pytest

from hardgate.core.errors import Misconfigured, NotFound
from hardgate.rollups.definition import Rollup, definition, names, parse

HEAD = """-- What it says.
--
-- More of it.
-- grain: month
-- forward: yes
-- inputs: a, b
-- spans: b
-- since: a(x, y), b(z)
-- reach: b
select :enough as e, ':not' as n -- :nor_this
from periods
"""


def test_the_head_of_the_file_is_read() -> None:
    assert parse("x", HEAD) == Rollup(
        name="x",
        sql=HEAD,
        meaning="What it says.",
        inputs=("a", "b"),
        grain="month",
        forward=True,
        spans=("b",),
        since=(("a", ("x", "y")), ("b", ("z",))),
        reach=("b",),
    )


def test_parameters_are_found_outside_quotes_and_comments() -> None:
    assert parse("x", HEAD).parameters == ("enough",)


def test_a_file_that_does_not_say_what_it_reads_is_an_error() -> None:
    with pytest.raises(Misconfigured, match=r"x\.sql does not say what it reads"):
        parse("x", "select 1")


def test_a_name_of_no_rollup_is_an_error_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean 'pool_day'"):
        definition("pool_dya")


def test_rollups_stand_after_those_that_they_read() -> None:
    order = {name: at for at, name in enumerate(names())}
    for name in names():
        assert all(order[one] < order[name] for one in definition(name).inputs if one in order)
    assert order["pool_hour"] < order["telemetry_day"] < order["pool_day"]
