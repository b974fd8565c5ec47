"""The text of every rollup runs on Spark as it stands, and gives there the rows that it gives on DuckDB."""

from collections.abc import Mapping

import pytest

from hardgate.rollups.definition import names
from tests.spark.beside import Compared

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("name", names())
def test_a_rollup_of_the_sample_gives_equal_rows_on_both_engines(
    of_the_sample: Mapping[str, Compared], name: str
) -> None:
    assert of_the_sample[name].differences == []


@pytest.mark.parametrize("name", names())
def test_a_rollup_of_late_and_restated_rows_gives_equal_rows_on_both_engines(
    of_tables_by_hand: Mapping[str, Compared], name: str
) -> None:
    assert of_tables_by_hand[name].differences == []


@pytest.mark.parametrize("name", names())
def test_no_rollup_was_compared_over_nothing(
    of_the_sample: Mapping[str, Compared], of_tables_by_hand: Mapping[str, Compared], name: str
) -> None:
    assert of_the_sample[name].rows + of_tables_by_hand[name].rows > 0
