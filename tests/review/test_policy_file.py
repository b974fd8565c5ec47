import json
import re
from typing import Any

from hardgate.core.terms import Action
from hardgate.review import areas
from hardgate.review.assumptions import ASSUMPTIONS
from hardgate.review.policy import json_schema, parse
from tests.review.made import GATES, METRICS

SCHEMA = json_schema(GATES, METRICS)


def at(*names: str) -> dict[str, Any]:
    """Return the schema of a section, following references."""
    here = SCHEMA
    for name in names:
        here = found(here["properties"][name])
    return here


def found(here: dict[str, Any]) -> dict[str, Any]:
    for one in here.get("anyOf", ()):
        if "$ref" in one:
            return found(one)
        if one.get("type") == "array":
            return found(one["items"])
    return found(SCHEMA["$defs"][here["$ref"].rsplit("/", 1)[1]]) if "$ref" in here else here


def test_the_schema_names_every_section() -> None:
    sections = ["confidence", "horizon", "roles", "sign_off", "waivers", "signers", "gates", "own_gates", "assumptions"]
    assert list(SCHEMA["properties"]) == sections
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_names_every_gate_with_its_limits_and_rules() -> None:
    assert list(at("gates")["properties"]) == list(GATES)
    fill = at("gates", "capacity.fill")
    assert {"rung", "full", "sold", "mode", "held_for", "per", "window", "scopes"} <= set(fill["properties"])
    assert fill["additionalProperties"] is False
    assert at("gates", "capacity.fill", "scopes")["properties"].keys() >= {"region", "pool", "full", "mode"}


def test_the_schema_offers_the_choices_of_a_limit() -> None:
    assert at("gates", "capacity.fill")["properties"]["rung"]["anyOf"][0]["enum"] == ["full", "sold"]
    assert at("gates", "capacity.covered")["properties"]["basis"]["anyOf"][0]["enum"] == ["raw", "haircut"]
    assert at("own_gates")["properties"]["metric"]["enum"] == ["cover", "full", "sold"]
    assert at("own_gates")["properties"]["opens"]["anyOf"][0]["enum"] == [one.value for one in Action]


def test_the_schema_takes_a_share_as_a_number_or_a_percentage() -> None:
    number, percent = at("gates", "capacity.fill")["properties"]["full"]["anyOf"]
    assert (number["minimum"], number["maximum"]) == (0, 1)
    assert [bool(re.search(percent["pattern"], one)) for one in ("72%", "72 %", "72", "%")] == [
        True,
        True,
        False,
        False,
    ]


def test_the_schema_takes_an_assumption_bare_or_with_its_source_and_families_by_their_keys() -> None:
    section = at("assumptions")
    bare, _, whole = section["properties"]["discount_rate"]["anyOf"]
    assert bare == {"type": "number", "minimum": 0, "maximum": 1}
    assert list(whole["properties"]) == ["value", "source"]
    assert list(section["patternProperties"]) == [rf"^{one.name}\.." for one in ASSUMPTIONS if one.family]
    assert section["additionalProperties"] is False
    assert {one.name for one in ASSUMPTIONS if not one.family} < set(section["properties"])


def test_the_schema_takes_an_empty_section_but_no_empty_value() -> None:
    assert {"type": "null"} in SCHEMA["properties"]["signers"]["anyOf"]
    assert {"type": "null"} in at("gates")["properties"]["capacity.fill"]["anyOf"]
    assert '"null"' not in json.dumps(at("gates", "capacity.fill"))


def test_the_schema_is_the_same_text_each_time() -> None:
    assert json.dumps(json_schema(GATES, METRICS)) == json.dumps(SCHEMA)


def test_every_installed_gate_can_be_set() -> None:
    gates, metrics = areas.gates(), areas.metrics()
    assert list(parse("policy.yaml", b"", gates, metrics).gates()) == sorted(gates)
    assert set(json_schema(gates, metrics)["properties"]) == set(SCHEMA["properties"])
