"""The command line: one file a verb, found by walking this folder; it speaks and never computes.

Data goes to stdout and everything else to stderr. Exit codes: 0 nothing blocks; 1 fault; 2 usage or a misconfigured
policy; 3 held or refused; 4 evidence missing or stale; 5 signature needed or not permitted.
"""

import importlib
import pkgutil
import sys
from pathlib import Path

import click

from hardgate import __version__
from hardgate.core.errors import HardgateError, nearest

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
    """  # noqa: D301  click's marker for a paragraph that keeps its lines
    ctx.obj = folder


def main() -> None:
    """Run the command line and turn every error of ours into its exit code."""
    try:
        group(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.exceptions.Abort:
        click.echo("stopped", err=True)
        sys.exit(1)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except HardgateError as error:
        click.echo(f"hardgate: {error}", err=True)
        sys.exit(error.exit_code)
