"""Each template is a whole workspace: it reviews right after init, and says what to export from which system."""

import csv
import re
from pathlib import Path

import pytest

from hardgate.cli import init
from hardgate.core.errors import NotFound
from hardgate.core.terms import Mode
from hardgate.review import areas, deciding, policy, settings, workspace_template
from hardgate.review.exports import exports, readable, systems
from hardgate.review.init import contents, ready, write_workspace
from hardgate.rollups.definition import names as rollup_names
from hardgate.sources.source import tables
from tests.command import here

TEMPLATES = workspace_template.names()
each = pytest.mark.parametrize("name", TEMPLATES)


def test_the_names_on_the_command_line_are_the_folders() -> None:
    assert list(TEMPLATES) == ["full", "gpu-cloud", "model-api", "quick-commerce"]
    assert sorted(init.TEMPLATES) == sorted((*TEMPLATES, *ready())) == sorted((*TEMPLATES, "public-alibaba"))


@each
def test_a_template_reviews_right_after_init_and_says_that_evidence_is_missing(name: str, tmp_path: Path) -> None:
    made = here("-C", tmp_path, "init", "--template", name)
    assert made.code == 0, made.err
    ran = here("-C", tmp_path, "review")
    assert ran.code == 4, ran.err
    assert "0 asks" in ran.out
    assert here("-C", tmp_path, "doctor").code == 4


@each
def test_every_gate_starts_in_shadow_and_every_guarded_action_has_signers(name: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, template=name)
    found = policy.load(tmp_path / "policy.yaml", areas.gates(), areas.metrics())
    assert {found.mode(gate) for gate in found.gates()} == {Mode.SHADOW}
    assert all(found.needed(action, None) for action in areas.guarded())


@each
def test_the_settings_are_sound_with_every_comment_removed_and_read_what_can_be_read(name: str) -> None:
    kind = workspace_template.template(name)
    text = contents(areas.gates(), areas.metrics(), name)["hardgate.toml"]
    begun = settings.parse("hardgate.toml", text.encode())
    assert [one.table or one.source for one in begun.inputs] == [
        one.name if one.source == "table" else one.source for one in workspace_template.begins(kind)
    ]
    lines = [line.removeprefix("# ") for line in text.splitlines() if re.match(r"(# )?(\[|\w+ = )", line)]
    whole = settings.parse("hardgate.toml", "\n".join(lines).encode())
    assert len(whole.inputs) == len(readable(kind.inputs))
    assert whole.cost_source == kind.cost_source


@each
def test_the_readme_says_what_to_export_from_which_system(name: str) -> None:
    readme = contents(areas.gates(), areas.metrics(), name)["README.md"]
    kind = workspace_template.template(name)
    for one in readable(kind.inputs):
        assert f"| {one.name} | {one.system} | {one.export} |" in readme
    for later in {*kind.inputs} - {one.name for one in readable(kind.inputs)}:
        assert later in readme.partition("Read later")[2]


@each
def test_headers_are_those_of_the_tables_that_it_reads(name: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, template=name)
    kind = workspace_template.template(name)
    written = {one.stem for one in (tmp_path / "templates").glob("*.csv")} - {"pools_file"}
    assert written == {*kind.inputs} & {*tables()}
    for table in written:
        with (tmp_path / "templates" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [[one.name for one in tables()[table].columns]]


def test_all_of_it_is_the_others_together_and_what_is_published_each_input_once() -> None:
    whole = workspace_template.template("full").inputs
    parts = [
        one for name in ("gpu-cloud", "model-api", "quick-commerce") for one in workspace_template.template(name).inputs
    ]
    published = {"disclosures", "estimates", "facts", "promises", "quotes", "ratings"}
    assert set(whole) == set(parts) | published
    assert len(whole) == len(set(whole))


def test_every_input_of_a_template_is_described_and_every_table_has_a_system() -> None:
    listed = {one for name in TEMPLATES for one in workspace_template.template(name).inputs}
    assert listed <= set(exports())
    undescribed = set(tables()) - set(systems())
    assert undescribed <= {"identities", "products"}, "describe it in review/templates/exports.toml"
    assert {one.source for one in exports().values() if one.source != "table"} <= {
        "pools_file",
        "dcgm",
        "kubernetes",
        "focus",
    }


def test_what_decides_a_gate_is_found_through_its_rollups() -> None:
    attach = areas.gates()["capacity.attach"]
    assert deciding.tables_of(attach) == {"accounts", "feature_usage", "capacity_plan", "recurring_revenue"}
    assert "feature_day" in rollup_names()


def test_an_unknown_template_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="did you mean 'gpu-cloud'"):
        workspace_template.template("gpu-clod")
    ran = here("-C", tmp_path, "init", "--template", "gpu-clod")
    assert ran.code == 2
    assert list(tmp_path.iterdir()) == []


def test_dry_run_names_the_files_of_the_template(tmp_path: Path) -> None:
    ran = here("-C", tmp_path, "init", "--template", "model-api", "--dry-run")
    assert "would write README.md" in ran.out
    assert "would write templates/accounts.csv" in ran.out
    assert "templates/contracts.csv" not in ran.out
    assert list(tmp_path.iterdir()) == []


def test_doctor_names_what_a_new_workspace_waits_for_and_what_it_would_decide(tmp_path: Path) -> None:
    write_workspace(tmp_path, template="quick-commerce")
    told = here("-C", tmp_path, "doctor").out
    assert "data/orders.csv, from the order system" in told
    assert "decides markets.city_margin, markets.kill, markets.payback" in told
    assert "subsidies: SUBSIDIZE" in told
    assert "capacity_plan: BUILD or RELEASE or SHIFT" in told
