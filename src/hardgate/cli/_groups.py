"""Groups of commands: a unique prefix of a name is enough, and the verbs are the modules of this folder."""

import importlib
import os
import pkgutil
import sys

import click

from hardgate.core.errors import nearest

EXIT_CLOSED_PIPE = 141


class Prefixes(click.Group):
    """A group in which the beginning of a command's name is enough where no other begins so."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name or unique prefix."""
        names = self.list_commands(ctx)
        fitting = [name for name in names if name == cmd_name] or [name for name in names if name.startswith(cmd_name)]
        if len(fitting) == 1:
            return self.named(ctx, fitting[0])
        if not ctx.resilient_parsing:
            said = f"{cmd_name!r} may be {' or '.join(fitting)}" if fitting else nearest(cmd_name, names)
            ctx.fail(said if fitting else f"there is no {self.noun(ctx)} {cmd_name!r}: {said}")
        return None

    def named(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command of exactly this name."""
        return super().get_command(ctx, name)

    def noun(self, ctx: click.Context) -> str:
        """Return what a command of this group is called in a message."""
        return f"command of {ctx.info_name}"

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a prefix to the whole name."""
        _, command, rest = super().resolve_command(ctx, args)
        return (command.name if command else None), command, rest


class Verbs(Prefixes):
    """The verbs of hardgate: one module each, imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the verbs, by name."""
        package = importlib.import_module("hardgate.cli")
        return sorted(found.name for found in pkgutil.iter_modules(package.__path__) if not found.name.startswith("_"))

    def named(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Return the verb of exactly this name; the first line of its module says what it is for."""
        module = importlib.import_module(f"hardgate.cli.{name}")
        command: click.Command = module.command
        command.name, command.short_help = name, (module.__doc__ or "").partition("\n")[0]
        return command

    def noun(self, ctx: click.Context) -> str:  # noqa: ARG002  as above
        """Return what a command of this group is called in a message."""
        return "verb"

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; where the reader of our output went away, stop without a word."""
        try:
            result: object = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(EXIT_CLOSED_PIPE)
        return result
