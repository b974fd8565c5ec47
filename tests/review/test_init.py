import csv
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.core.terms import Mode, Outcome, State
from hardgate.review import areas, ask_files, policy, settings
from hardgate.review.init import POOLS, write_workspace
from hardgate.review.workspace import Workspace
from hardgate.sources.source import source_named, tables


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspaces") / "mine"
    write_workspace(folder)
    return folder


def test_what_is_written_is_told(tmp_path: Path) -> None:
    written = [one.relative_to(tmp_path).as_posix() for one in write_workspace(tmp_path)]
    assert written[:5] == [
        "hardgate.toml",
        "asks/README.md",
        "asks/example.yaml",
        "policy.yaml",
        "templates/pools_file.csv",
    ]
    assert sorted(written) == sorted(
        one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()
    )


def test_every_gate_of_the_new_policy_is_in_shadow_with_the_gates_own_limits(workspace: Path) -> None:
    found = policy.load(workspace / "policy.yaml", areas.gates(), areas.metrics())
    assert {found.mode(name) for name in found.gates()} == {Mode.SHADOW}
    assert found.limits("capacity.utilization").rung == "allocated"
    for name, gate in areas.gates().items():
        if name != "capacity.utilization":
            assert found.limits(name) == gate.limits


def test_every_guarded_action_of_the_new_policy_has_somebody_who_must_sign(workspace: Path) -> None:
    found = policy.load(workspace / "policy.yaml", areas.gates(), areas.metrics())
    assert all(found.needed(action, None) for action in areas.guarded())


def test_the_new_settings_read_one_pools_file(workspace: Path) -> None:
    found = settings.load(workspace / "hardgate.toml")
    assert [(one.source, one.files) for one in found.inputs] == [("pools_file", ("pools.csv",))]


def test_the_new_settings_are_sound_when_every_comment_is_removed(workspace: Path) -> None:
    lines = (workspace / "hardgate.toml").read_text("utf-8").splitlines()
    kept = [line.removeprefix("# ") for line in lines if re.match(r"(# )?(\[|\w+ = )", line)]
    found = settings.parse("hardgate.toml", "\n".join(kept).encode())
    assert [one.source for one in found.inputs] == ["pools_file", "dcgm", "kubernetes", "focus", "table"]
    assert len(found.rollups.rules) == 1
    assert found.known_after["pool_usage"] == 36


def test_the_commented_ask_is_none_until_its_comment_is_removed(workspace: Path) -> None:
    assert ask_files.load(workspace / "asks", "RMB") == ()
    lines = (workspace / "asks" / "example.yaml").read_text("utf-8").splitlines()[2:]
    text = "\n".join(line.removeprefix("# ") for line in lines)
    [ask] = ask_files.parse("asks/hall-4.yaml", text.encode(), "RMB")
    assert (ask.action, ask.term("gpus"), str(ask.scope)) == ("BUILD", 4096, "cn-north / H20 / cn-north-h20")


def test_every_table_has_a_template_with_its_columns(workspace: Path) -> None:
    for name, schema in tables().items():
        with (workspace / "templates" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [[one.name for one in schema.columns]]


def test_every_column_of_every_table_is_explained(workspace: Path) -> None:
    readme = (workspace / "templates" / "README.md").read_text("utf-8")
    for name, schema in tables().items():
        section = readme.split(f"## {name}\n")[1].split("\n## ")[0]
        assert [one.name for one in schema.columns if f"| {one.name} | {one.type} |" not in section] == []


def test_the_pools_file_template_is_recognised_by_its_source() -> None:
    assert source_named("pools_file").detect([name for name, *_ in POOLS])


def test_one_pools_file_is_enough_for_a_verdict(tmp_path: Path) -> None:
    """Allocated two thirds of what is available, month after month, against a limit of 85 %."""
    write_workspace(tmp_path)
    months = [date(2025 + i // 12, i % 12 + 1, 1) for i in range(20)]
    lines = ["pool,gpus,live_date,month,allocated_gpu_hours,cost,revenue,region,accelerator"]
    for i, month in enumerate(months):
        hours = 300 * 24 * ((months[i + 1] if i < 19 else date(2026, 9, 1)) - month).days
        lines.append(f"hall,300,2024-11-01,{month},{hours * 2 // 3},9000,12000,cn-north,H20")
    (tmp_path / "pools.csv").write_text("\n".join(lines) + "\n")
    ask = "action: BUILD\nregion: cn-north\naccelerator: H20\npool: hall\nby: wang.fang\ngpus: 100\n"
    (tmp_path / "asks" / "next.yaml").write_text(ask)
    workspace = Workspace.open(tmp_path)
    workspace.ingest(
        [], source=None, table=None, clock=datetime(2026, 9, 7, 9), known_at=None, dry_run=False, progress=None
    )
    [decision] = workspace.review(date(2026, 9, 7)).decisions
    [verdict] = [one for one in decision.verdicts if one.gate == "capacity.utilization"]
    assert (verdict.outcome, verdict.mode) == (Outcome.FAIL, Mode.SHADOW)
    assert verdict.judged[0].reading.value == pytest.approx(0.6667, abs=1e-3)
    assert decision.state is State.AWAITING


def test_nothing_is_overwritten_and_nothing_else_is_written(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("mine\n")
    (tmp_path / "hardgate.toml").write_text("mine\n")
    with pytest.raises(Misconfigured) as caught:
        write_workspace(tmp_path)
    assert str(caught.value) == (
        "not overwritten, since they are there already: hardgate.toml, policy.yaml\n"
        "    remove them, or make the workspace in another folder"
    )
    assert sorted(one.name for one in tmp_path.iterdir()) == ["hardgate.toml", "policy.yaml"]
    assert (tmp_path / "policy.yaml").read_text() == "mine\n"


def test_a_file_that_the_owner_brought_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "pools.csv").write_text("pool\n")
    assert (tmp_path / "policy.yaml") in write_workspace(tmp_path)


def test_two_workspaces_are_the_same_bytes(tmp_path: Path, workspace: Path) -> None:
    for one in write_workspace(tmp_path):
        assert one.read_bytes() == (workspace / one.relative_to(tmp_path)).read_bytes()
