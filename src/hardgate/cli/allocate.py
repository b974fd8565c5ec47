"""Print who gets the GPUs, write the change for Kueue, or replay the policy on a past."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hardgate.cli._open import as_of_option, date_of, json_option, open_workspace
from hardgate.cli._terminal import emit
from hardgate.core.errors import BadInput, Misconfigured

if TYPE_CHECKING:
    from hardgate.allocation.recorded import Recorded
    from hardgate.review.evidence import WorkspaceEvidence
    from hardgate.review.workspace import Workspace

RECORD = "-"
"""What --replay means without a file: what the workspace has recorded."""


@click.command(
    epilog="""\b
Examples:
  hardgate allocate                     the plan of the most value, promises first, in whole gangs
  hardgate allocate --fairness          max-min over tenants instead: nobody's contribution counts
  hardgate allocate --kueue changes     write quotas.yaml, boosts.yaml and rollback.yaml into a folder
  hardgate allocate --replay            the policy over what ran and waited last week, beside three others
  hardgate allocate --replay jobs.csv --pool h20=512 --pool l20=64
  hardgate allocate --json

\b
A trace of your own has a row a workload with the columns arrival, seconds, gpus, tenant and worth, and may have pool or
accelerator, durability, promised, priority and patience; docs/allocation.md says what each holds. Without --pool it is
replayed in the workspace's pools.

\b
Nothing is applied anywhere: a person applies the files. Exit code 4 where its
evidence is missing, guarantees of tenants cannot hold together, or --kueue
finds two names that are one name in Kubernetes, else 0."""
)
@as_of_option
@json_option
@click.option("--integer/--linear", "whole", default=True, help="Place whole gangs (default), or parts of GPUs.")
@click.option("--fairness", is_flag=True, help="Max-min over tenants in place of value.")
@click.option("--kueue", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write manifests here.")
@click.option(
    "--replay", is_flag=False, flag_value=RECORD, metavar="[FILE]",
    help="Replay the policy over the record of the workspace, or over a trace in a file.",
)  # fmt: skip
@click.option("--pool", "pools", multiple=True, metavar="NAME=GPUS", help="A pool to replay a file in; repeatable.")
@click.pass_context
def command(
    ctx: click.Context,
    as_of: datetime | None,
    as_json: bool,
    whole: bool,
    fairness: bool,
    kueue: Path | None,
    replay: str | None,
    pools: tuple[str, ...],
) -> None:
    """Print who gets the GPUs, and write what would change."""
    from hardgate.allocation.offer import lines, offered

    workspace = open_workspace(ctx)
    if replay is not None:
        _replay(ctx, workspace, date_of(workspace, as_of), replay, pools, as_json=as_json)
        return
    if pools:
        raise Misconfigured("--pool names the pools of a trace: write --replay FILE with it")

    def make(evidence: "WorkspaceEvidence") -> dict[str, Any] | None:
        return offered(evidence, whole=whole, fairness=fairness)

    body = workspace.build(make, date_of(workspace, as_of))
    if body is None:
        click.echo("allocation: no request; bring workload_requests, and capacity for what is live", err=True)
        ctx.exit(4)
    if kueue is not None:
        if body["clashes"]:
            raise BadInput("\n".join((*body["clashes"], "nothing is written for Kueue")))
        _write(kueue, body)
    if as_json:
        emit("hardgate.allocation/1", body)
    else:
        click.echo("\n".join(lines(body)))
    ctx.exit(4 if body["conflict"] else 0)


def _replay(
    ctx: click.Context, workspace: "Workspace", day: date, file: str, pools: tuple[str, ...], *, as_json: bool
) -> None:
    """Print what each policy does with a trace."""
    from hardgate.allocation.replay import body_of, exhibit
    from hardgate.report.packet import of_exhibit
    from hardgate.report.text import exhibit_lines

    found = _trace(workspace, day, file, pools)
    if isinstance(found, str):
        click.echo(f"allocation.replay: {found}", err=True)
        ctx.exit(4)
    body = workspace.build(lambda evidence: body_of(evidence, found), day)
    table = body.pop("table")
    if as_json:
        emit("hardgate.allocation_replay/1", body)
    else:
        click.echo("\n".join(exhibit_lines(of_exhibit(exhibit, table), workspace.settings.currency)))


def _trace(workspace: "Workspace", day: date, file: str, pools: tuple[str, ...]) -> "Recorded | str":
    from hardgate.allocation.recorded import recorded
    from hardgate.allocation.trace_file import given_pools, trace_of
    from hardgate.metrics.requests import pools_of

    if file != RECORD:
        own = given_pools(pools) or workspace.build(pools_of, day)
        return workspace.read(lambda engine, scratch: trace_of(engine, Path(file), scratch, own))
    if pools:
        raise Misconfigured("--pool names the pools of a trace: name its file after --replay")
    return workspace.build(recorded, day)


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
