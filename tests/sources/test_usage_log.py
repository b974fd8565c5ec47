import pytest

from hardgate.core.errors import BadInput, Misconfigured
from hardgate.sources.source import Input, RawColumns
from hardgate.sources.usage_log import beside_tokens

NAMES = {"account": ("account", "customer.id"), "feature": ("feature",)}


def columns(*names: str) -> RawColumns:
    return RawColumns(tuple((name, "varchar") for name in names))


def test_a_usual_name_is_taken_and_what_nothing_says_is_null() -> None:
    found = beside_tokens(columns("customer.id", "charge.currency", "retries"), Input("x"), NAMES,
                          currency=("currency", "charge.currency"))  # fmt: skip
    assert (found["account"], found["feature"]) == ('"customer.id"', "null")
    assert (found["currency"], found["retries"], found["steps"]) == ('"charge.currency"', '"retries"', "null")


def test_an_option_stands_before_a_usual_name_and_the_currency_of_the_input_where_the_file_has_none() -> None:
    given = Input("x", options={"account": "shop", "currency": "EUR"})
    found = beside_tokens(columns("account", "shop"), given, NAMES)
    assert (found["account"], found["currency"]) == ('"shop"', "'EUR'")


def test_a_column_that_is_not_there_is_named_in_the_words_of_the_format() -> None:
    with pytest.raises(Misconfigured, match=r"account = 'shops': the file has no such attribute; did you mean .*shop"):
        beside_tokens(columns("shop"), Input("x", options={"account": "shops"}), NAMES, called="attribute")
    with pytest.raises(BadInput, match="no column for the account: expected one of account, customer"):
        beside_tokens(columns("feature"), Input("x"), NAMES)
