"""What every verb has in common: help with examples, one line for an error, JSON with a schema, quiet pipes."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from hardgate.cli import group
from tests.cli.conftest import Operator
from tests.command import apart, here

VERBS = (
    *("allocate", "ask", "backtest", "doctor", "explain", "flip", "ingest", "init", "keys", "ledger"),
    *("released", "review", "schema", "show", "sign", "simulate", "waive", "watch"),
)
READS: dict[str, tuple[str, ...]] = {
    "hardgate.packet/1": ("review", "--dry-run"),
    "hardgate.explain/1": ("explain", "utilization", "hall-b"),
    "hardgate.exhibits/1": ("show",),
    "hardgate.exhibit/1": ("show", "capacity.ladder"),
    "hardgate.flip/1": ("flip", "hall-b"),
    "hardgate.simulate/1": ("simulate",),
    "hardgate.backtest/1": ("backtest",),
    "hardgate.doctor/1": ("doctor",),
    "hardgate.released/1": ("released", "hall-b"),
    "hardgate.waivers/1": ("waive",),
    "hardgate.ledger/1": ("ledger", "show"),
    "hardgate.ledger-head/1": ("ledger", "head"),
    "hardgate.ledger-verified/1": ("ledger", "verify"),
    "hardgate.modes/1": ("ledger", "mode"),
    "hardgate.tables/1": ("schema",),
    "hardgate.table/1": ("schema", "contracts"),
    "hardgate.ingest/1": ("ingest", "--dry-run"),
    "hardgate.watch/1": ("watch", "--dry-run"),
}


def commands() -> list[list[str]]:
    context = click.Context(group, info_name="hardgate")
    found = []
    for verb in group.list_commands(context):
        command = group.get_command(context, verb)
        below = command.list_commands(context) if isinstance(command, click.Group) else []
        found += [[verb], *([verb, name] for name in below)]
    return found


def test_the_verbs_are_the_modules_of_the_folder() -> None:
    assert tuple(group.list_commands(click.Context(group))) == VERBS


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help_and_every_verb_examples(command: list[str]) -> None:
    done = here(*command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: hardgate {' '.join(command)} ")
    assert len(command) > 1 or re.search(rf"Examples:\n +hardgate {command[0]}\b", done.out)


@pytest.mark.parametrize("schema", READS)
def test_every_reading_verb_prints_json_with_its_schema(made: Operator, schema: str) -> None:
    done = made.do(*READS[schema], "--json")
    assert done.err == ""
    assert json.loads(done.out)["schema"] == schema


def test_the_packet_and_the_verb_flip_say_the_same_of_what_turns_an_ask(made: Operator) -> None:
    packet = json.loads(made.do("review", "--dry-run", "--json").out)
    rows = json.loads(made.do("flip", "--json").out)["rows"]
    found = {ask["id"]: ask["turns"] for ask in packet["asks"]}
    assert {name: one["cleared"] for name, one in found.items()} == {"hall-b": True, "hall-y": False}
    for name, turned in found.items():
        mine = [row for row in rows if row[0] == name]
        together = [row[6:8] for row in mine if row[1] == "jointly"]
        joint = turned["joint"] or {"moved": []}
        assert together == ([[joint["deviations"], joint["probability"]]] if "deviations" in joint else [])
        said = [*turned["short"], *joint["moved"], *([turned["one"]] if turned["one"] else [])]
        assert said, name
        for part in said:
            row = next(row for row in mine if row[1:3] == [part["gate"], part["metric"]])
            assert row[4:6] == [f"{100 * part['at']:.1f} %", f"{100 * part['change']:+.1f} points"]
            assert row[6:8] == [part["deviations"], part["probability"]]


def test_the_beginning_of_a_verb_is_enough(made: Operator) -> None:
    assert here("sch", "sales").out == here("schema", "sales").out
    assert made.do("led", "h").out == made.do("ledger", "head").out
    two = here("s")
    assert (two.code, two.err) == (2, "hardgate: 's' may be schema or show or sign or simulate (see hardgate --help)\n")
    none = here("reviev")
    assert none.err == "hardgate: there is no verb 'reviev': did you mean 'review'? (see hardgate --help)\n"
    below = made.do("ledger", "heat")
    assert (below.code, "there is no command of ledger 'heat': did you mean 'head'?" in below.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("review",), 2, "no hardgate.toml in "),
        (("-C", "nowhere", "review"), 2, "nowhere holds no hardgate.toml: make one with `hardgate init nowhere`"),
        (("explain",), 2, "missing argument 'GATE' (see hardgate explain --help)"),
        (("review", "--as-of", "tomorrow"), 2, "invalid value for '--as-of'"),
        (("review", "--fast"), 2, "no such option"),
        (("schema", "contract"), 2, "there is no table 'contract': did you mean 'contracts'?"),
    ],
)
def test_an_error_is_one_line(tmp_path: Path, args: tuple[str, ...], code: int, message: str) -> None:
    done = apart(*args, cwd=tmp_path)
    assert (done.code, done.out, done.err.count("\n")) == (code, "", 1)
    assert done.err.startswith("hardgate: ")
    assert message in done.err.lower() or message in done.err


def test_what_is_wrong_in_the_workspace_is_said_before_any_work(operator: Operator) -> None:
    (operator.folder / "policy.yaml").rename(operator.folder / "policy.txt")
    gone = operator.do("review")
    assert (gone.code, gone.out) == (2, "")
    assert gone.err == "hardgate: policy.yaml: this file does not exist\n    hardgate init writes one\n"
    (operator.folder / "policy.txt").rename(operator.folder / "policy.yaml")
    operator.edit("mode: block", "mode: blok")
    wrong = operator.do("review")
    assert wrong.code == 2
    assert "policy.yaml:3:" in wrong.err
    assert "did you mean" in wrong.err


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    assert here("-C", tmp_path, "init").code == 0
    done = here("-C", tmp_path, "review", "--as-of", "2025-05-10")
    assert done.code == 4
    assert "No evidence was known by 2025-05-10: bring files with `hardgate ingest`" in done.out
    assert "Nobody asks for anything: bring capacity_plan, or write an ask with `hardgate ask`" in done.out
    nothing = here("-C", tmp_path, "ingest")
    assert nothing.code == 4
    assert "not read: pools.csv: pools.csv: no file of this name in the workspace" in nothing.out


def test_nobody_asking_is_no_fault(operator: Operator) -> None:
    for path in (operator.folder / "asks").glob("hall-*"):
        path.unlink()
    done = operator.do("review", "--dry-run")
    assert (done.code, "Nobody asks for anything" in done.out, "No evidence" in done.out) == (0, True, False)


def test_only_the_packet_of_the_day_is_recorded(operator: Operator) -> None:
    before = operator.kinds()
    for day in ("2025-05-09", "2025-05-11"):
        assert operator.do("review", "--as-of", day).code in {3, 4}
    operator.do("review")
    assert operator.kinds() == before  # the packet of 2025-05-10 is there already
    operator.edit("allocated_utilization: 60%", "allocated_utilization: 61%")
    operator.do("review", "--as-of", "2025-05-10")
    assert operator.kinds() == [*before, "review.recorded"]


def test_init_overwrites_nothing_and_can_be_tried(tmp_path: Path, made: Operator) -> None:
    tried = here("-C", tmp_path, "init", "--dry-run")
    assert "would write policy.yaml\n" in tried.out
    assert list(tmp_path.iterdir()) == []
    again = made.do("init")
    assert (again.code, "not overwritten, since they are there already" in again.err) == (2, True)
    sample = here("init", "--sample", made.folder)
    assert (sample.code, "is a workspace already and is not overwritten" in sample.err) == (2, True)


def test_init_makes_the_folder_that_is_named_after_it(tmp_path: Path) -> None:
    named, before = tmp_path / "named" / "operator", tmp_path / "before"
    made, as_before = here("init", named), here("-C", before, "init")
    assert (made.code, made.out) == (0, f"wrote {len(files(named))} files in {named}\n")
    assert (files(named), as_before.code) == (files(before), 0)
    assert here("-C", named, "review").code == 4  # nothing has come in yet
    again = here("-C", named, "init", f"{named}/../operator")
    assert (again.code, "not overwritten, since they are there already" in again.err) == (2, True)


def files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("-C", "a", "init", "b"), "two folders are named, -C names a and DIR names b: name one"),
        (("init", "a", "--sample", "b"), "two folders are named, DIR names a and --sample names b: name one"),
        (("init", "a", "b"), "got unexpected extra argument (b)"),
    ],
)
def test_two_folders_for_one_workspace_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = here(*args)
    assert (done.code, done.err) == (2, f"hardgate: {said} (see hardgate init --help)\n")
    assert list(tmp_path.iterdir()) == []


def test_trying_writes_nothing(operator: Operator) -> None:
    def state() -> dict[str, bytes]:
        files = (path for path in operator.folder.rglob("*") if path.is_file() and "rollups" not in path.parts)
        return {str(path): path.read_bytes() for path in files if not path.name.endswith(("-wal", "-shm"))}

    fresh = operator.folder / "more.csv"
    fresh.write_text((operator.folder / "pools.csv").read_text().replace("hall-a", "hall-q"))
    before = state()
    scope = ("--pool", "hall-a", "--by", "wang.fang", "--amount", "1.5 m")
    ask = operator.do("ask", "BUILD", *scope, "--term", "live_date=2026-01-01", "--dry-run")
    assert ask.out.splitlines() == [
        "id: build-hall-a",
        "action: BUILD",
        "pool: hall-a",
        "amount: 1500000",
        "currency: USD",
        "by: wang.fang",
        "live_date: 2026-01-01",
    ]
    tried = operator.do("ingest", fresh, "--source", "pools_file", "--dry-run")
    assert "pool_usage             would add 1 batches, 30 rows" in tried.out, tried.err
    operator.do("review", "--dry-run")
    operator.do("sign", "hall-b", "--as", "li.wei", "--dry-run")
    assert state() == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("BUILD",), "an ask says where it would act"),
        (("BUILD", "--pool", "hall-a", "--id", "hall-b"), "asks/hall-b.yaml is there already"),
        (("BUILD", "--pool", "hall-a", "--amount", "a lot"), "--amount 'a lot' is not understood"),
        (("BUILD", "--pool", "hall-a", "--term", "gpus"), "--term 'gpus' is not understood: write NAME=VALUE"),
        (("BUILD", "--pool", "hall-a", "--term", "gpu=64"), "did you mean 'gpus'?"),
        (("BUIDL", "--pool", "hall-a"), "BUILD"),
    ],
)
def test_a_wrong_ask_is_not_filed(made: Operator, args: tuple[str, ...], message: str) -> None:
    before = sorted((made.folder / "asks").iterdir())
    done = made.do("ask", *args, "--by", "wang.fang")
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert sorted((made.folder / "asks").iterdir()) == before


def test_a_file_from_outside_is_read_as_its_input_says(operator: Operator, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere [1]" / "march.csv"
    outside.parent.mkdir()
    text = (operator.folder / "pools.csv").read_text().replace("2025-03-01,52080", "2025-03-01,44640")
    lines = [line for line in text.splitlines() if "2025-03" in line or line.startswith("pool,")]
    outside.write_text("\n".join(f"{line},{'currency' if not at else 'USD'}" for at, line in enumerate(lines)) + "\n")
    done = apart("-C", operator.folder, "ingest", "march.csv", "--known-at", "2025-05-09", cwd=outside.parent)
    assert (done.code, done.err) == (0, "")
    assert "pool_usage             added 1 batches, 2 rows" in done.out
    packet = json.loads(operator.do("review", "--json", "--dry-run").out)
    assert len([one for one in packet["evidence"] if one["table"] == "pool_usage"]) == 2
    assert str(tmp_path) not in json.dumps(packet)


def test_plain_text_has_no_colour_and_no_cut_columns(made: Operator) -> None:
    narrow = apart("-C", made.folder, "review", "--dry-run", env={**os.environ, "COLUMNS": "40"})
    assert "\x1b" not in narrow.out
    assert narrow.out == made.do("review", "--dry-run").out
    assert max(map(len, narrow.out.splitlines())) > 100


@pytest.mark.parametrize(("given", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_terminal_gets_colour_unless_it_says_no(made: Operator, given: dict[str, str], coloured: bool) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hardgate", "-C", str(made.folder), "review", "--dry-run"]
    env = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"} | given
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE, env=env):
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)
    assert (b"\x1b[33m\x1b[1mHELD" in seen) is coloured
    assert b"HELD" in seen


def test_a_terminal_is_told_the_next_command_and_a_pipe_is_not(made: Operator) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "hardgate", "-C", str(made.folder), "review", "--dry-run"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs) as running:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    assert (running.returncode, b"next: hardgate explain capacity.utilization hall-y" in said) == (3, True)
    assert made.do("review", "--dry-run").err == ""


def _read(terminal: int) -> bytes:
    """Read from a terminal; where it was closed, nothing."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_closed_pipe_ends_quietly_and_not_as_a_release(made: Operator) -> None:
    command = [sys.executable, "-m", "hardgate", "-C", str(made.folder), "review", "--json", "--dry-run"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (141, b"")


def test_control_c_ends_quietly(operator: Operator) -> None:
    shutil.rmtree(operator.folder / ".hardgate" / "rollups")
    command = [sys.executable, "-m", "hardgate", "-C", str(operator.folder), "review"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stderr is not None
        while not (operator.folder / ".hardgate" / "rollups").is_dir():
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
    # A shell shows 130 for both: where an extension saw the signal, Python ends by the signal itself.
    assert running.returncode in {130, -signal.SIGINT}
    assert said.strip() == b"hardgate: stopped"


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["explain", "capacity.ut"], ["capacity.utilization"]),
        (["explain", "capacity.utilization", "hall"], ["hall-b", "hall-y"]),
        (["released", ""], ["hall-b", "hall-y"]),
        (["show", "capacity.lad"], ["capacity.ladder"]),
        (["schema", "contr"], ["contracts"]),
        (["rel"], ["released"]),
    ],
)
def test_the_shell_completes_names(made: Operator, words: list[str], offered: list[str]) -> None:
    assert _completed(made.folder, words) == offered


