from dataclasses import replace

import pytest

from hardgate.core.terms import Action
from hardgate.review.assumptions import ASSUMPTIONS
from hardgate.review.policy import parse
from hardgate.review.policy_template import policy_text
from tests.review.made import GATES, METRICS, CoverLimits, FillLimits

TEXT = policy_text(GATES, METRICS)


def test_the_policy_that_is_written_says_what_the_gates_say() -> None:
    found = parse("policy.yaml", TEXT.encode(), GATES, METRICS)
    assert found.gates() == GATES
    assert found.limits("capacity.fill") == FillLimits()
    assert found.limits("capacity.covered") == CoverLimits()
    assert found.limit_source("capacity.fill", "full").startswith("policy.yaml line")


def test_each_limit_is_explained_by_its_metric() -> None:
    assert "    full: 75%                               # at least; productive of available GPU-hours\n" in TEXT
    assert "    # cap:\n" in TEXT


def test_every_scope_example_is_sound_when_its_comment_is_removed() -> None:
    plain = TEXT.replace("    # scopes:", "    scopes:").replace("    #   - ", "      - ")
    found = parse("policy.yaml", plain.encode(), GATES, METRICS)
    assert [str(row.scope) for row in found.rows["capacity.fill"]] == ["everything", "cn-north", "cn-north-reserve"]
    assert [str(row.scope) for row in found.rows["capacity.covered"]] == ["everything", "hall-4"]


def test_every_assumption_is_written_as_a_value_or_as_a_comment() -> None:
    for one in ASSUMPTIONS:
        begins = f"  {one.name}: {one.start}" if one.start else f"  # {one.name}{'.' if one.family else ':'}"
        assert any(line.startswith(begins) for line in TEXT.splitlines())


def test_only_guarded_actions_have_a_matrix() -> None:
    found = parse("policy.yaml", TEXT.encode(), GATES, METRICS)
    assert [action for action in Action if found.needed(action, None)] == [Action.BUILD, Action.RELEASE]


@pytest.mark.parametrize("gates", [{}, {"capacity.fill": replace(GATES["capacity.fill"], also_opens=(Action.SELL,))}])
def test_any_set_of_gates_gives_a_policy_that_can_be_read(gates: dict[str, "object"]) -> None:
    text = policy_text(gates, METRICS)  # type: ignore[arg-type]
    assert list(parse("policy.yaml", text.encode(), gates, METRICS).gates()) == list(gates)  # type: ignore[arg-type]
