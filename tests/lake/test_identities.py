"""Rules that say whose a foreign key is."""

from datetime import date

import pytest

from hardgate.core.errors import BadInput, Misconfigured
from hardgate.lake.identities import Identity, Rule, resolve

COLUMNS = ("resource_id", "tags")


def rule(column: str, sort: str, match: str, entity: str, **days: date) -> Rule:
    """Return a rule for a bill."""
    return Rule("cost_and_usage", column, sort, match, entity, "pool", **days)


@pytest.mark.parametrize(
    ("one", "matches"),
    [
        (rule("resource_id", "exact", "i-1", "p"), ["i-1|team=a\nx=y"]),
        (rule("resource_id", "prefix", "i-", "p"), ["i-1|team=a\nx=y", "i-2|team=ab"]),
        (rule("resource_id", "regex", r"\d$", "p"), ["i-1|team=a\nx=y", "i-2|team=ab"]),
        (rule("tags", "tag", "team=a", "p"), ["i-1|team=a\nx=y"]),
        (rule("tags", "exact", "team=ab", "p"), ["i-2|team=ab"]),
        (rule("region", "exact", "cn", "p"), []),
    ],
)
def test_a_rule_matches_cells_of_its_column(one: Rule, matches: list[str]) -> None:
    keys = [("i-1", "team=a\nx=y"), ("i-2", "team=ab"), ("", "")]
    assert [found.foreign_key for found in resolve([one], "cost_and_usage", COLUMNS, keys)] == matches


def test_a_key_of_two_owners_on_the_same_days_is_an_error_that_names_both_rules() -> None:
    rules = [rule("resource_id", "prefix", "i-", "north"), rule("tags", "tag", "team=a", "south")]
    with pytest.raises(BadInput) as raised:
        resolve(rules, "cost_and_usage", COLUMNS, [("i-1", "team=a")])
    said = str(raised.value)
    assert "the key 'i-1|team=a' is given to two owners" in said
    assert "cost_and_usage.resource_id prefix 'i-' = pool 'north'" in said
    assert "cost_and_usage.tags tag 'team=a' = pool 'south'" in said


def test_a_key_may_change_its_owner_on_a_day() -> None:
    until, since = {"valid_to": date(2026, 7, 1)}, {"valid_from": date(2026, 7, 1)}
    rules = [rule("resource_id", "prefix", "i-", "old", **until), rule("resource_id", "exact", "i-1", "new", **since)]
    assert resolve(rules, "cost_and_usage", ("resource_id",), [("i-1",)]) == [
        Identity("i-1", "old", valid_to=date(2026, 7, 1)),
        Identity("i-1", "new", valid_from=date(2026, 7, 1)),
    ]


def test_two_rules_for_one_owner_agree() -> None:
    rules = [rule("resource_id", "prefix", "i-", "p"), rule("resource_id", "exact", "i-1", "p")]
    assert resolve(rules, "cost_and_usage", ("resource_id",), [("i-1",)]) == [Identity("i-1", "p")]


def test_owners_of_another_kind_do_not_meet() -> None:
    rules = [
        rule("resource_id", "exact", "i-1", "p"),
        Rule("cost_and_usage", "resource_id", "exact", "i-1", "q", "product"),
    ]
    assert resolve(rules, "cost_and_usage", ("resource_id",), [("i-1",)], kind="product") == [Identity("i-1", "q")]


@pytest.mark.parametrize(
    ("sort", "match", "said"),
    [("prefx", "i-", "did you mean 'prefix'"), ("regex", "(", "'\\(' is no regular expression: missing \\)")],
)
def test_a_rule_that_cannot_be_is_a_mistake_in_the_settings(sort: str, match: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        rule("resource_id", sort, match, "p")
