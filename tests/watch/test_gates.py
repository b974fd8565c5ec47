"""Signals on the world of three laws: what fires, what clears, and what is not known."""

from dataclasses import replace
from typing import Any

import pytest

from hardgate.core.terms import Outcome, Rows, Scope
from hardgate.watch.cash_inflection import gate as cash_inflection
from hardgate.watch.cloud_growth import Limits
from hardgate.watch.cloud_growth import gate as cloud_growth
from tests.evidence import Tables
from tests.worlds import WORLDS

WATCH = next(world for world in WORLDS if world.name == "watch")
SAID = {
    # growth 143/106 - 1 = 34.9 %, after 130/100 - 1 = 30.0 %
    "watch.cloud_growth": (Outcome.PASS, (0.349057, 0.049057)),
    # 16/143 against 9/106
    "watch.segment_margin": (Outcome.PASS, (0.027,)),
    "watch.utilization_disclosure": (Outcome.PASS, (1.0,)),
    "watch.cmr_to_profit": (Outcome.PASS, (0.1129, 0.0978)),
    "watch.cash_inflection": (Outcome.PASS, (3.0,)),
    # 420 after 480
    "watch.capex_guidance": (Outcome.PASS, (-0.125,)),
    # 90 after 105
    "watch.capex_cut": (Outcome.PASS, (-0.1429,)),
    # 33 of 112
    "watch.ai_share": (Outcome.PASS, (0.2946,)),
    # 22/5 and 30/8 are both doublings: two known quarters
    "watch.growth_streak": (Outcome.FAIL, (2.0,)),
    # 13 of 20
    "watch.city_breakeven": (Outcome.PASS, (0.65,)),
    # a margin of 11.2 % misses 12 %; capex of 90 keeps 100; revenue is still open
    "watch.promises": (Outcome.PASS, (1.0,)),
}


def test_every_signal_has_its_hand_made_reading() -> None:
    assert set(SAID) == set(WATCH.gates)


@pytest.mark.parametrize("name", SAID)
def test_a_signal_says_what_was_worked_out_by_hand(name: str) -> None:
    verdict = WATCH.verdict(WATCH.gates[name], WATCH.full)
    outcome, values = SAID[name]
    assert verdict.outcome is outcome, verdict.because
    assert [one.value for one in verdict.readings] == [pytest.approx(value, abs=6e-5) for value in values]


@pytest.mark.parametrize("name", SAID)
def test_a_signal_opens_nothing_and_cites_where_its_figures_stand(name: str) -> None:
    gate = WATCH.gates[name]
    assert (gate.opens, gate.per) == (None, ("company",))
    for reading in WATCH.verdict(gate, WATCH.full).readings:
        assert "2026" in reading.because
        assert reading.batches


def at(company: str, gate: Any, evidence: Tables) -> Any:
    return replace(WATCH, scope=Scope.of(company=company)).verdict(gate, evidence)


def test_growth_within_the_band_below_the_limit_does_not_fire_anew() -> None:
    strict = WATCH.verdict(cloud_growth, WATCH.full, Limits(cloud_growth=0.36))
    assert strict.outcome is Outcome.FAIL


def test_a_company_that_nobody_knows_is_unknown_everywhere() -> None:
    assert {at("Nobody", gate, WATCH.full).outcome for gate in WATCH.gates.values()} == {Outcome.UNKNOWN}


def test_no_sentence_in_a_document_that_was_read_clears_and_no_document_is_unknown() -> None:
    gate = WATCH.gates["watch.utilization_disclosure"]
    assert at("Peer", gate, WATCH.full).outcome is Outcome.FAIL
    bare = replace(WATCH.full, tables={**WATCH.full.tables, "disclosure": Rows()})
    assert at("Peer", gate, bare).outcome is Outcome.UNKNOWN


def test_a_sentence_is_cited_with_its_document() -> None:
    verdict = WATCH.verdict(WATCH.gates["watch.utilization_disclosure"], WATCH.full)
    assert '"Demand_exceeds_supply." (release-2026-08-13)' in verdict.readings[0].because


def test_cash_can_be_read_by_single_quarters_where_policy_says_so() -> None:
    by_quarter = replace(cash_inflection.limits, basis="quarter")
    assert WATCH.verdict(cash_inflection, WATCH.full, by_quarter).readings[0].metric == "fcf_positive_quarters"
