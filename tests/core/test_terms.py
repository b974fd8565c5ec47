import inspect
from importlib import import_module

import pytest

from hardgate.core import terms
from hardgate.core.terms import EVERYTHING, Scope, Status


def test_a_scope_covers_what_has_all_its_parts() -> None:
    region, pool = Scope.of(region="north"), Scope.of(region="north", accelerator="H20")
    assert region.covers(pool)
    assert not pool.covers(region)
    assert EVERYTHING.covers(region)
    assert pool.narrowed(("accelerator", "tranche")) == Scope.of(accelerator="H20")


def test_a_result_is_as_good_as_its_weakest_input() -> None:
    assert Status.weakest([Status.MEASURED, Status.ASSUMED, Status.DERIVED]) is Status.ASSUMED
    assert Status.weakest([Status.MEASURED, Status.REPORTED]) is Status.REPORTED
    assert Status.weakest([]) is Status.ASSUMED


def test_every_noun_of_the_design_is_here() -> None:
    nouns = [
        "Schema",
        "Fact",
        "Metric",
        "Reading",
        "Ask",
        "Condition",
        "Gate",
        "Verdict",
        "Waiver",
        "Decision",
        "Evidence",
        "Exhibit",
        "Entry",
    ]
    assert [noun for noun in nouns if not hasattr(terms, noun)] == []


CONCEPTS = ("ask", "decision", "evidence", "exhibit", "gate", "reading", "schema", "scope", "verdict")


@pytest.mark.parametrize("concept", CONCEPTS)
def test_every_noun_of_a_concept_can_be_imported_from_terms(concept: str) -> None:
    module = import_module(f"hardgate.core.{concept}")
    mine = {name for name, one in vars(module).items() if inspect.isclass(one) and one.__module__ == module.__name__}
    assert mine
    assert mine <= set(terms.__all__)
    assert f"\n    {concept} " in str(terms.__doc__), "the head of terms says where each concept is"
