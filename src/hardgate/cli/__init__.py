"""The command line: one file a verb, found by walking this folder; it speaks and never computes.

Data goes to stdout and everything else to stderr. Exit codes: 0 nothing blocks; 1 fault; 2 usage or a misconfigured
policy; 3 held or refused; 4 evidence missing or stale; 5 signature needed or not permitted. As with any program, 130
after Ctrl-C and 141 where the reader of a pipe went away.
"""

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from hardgate import __version__
from hardgate.core.errors import HardgateError, nearest

EXIT_FAULT, EXIT_INTERRUPTED, EXIT_CLOSED_PIPE = 1, 130, 141
TRACEBACK = "HARDGATE_TRACEBACK"
"""Set in the environment, it prints where a fault happened."""
_PRIVATE = "_"


class Verbs(click.Group):
    """A group whose commands are the modules of this package; a unique prefix is enough."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the verbs, by name."""
        return sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith(_PRIVATE))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the verb of this name or unique prefix."""
        verbs = self.list_commands(ctx)
        fitting = [verb for verb in verbs if verb == cmd_name] or [verb for verb in verbs if verb.startswith(cmd_name)]
        if ctx.resilient_parsing and len(fitting) != 1:
            return None
        if len(fitting) > 1:
            ctx.fail(f"{cmd_name!r} may be {' or '.join(fitting)}")
        if not fitting:
            ctx.fail(f"there is no verb {cmd_name!r}: {nearest(cmd_name, verbs)}")
        command: click.Command = importlib.import_module(f"{__name__}.{fitting[0]}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a prefix to the verb's whole name."""
        _, command, rest = super().resolve_command(ctx, args)
        return (command.name if command else None), command, rest

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; where the reader of our output went away, stop without a word."""
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(EXIT_CLOSED_PIPE)
        return result


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
    The beginning of a verb is enough where no other begins so: hardgate rev.
    Names complete on Tab after: eval "$(_HARDGATE_COMPLETE=bash_source hardgate)"   (or zsh_source, fish_source)
    """  # noqa: D301  click's marker for a paragraph that keeps its lines
    ctx.obj = folder


def main() -> None:
    """Run the command line."""
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run one command and return its exit code; every error is one message on stderr."""
    try:
        code = group.main(list(args), prog_name="hardgate", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as misuse:
        misuse.show()
        return misuse.exit_code
    except HardgateError as error:
        click.echo(f"hardgate: {error}", err=True)
        return error.exit_code
    except OSError as error:
        click.echo(f"hardgate: {error}", err=True)
        return EXIT_FAULT
    except Exception as error:  # noqa: BLE001  the last line of defence: whatever happened, it must not look like a release
        click.echo(f"hardgate: {_fault(error)}", err=True)
        return EXIT_FAULT
    # click returns the code of ctx.exit, and None where a verb simply ended.
    return code if isinstance(code, int) else 0


def _fault(error: Exception) -> str:
    """Say that we made a mistake, and where; the whole way there only where it is asked for."""
    if TRACEBACK in os.environ:
        return "".join(traceback.format_exception(error))
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    said = str(error).strip() or "no message"
    return f"this is a fault of ours: {type(error).__name__} in {where}: {said} ({TRACEBACK}=1 shows the way there)"
