import hashlib
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from hardgate.core.errors import Misconfigured, NotFound
from hardgate.core.terms import EVERYTHING, Action, Assumption, Mode, Needed, Scope
from hardgate.gates.judge import Rule
from hardgate.review.decide import Consequence
from hardgate.review.policy import Signer, load, parse
from tests.review.made import COVER, FULL, GATES, METRICS, CoverLimits, FillLimits, policy, told

NORTH = Scope.of(region="cn-north", accelerator="H20")
HALL = Scope.of(region="cn-north", accelerator="H20", pool="hall-4")
KEY = f"ed25519:{'A' * 43}="


def test_a_gate_that_the_file_does_not_name_is_in_shadow_with_its_own_limits() -> None:
    empty = policy("")
    assert list(empty.gates()) == ["capacity.covered", "capacity.fill", "capacity.signal"]
    assert empty.mode("capacity.fill") is Mode.SHADOW
    assert empty.rule("capacity.fill") == Rule(mode=Mode.SHADOW, owner="capacity")
    assert empty.consequence("capacity.fill") == Consequence("capacity.fill", on_fail="hold", unknown="never")
    assert empty.limits("capacity.fill") == FillLimits()
    assert empty.limit_sources("capacity.fill") == "default of capacity.fill"
    assert (empty.confidence, empty.horizon) == (0.9, "26w")


def test_limits_are_set_in_all_and_by_scope() -> None:
    found = policy(
        """
        gates:
          capacity.fill:
            mode: block
            full: 72%
            scopes:
              - {region: cn-north, full: 70 %, rung: sold}
              - {pool: hall-4, full: 0.5, mode: advise}
          capacity.covered: {cover: 115%, top: 3, strict: true, basis: raw, cap: 0.25}
        """
    )
    assert found.limits("capacity.fill") == FillLimits(full=0.72)
    assert found.limits("capacity.fill", NORTH) == FillLimits("sold", 0.7)
    assert found.limits("capacity.fill", HALL) == FillLimits("sold", 0.5)
    assert found.limits("capacity.covered") == CoverLimits(1.15, 3, True, "raw", 0.25)
    assert [found.mode("capacity.fill", one) for one in (NORTH, HALL)] == [Mode.BLOCK, Mode.ADVISE]


def test_each_limit_says_where_it_comes_from() -> None:
    found = policy("gates:\n  capacity.fill:\n    full: 72%\n    scopes:\n      - {region: cn-north, full: 70%}\n")
    assert found.limit_source("capacity.fill", "full") == "policy.yaml line 3"
    assert found.limit_source("capacity.fill", "full", NORTH) == "policy.yaml line 5"
    assert found.limit_source("capacity.fill", "sold", NORTH) == "default of capacity.fill"
    assert found.limit_sources("capacity.fill", NORTH) == "full policy.yaml line 5; else default of capacity.fill"


def test_limits_that_all_come_from_one_line_name_it_once() -> None:
    found = policy("gates:\n  capacity.fill: {rung: sold, full: 72%, sold: 80%}\n")
    assert found.limit_sources("capacity.fill") == "policy.yaml line 2"


def test_the_rule_of_a_gate_is_set_in_all_and_by_scope() -> None:
    found = policy(
        """
        gates:
          capacity.fill:
            owner: li.wei
            held_for: 3
            band: 2 points
            cool_down: 4w
            max_missing: 10%
            max_missing_money: 1%
            on_fail: refuse
            unknown: waivable
            scopes:
              - {region: cn-north, held_for: 1, unknown: never}
        """
    )
    rule = Rule(Mode.SHADOW, "li.wei", 3, 0.02, 4, 0.1, 0.01)
    assert found.rule("capacity.fill") == rule
    assert found.rule("capacity.fill", NORTH) == replace(rule, held_for=1)
    assert found.consequence("capacity.fill") == Consequence("capacity.fill", "refuse", "waivable")
    assert found.consequence("capacity.fill", NORTH) == Consequence("capacity.fill", "refuse", "never")


def test_window_dimensions_and_owner_become_the_gates_own() -> None:
    gate = policy("gates:\n  capacity.fill: {window: 13w, per: [pool], owner: li.wei}\n").gates()["capacity.fill"]
    assert (gate.window, gate.per, gate.owner) == ("13w", ("pool",), "li.wei")
    assert gate.conditions == GATES["capacity.fill"].conditions


def test_an_own_gate_is_a_gate_like_any_other() -> None:
    found = policy(
        """
        own_gates:
          - name: own.covered_enough
            metric: cover
            at_least: 120%
            opens: build
            window: 12m
            held_for: 2
            mode: block
            scopes: [{region: cn-north, at_least: 110%}]
          - {name: own.too_full, metric: full, at_most: 95%, question: Is it too full?, per: [pool], owner: ops}
        """
    )
    gates = found.gates()
    assert gates["own.covered_enough"].opens is Action.BUILD
    assert gates["own.covered_enough"].conditions[0].metric is COVER
    assert gates["own.covered_enough"].conditions[0].at_least == "limit"
    assert gates["own.covered_enough"].question == "Is cover at least its limit?"
    assert found.limits("own.covered_enough").limit == 1.2
    assert found.limits("own.covered_enough", NORTH).limit == 1.1
    assert found.rule("own.covered_enough").held_for == 2
    assert found.limit_source("own.covered_enough", "limit") == "policy.yaml line 5"
    full = gates["own.too_full"]
    assert (full.opens, full.question, full.per, full.owner) == (None, "Is it too full?", ("pool",), "ops")
    assert (full.conditions[0].metric, full.conditions[0].at_most) == (FULL, "limit")


