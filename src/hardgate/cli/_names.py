"""Names for the shell to complete: gates, asks, exhibits, tables. Silent where anything is wrong; writes nothing."""

from collections.abc import Callable, Iterable

import click

from hardgate.cli._open import open_workspace

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _completing(names: Callable[[click.Context], Iterable[str]]) -> Complete:
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's
        try:
            return sorted({name for name in names(ctx) if name.startswith(incomplete)})
        except Exception:  # noqa: BLE001  a shell that completes has nowhere to say what is wrong
            return []

    return complete


def _gates(ctx: click.Context) -> Iterable[str]:
    from hardgate.review import areas

    try:
        return list(open_workspace(ctx).gates)
    except Exception:  # noqa: BLE001  outside of a workspace, or one that cannot be read, there are those of the areas
        return areas.gates()


def _asks(ctx: click.Context) -> Iterable[str]:
    from hardgate.review import recording

    workspace = open_workspace(ctx)
    written = [one.id for one in workspace.asks()]
    if not (workspace.root / workspace.settings.ledger).is_file():
        return written
    with workspace.ledger() as ledger:
        return [*written, *recording.asks(ledger)]


def _exhibits(ctx: click.Context) -> Iterable[str]:  # noqa: ARG001  as the others
    from hardgate.review import areas

    return areas.exhibits()


def _tables(ctx: click.Context) -> Iterable[str]:  # noqa: ARG001  as the others
    from hardgate.sources.source import tables

    return [*tables(), "policy"]


gates, asks, exhibits, tables = (_completing(names) for names in (_gates, _asks, _exhibits, _tables))
