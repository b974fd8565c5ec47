"""The command line: one file a verb, found by walking this folder; it speaks and never computes.

Data goes to stdout and everything else to stderr. Exit codes: 0 nothing blocks; 1 fault; 2 usage or a misconfigured
policy; 3 held or refused; 4 evidence missing or stale; 5 signature needed or not permitted. As with any program, 130
after Ctrl-C and 141 where the reader of a pipe went away.
"""

import gc
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from hardgate import __version__
from hardgate.cli._groups import Verbs
from hardgate.core.errors import HardgateError

EXIT_FAULT, EXIT_INTERRUPTED = 1, 130
TRACEBACK = "HARDGATE_TRACEBACK"
"""Set in the environment, it prints the way to a fault."""


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The workspace; without it the nearest folder upwards that holds hardgate.toml.",
)
@click.version_option(__version__, prog_name="hardgate")
@click.pass_context
def group(ctx: click.Context, folder: Path | None) -> None:
    """Hard gates, not hopeful timelines: capital decisions from your own data, with evidence and signatures.

    \b
    hardgate init --sample demo        a sample operator to look at
    hardgate -C demo ingest            read its files
    hardgate -C demo review            the capacity review packet

    \b
    The beginning of a verb is enough where no other begins so: hardgate rev
    Names complete on Tab after: eval "$(_HARDGATE_COMPLETE=bash_source hardgate)"
    """  # noqa: D301  click's marker for a paragraph that keeps its lines
    ctx.obj = folder


def main() -> None:
    """Run the command line."""
    gc.disable()  # a command lives for seconds and makes no cycles worth looking for
    signal.signal(signal.SIGINT, _interrupt)
    sys.exit(run(sys.argv[1:]))


_interrupted: list[int] = []
"""Filled by Ctrl-C: a library that was cut short may raise an error of its own in place of the interrupt."""


def _interrupt(number: int, frame: FrameType | None) -> None:
    _interrupted.append(number)
    signal.default_int_handler(number, frame)


def run(args: Sequence[str]) -> int:
    """Run one command and return its exit code; every error is one message on stderr."""
    try:
        code = group.main(list(args), prog_name="hardgate", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as bare:
        bare.show()
        return bare.exit_code
    except Exception as error:  # noqa: BLE001  the last line of defence: whatever happened must not look like a release
        message, code = ("stopped", EXIT_INTERRUPTED) if _interrupted else _said(error)
        click.echo(f"hardgate: {message}", err=True)
        return code
    # click returns the code of ctx.exit, and None where a verb simply ended.
    return code if isinstance(code, int) else 0


def _said(error: Exception) -> tuple[str, int]:
    """Return what to say of an error, and its exit code."""
    match error:
        case click.exceptions.Abort():
            return "stopped", EXIT_INTERRUPTED
        case click.ClickException():
            return _misuse(error), error.exit_code
        case HardgateError():
            return str(error), error.exit_code
        case OSError():
            return str(error), EXIT_FAULT
        case _:
            return _fault(error), EXIT_FAULT


def _misuse(misuse: click.ClickException) -> str:
    """Say what is wrong with the words given, and where their help stands."""
    said = misuse.format_message()
    where = misuse.ctx.command_path if isinstance(misuse, click.UsageError) and misuse.ctx else "hardgate"
    return f"{said[:1].lower()}{said[1:].rstrip('.')} (see {where} --help)"


def _fault(error: Exception) -> str:
    """Say that we made a mistake, and where; the whole way there only where it is asked for."""
    if TRACEBACK in os.environ:
        return "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    said = " ".join(str(error).split()) or "no message"
    return f"this is a fault of ours: {type(error).__name__} in {where}: {said} ({TRACEBACK}=1 shows the way there)"
