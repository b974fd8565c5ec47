"""Runs the console blocks of a page, so that no page shows what hardgate does not print.

    .venv/bin/python docs/consoles.py            play every page and write what it printed into it
    .venv/bin/python docs/consoles.py docs/tutorial.md

A line of a ```console block that begins with `$ ` is a command; the lines after it are what it must print on stdout.
A last line `...` stands for anything that follows: what depends on the day on which it is run. A block after
"Save as `NAME`:" is written to that file. All blocks of a page run one after the other in one folder: an empty one for
the pages in ALONE, and for all others one that holds `sample`, the sample operator, ingested and reviewed.
`tests/docs/test_pages.py` compares; this file rewrites.
"""  # noqa: INP001  a script of the documentation, no package

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALONE = frozenset({"docs/tutorial.md"})
"""Pages that begin in an empty folder; all others stand beside the sample."""
VERBS = ("review", "show", "explain", "doctor", "released", "backtest")
READING = tuple(f"hardgate -C sample {verb}" for verb in VERBS)
BLOCK = re.compile(r"(?P<before>[^\n]*\n\n)?^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
SAVE = re.compile(r"Save as `([\w./-]+)`:\s*$")
OWN_FAULTS = (1, 2)
"""Exit codes that no page may show: a fault, and a wrong use."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command gave."""

    command: str
    shown: str
    printed: str
    code: int
    said: str

    @property
    def expected(self) -> str:
        """What the page should show: what was printed, up to where the page leaves the rest open."""
        *lines, last = self.shown.strip().splitlines() or [""]
        printed = self.printed.strip("\n").rstrip()
        return printed if last != "..." else "\n".join([*printed.splitlines()[: len(lines)], last])

    @property
    def as_shown(self) -> bool:
        """Tell whether the page shows what was printed."""
        return self.shown.strip() == self.expected.strip()

    @property
    def block(self) -> str:
        """The command and what it prints, as a page shows them."""
        printed = self.expected
        return f"$ {self.command}\n" + (f"{printed}\n" if printed else "")


def played() -> tuple[str, ...]:
    """Return the pages that hold console blocks."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return tuple(str(page.relative_to(ROOT)) for page in pages if "```console" in page.read_text("utf-8"))


def play(page: str, folder: Path) -> Iterator[Ran]:
    """Run a page's blocks in a folder, and yield what each command gave."""
    for block in BLOCK.finditer((ROOT / page).read_text("utf-8")):
        saved = SAVE.search(block["before"] or "")
        if saved:
            (folder / saved[1]).write_text(block["body"], "utf-8")
        elif block["kind"] == "console":
            yield from (run(command, shown, folder) for command, shown in commands(block["body"]))


def commands(body: str) -> list[tuple[str, str]]:
    """Return the commands of a block, each with what it shows."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


def run(command: str, shown: str, folder: Path) -> Ran:
    """Run one command in a shell; what only reads the sample is run once, and what follows its first `|` each time."""
    first, bar, rest = command.partition(" | ")
    if not first.startswith(READING):
        done = _shell(command, folder)
    else:
        done = _once(first, folder)
        if bar:
            done = replace(_shell(rest, folder, done.printed), said=done.said)
    return replace(done, command=command, shown=shown)


@cache
def _once(command: str, folder: Path) -> Ran:
    """Run a reading command in this process, as the command line would: starting Python takes longer than most."""
    from hardgate.cli import run as hardgate

    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = hardgate(shlex.split(command)[1:])
    return Ran(command, "", out.getvalue(), code, err.getvalue())


def _shell(command: str, folder: Path, given: str | None = None) -> Ran:
    """Run a command in a shell whose first `hardgate` is that of this checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HARDGATE")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S602  the commands are our own pages
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False, input=given
    )
    return Ran(command, "", done.stdout, done.returncode, done.stderr)


def rewritten(text: str, ran: list[Ran]) -> str:
    """Return a page with what its commands printed in place of what it showed."""
    left = iter(ran)

    def block(found: re.Match[str]) -> str:
        if found["kind"] != "console":
            return found[0]
        body = "".join(next(left).block for _ in commands(found["body"]))
        return f"{found['before'] or ''}```console\n{body}```"

    return BLOCK.sub(block, text)


def sample(folder: Path) -> None:
    """Make the sample operator below a folder, ingest it and record its review."""
    for command in ("hardgate init --sample sample", "hardgate -C sample ingest", "hardgate -C sample review"):
        done = run(command, "...", folder)
        if done.code in OWN_FAULTS:
            sys.exit(f"{command}: {done.said}")


def main() -> None:
    """Play pages and write what they printed."""
    with tempfile.TemporaryDirectory() as made:
        beside = Path(made) / "beside"
        for page in sys.argv[1:] or played():
            folder = Path(made) / page.replace("/", "-") if page in ALONE else beside
            folder.mkdir(exist_ok=True)
            if page not in ALONE and not (beside / "sample").exists():
                sample(beside)
            ran = list(play(page, folder))
            (ROOT / page).write_text(rewritten((ROOT / page).read_text("utf-8"), ran), "utf-8")
            changed = [one for one in ran if not one.as_shown]
            sys.stdout.write(f"{page}: {len(ran)} commands, {len(changed)} written anew\n")
            for one in ran:
                if one.code in OWN_FAULTS:
                    sys.stdout.write(f"  exit code {one.code}: {one.command}\n{one.said}")


if __name__ == "__main__":
    main()
