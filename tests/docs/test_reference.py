"""Whatever hardgate has is documented, and the reference is what it has."""

import json
import re
import tomllib
from typing import Any

import click
import pytest

from docs import generate
from docs.consoles import ROOT
from hardgate.cli import group
from hardgate.review import areas, policy, policy_file, settings
from hardgate.review.assumptions import ASSUMPTIONS
from hardgate.rollups import definition
from hardgate.sources.source import tables

REMAKE = "the reference has drifted; remake it with: make docs"


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", sorted(generate.pages()))
def test_the_committed_reference_is_what_the_objects_say(name: str) -> None:
    committed = (generate.FOLDER / name).read_text("utf-8")
    assert committed == generate.pages()[name], REMAKE


def test_no_page_of_the_reference_is_left_over() -> None:
    assert sorted(path.name for path in generate.FOLDER.iterdir()) == sorted(generate.pages()), REMAKE


def verbs() -> list[str]:
    context = click.Context(group, info_name="hardgate")
    return list(group.list_commands(context))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gates.md", areas.gates()),
        ("metrics.md", areas.metrics()),
        ("exhibits.md", areas.exhibits()),
        ("tables.md", tables()),
        ("rollups.md", definition.names()),
        ("cli.md", [f"hardgate {verb}" for verb in verbs()]),
    ],
)
def test_everything_that_is_found_has_a_heading(name: str, found: Any) -> None:
    assert [one for one in found if f"\n## {one}\n" not in page(f"reference/{name}")] == []


def test_every_metric_is_in_the_glossary_once() -> None:
    ids = re.findall(r"^\| ([a-z0-9_]+) \|", page("glossary.md"), re.MULTILINE)
    assert sorted(set(areas.metrics()) - set(ids)) == []
    assert sorted(one for one in set(ids) if ids.count(one) > 1 and one != "id") == []


def test_every_gate_has_a_row_in_the_page_of_an_area() -> None:
    pages = "".join(one.read_text("utf-8") for one in sorted((ROOT / "docs").glob("*.md")))
    assert [name for name in areas.gates() if f"| `{name}` |" not in pages] == []


def test_every_table_has_a_row_that_says_where_it_comes_from() -> None:
    rows = re.findall(r"^\| ([a-z_, ]+) \|", page("data.md"), re.MULTILINE)
    told = {name.strip() for row in rows for name in row.split(",")}
    assert sorted(set(tables()) - told) == []


def test_every_key_of_the_policy_is_explained() -> None:
    model = policy_file.file_model(areas.gates(), areas.metrics())
    keys = {field.alias or name for name, field in model.model_fields.items()}
    rules = {*policy_file.RULE, *policy_file.WHOLE_RULE, *policy_file.DESCRIBING, "at_least", "at_most"}
    rows = {
        name
        for row in (policy_file.SignOffRow, policy_file.SignerRow, policy_file.Waivers)
        for name in row.model_fields
    }
    text = page("policy.md")
    assert sorted(key for key in keys | rules | rows if not re.search(rf"\b{key}\b", text)) == []


def test_every_assumption_stands_in_the_reference() -> None:
    assert [one.name for one in ASSUMPTIONS if f"| {one.name}" not in page("reference/assumptions.md")] == []


def test_the_policy_of_the_page_can_be_read() -> None:
    text = "\n".join(blocks("policy.md", "yaml")).replace("ed25519:...", f"ed25519:{'A' * 43}=")
    found = policy.parse("policy.yaml", text.encode(), areas.gates(), areas.metrics())
    assert found.confidence == 0.9
    assert found.mode("capacity.utilization") == "block"
    assert [one.name for one in found.signers] == ["li.wei"]


def test_the_settings_of_the_page_can_be_read() -> None:
    text = 'currency = "RMB"\n' + "\n".join(blocks("data.md", "toml"))
    found = settings.parse("hardgate.toml", text.encode())
    assert [one.source for one in found.inputs] == ["focus", "table"]
    assert found.known_after["sales"] == 36
    assert tomllib.loads(text)["identities"][0]["match"] == "pool=cn-north-h20"


def test_the_schema_that_is_committed_is_what_the_verb_prints(capsys: pytest.CaptureFixture[str]) -> None:
    from hardgate.cli import run

    assert run(["schema", "policy"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(page("reference/policy-schema.json"))