def test_completion_is_silent_where_there_is_no_workspace(tmp_path: Path) -> None:
    assert _completed(tmp_path, ["released", ""]) == []
    assert _completed(tmp_path, ["waive", "capacity.ba"]) == ["capacity.backlog"]
    assert list(tmp_path.iterdir()) == []


def _completed(folder: Path, words: list[str]) -> list[str]:
    line = ["hardgate", "-C", str(folder), *words]
    env = {**os.environ, "_HARDGATE_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(line)}
    env["COMP_CWORD"] = str(len(line) - 1)
    done = subprocess.run(
        [Path(sys.executable).parent / "hardgate"], capture_output=True, text=True, check=False, env=env
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.split()]


def test_a_fault_is_one_line_with_its_place_and_more_where_it_is_asked_for(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rollups = operator.folder / ".hardgate" / "rollups"
    shutil.rmtree(rollups / "kept", ignore_errors=True)  # else a second review reads what the first one heard
    state = rollups / "pool_day" / "state.json"
    state.write_text(json.dumps({"format": json.loads(state.read_text())["format"]}))
    monkeypatch.delenv("HARDGATE_TRACEBACK", raising=False)
    done = operator.do("review")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("hardgate: this is a fault of ours: KeyError in stored.py:")
    assert "HARDGATE_TRACEBACK=1 shows the way there" in done.err
    monkeypatch.setenv("HARDGATE_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in operator.do("review").err


def test_a_gate_is_no_exhibit_and_show_says_where_it_is_shown(operator: Operator) -> None:
    done = operator.do("show", "capacity.trigger")
    assert done.code == 2
    assert "capacity.trigger is a gate: `hardgate explain capacity.trigger ASK` shows what it rests on" in done.err
