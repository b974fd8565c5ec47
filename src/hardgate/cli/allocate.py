"""Print who gets the GPUs, by value or by fairness alone, and write the change for Kueue."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit

if TYPE_CHECKING:
    from hardgate.review.evidence import WorkspaceEvidence


@click.command(
    epilog="""\b
Examples:
  hardgate allocate                     the plan of the most value, promises first, in whole gangs
  hardgate allocate --fairness          max-min over tenants instead: nobody's contribution counts
  hardgate allocate --kueue changes     write quotas.yaml, boosts.yaml and rollback.yaml into a folder
  hardgate allocate --json

\b
Nothing is applied anywhere: a person applies the files. Exit code 4 where its evidence is missing, else 0."""
)
@as_of_option
@json_option
@click.option("--integer/--linear", "whole", default=True, help="Place whole gangs (default), or parts of GPUs.")
@click.option("--fairness", is_flag=True, help="Max-min over tenants in place of value.")
@click.option("--kueue", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write manifests here.")
@click.pass_context
def command(
    ctx: click.Context, as_of: datetime | None, as_json: bool, whole: bool, fairness: bool, kueue: Path | None
) -> None:
    """Print who gets the GPUs, and write what would change."""
    from hardgate.allocation.offer import lines, offered

    workspace = open_workspace(ctx)

    def make(evidence: "WorkspaceEvidence") -> dict[str, Any] | None:
        return offered(evidence, whole=whole, fairness=fairness)

    body = workspace.build(make, date_of(workspace, as_of))
    if body is None:
        click.echo("allocation: no request; bring workload_requests, and capacity for what is live", err=True)
        ctx.exit(4)
    if kueue is not None:
        _write(kueue, body)
    if as_json:
        emit("hardgate.allocation/1", body)
    else:
        click.echo("\n".join(lines(body)))


def _write(folder: Path, body: dict[str, Any]) -> None:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("quotas", "boosts", "rollback"):
        path = folder / f"{name}.yaml"
        with path.open("w", encoding="utf-8", newline="\n") as file:
            if body["kueue"][name]:
                yaml.dump_all(body["kueue"][name], file)
        click.echo(f"{path}: {len(body['kueue'][name])} manifests", err=True)