def test_an_assumption_has_a_value_a_unit_and_a_source() -> None:
    found = policy(
        """
        assumptions:
          discount_rate: 12%
          power_price: {value: 0.08, source: contract of 2026}
          haircut.A: 95%
          scopes:
            - {region: cn-north, power_price: 0.05}
        """
    )
    rate = Assumption("discount_rate", 0.12, "share a year", "policy.yaml line 3")
    assert found.assumption("discount_rate", NORTH) == rate
    power = Assumption("power_price", 0.08, "currency per kWh", "contract of 2026 (policy.yaml line 4)")
    assert found.assumption("power_price") == power
    assert found.assumption("power_price", NORTH) == Assumption(
        "power_price", 0.05, "currency per kWh", "policy.yaml line 7"
    )
    assert found.assumption("haircut.A") == Assumption("haircut.A", 0.95, "share", "policy.yaml line 5")


def test_an_assumption_that_nobody_states_is_none_and_not_zero() -> None:
    assert policy("").assumption("power_price") is None
    assert policy("assumptions: {haircut.A: 95%}").assumption("haircut.B") is None


def test_a_metric_that_asks_for_an_assumption_no_policy_can_state_is_at_fault() -> None:
    with pytest.raises(NotFound, match=re.escape("no assumption is called 'power_prize'; did you mean 'power_price'?")):
        policy("").assumption("power_prize")


def test_a_gate_that_does_not_exist_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match=re.escape("no gate is called 'capacity.fil'; did you mean 'capacity.fill'?")):
        policy("").limits("capacity.fil")


def test_the_matrix_says_who_must_sign() -> None:
    found = policy(
        """
        sign_off:
          - {action: BUILD, up_to: 10 m, roles: [finance]}
          - {action: BUILD, roles: [finance, cfo]}
        """
    )
    assert found.needed(Action.BUILD, Decimal(10_000_000), NORTH) == (Needed("finance"),)
    assert found.needed(Action.BUILD, Decimal(10_000_001), NORTH) == (Needed("finance"), Needed("cfo"))
    assert found.needed(Action.SELL, Decimal(1)) == ()
    assert found.unfilled() == ("finance", "cfo")
    assert found.roles == ("finance", "cfo")


def test_signers_are_known_by_name() -> None:
    found = policy(
        f"""
        roles: [finance]
        signers:
          - {{name: li.wei, roles: [finance], up_to: 50 m, key: "{KEY}", email: li.wei@example.com}}
        """
    )
    assert found.signer("li.wei") == Signer("li.wei", ("finance",), KEY, Decimal(50_000_000), "li.wei@example.com")
    with pytest.raises(NotFound, match=re.escape("policy.yaml names no signer 'liwei'; did you mean 'li.wei'?")):
        found.signer("liwei")


def test_waivers_have_rules() -> None:
    found = policy(
        "waivers: {roles: [cfo], max_days: 30, not_for: [capacity.covered], unknown: [capacity.fill]}\n"
        "gates: {capacity.fill: {scopes: [{region: eu, unknown: never}]}}\n"
    )
    assert found.waivers.needed == (Needed("cfo"),)
    assert (found.waivers.max_days, found.waivers.not_for) == (30, frozenset({"capacity.covered"}))
    assert found.consequence("capacity.fill", NORTH).unknown == "waivable"
    assert found.consequence("capacity.fill", Scope.of(region="eu")).unknown == "never"


def test_scopes_that_the_file_names_are_listed_with_their_lines() -> None:
    found = policy(
        """
        gates:
          capacity.fill:
            scopes:
              - {region: cn-nroth, full: 70%}
        assumptions:
          scopes: [{pool: hall-9, power_price: 0.05}]
        """
    )
    named = [(Scope.of(region="cn-nroth"), "policy.yaml line 5"), (Scope.of(pool="hall-9"), "policy.yaml line 7")]
    assert list(found.named()) == named


def test_the_digest_is_that_of_the_files_bytes(tmp_path: Path) -> None:
    content = b"confidence: 80%\r\n"
    (tmp_path / "policy.yaml").write_bytes(content)
    found = load(tmp_path / "policy.yaml", GATES, METRICS)
    assert (found.digest, found.confidence, found.file) == (hashlib.sha256(content).hexdigest(), 0.8, "policy.yaml")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(tmp_path / "policy.yaml", GATES, METRICS)
    assert str(caught.value) == "policy.yaml: this file does not exist\n    hardgate init writes one"


def test_bytes_that_are_not_utf8_are_shown_by_place() -> None:
    with pytest.raises(Misconfigured, match=re.escape("policy.yaml:2:9: this is not UTF-8")):
        parse("policy.yaml", b"horizon: 8w\nroles: [\xff]\n", GATES, METRICS)


def test_sections_may_stand_empty_with_everything_commented_out() -> None:
    found = policy("confidence:\ngates:\n  capacity.fill:\nown_gates:\nassumptions:\nsign_off:\nwaivers:\nsigners:\n")
    assert found.limits("capacity.fill") == FillLimits()
    assert found.needed(Action.BUILD, None) == ()


def test_all_mistakes_of_a_file_are_told_at_once_in_their_order() -> None:
    said = told(
        """
        confidence: 9
        gates:
          capacity.fil: {mode: block}
          capacity.fill:
            full: 75
            scopes:
              - {city: chengdu, full: 70%}
        own_gates:
          - {name: own.x, metric: fulll, at_least: 80%}
        sign_off:
          - {action: BUILD, up_to: 10 m, roles: [finance]}
        waivers: {roles: [cfo], not_for: [own.x, own.y]}
        gates: {}
        """
    )
    assert [line for line in said.splitlines() if line.startswith("policy.yaml")] == [
        "policy.yaml:2:13: a share lies between 0 and 1, found 9",
        "policy.yaml:4:3: no gate is called 'capacity.fil'",
        "policy.yaml:6:11: a share lies between 0 and 1, found 75",
        "policy.yaml:8:10: capacity.fill is not judged on city",
        "policy.yaml:10:27: no metric is called 'fulll'",
        "policy.yaml:12:5: nobody may sign BUILD above 10,000,000",
        "policy.yaml:13:42: no gate is called 'own.y'",
        "policy.yaml:14:1: the key 'gates' stands here again; it is already in line 3",
    ]


def test_rows_that_clash_in_two_limits_are_told_once() -> None:
    said = told(
        "gates:\n  capacity.fill:\n    scopes:\n      - {region: a, full: 70%, rung: full}\n      - {region: a, full: 60%, rung: sold}\n"
    )
    assert [line for line in said.splitlines() if line.startswith("policy.yaml")] == [
        "policy.yaml:5:9: rung of a is already set in line 4"
    ]


def test_an_unknown_key_of_an_assumption_is_told_wherever_it_stands() -> None:
    said = told(
        """
        assumptions:
          haircut.A: {value: 90%, sorce: x}
          discount_rate: {value: 12%, sorce: x}
          scopes: [{region: a, pue: {value: 2, sorce: x}}]
        """
    )
    assert [line for line in said.splitlines() if line.startswith("policy.yaml")] == [
        "policy.yaml:3:27: unknown key 'sorce'",
        "policy.yaml:4:31: unknown key 'sorce'",
        "policy.yaml:5:40: unknown key 'sorce'",
    ]


def test_the_unknown_of_a_gate_that_is_set_nowhere_else_can_be_waived() -> None:
    found = policy("waivers: {roles: [cfo], unknown: [capacity.fill]}\n")
    assert found.consequence("capacity.fill").unknown == "waivable"


def test_one_mistake_is_not_told_twice() -> None:
    """A role list that cannot be read is not also a matrix without a top, nor a signer of no role."""
    said = told("sign_off:\n  - {action: BUILD, roles: cfo}\nwaivers: {roles: [cfo], max_days: many}\n")
    assert [line for line in said.splitlines() if line.startswith("policy.yaml")] == [
        "policy.yaml:2:28: expected a list, found 'cfo'",
        "policy.yaml:3:35: expected a whole number of at least 1, found 'many'",
    ]


@dataclass(frozen=True, slots=True)
class Odd:
    limit: tuple[int, ...] = ()


def test_a_gate_with_a_limit_that_policy_cannot_set_is_at_fault() -> None:
    odd = replace(GATES["capacity.fill"], name="capacity.odd", limits=Odd())
    with pytest.raises(ValueError, match=re.escape("capacity.odd: limit 'limit' is of type tuple")):
        parse("policy.yaml", b"", {"capacity.odd": odd}, METRICS)


@dataclass(frozen=True, slots=True)
class Clashing:
    mode: str = "x"


def test_a_gate_with_a_limit_called_like_a_rule_is_at_fault() -> None:
    clashing = replace(GATES["capacity.fill"], name="capacity.odd", limits=Clashing())
    with pytest.raises(
        ValueError, match=re.escape("capacity.odd has limits that are called like a rule or a dimension: mode")
    ):
        parse("policy.yaml", b"", {"capacity.odd": clashing}, METRICS)


def test_the_same_bytes_give_the_same_policy() -> None:
    text = "gates:\n  capacity.fill: {full: 70%, held_for: 2}\nassumptions: {pue: 1.2}\n"
    assert policy(text) == policy(text)
    assert policy(text).limits("capacity.fill", EVERYTHING) is not None
