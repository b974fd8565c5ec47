"""Let a gate fail for an ask, for a reason, with a compensating control, until a date."""

from datetime import datetime
from pathlib import Path

import click

from hardgate.cli._open import as_of_option, clock, date_of, open_workspace, suggest


@click.command(
    epilog="""\b
Example:
  hardgate waive capacity.utilization hall-4 --as sun.hao --key sun.hao.pem --owner wang.fang \\
    --reason "launch customer lands in October" --control "weekly utilization look" --until 2026-11-30

\b
Everyone whose role policy.yaml asks for signs the same terms; until then the waiver is recorded and not in force."""
)
@click.argument("gate")
@click.argument("ask")
@click.option("--as", "signer", required=True, metavar="NAME", help="Who grants it.")
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), help="The granter's private key file.")
@click.option("--owner", required=True, help="Who answers for the compensating control.")
@click.option("--by", "requester", help="Who asks for it; otherwise the owner.")
@click.option("--reason", required=True)
@click.option("--control", required=True, help="The compensating control.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DATE", help="Its last day.")
@click.option("--category", type=click.Choice(["Waiver", "Mitigated"]), default="Waiver")
@click.option("--role", help="In which role, where the granter has several.")
@as_of_option
@click.pass_context
def command(
    ctx: click.Context,
    gate: str,
    ask: str,
    signer: str,
    key: Path | None,
    owner: str,
    requester: str | None,
    reason: str,
    control: str,
    until: datetime,
    category: str,
    role: str | None,
    as_of: datetime | None,
) -> None:
    """Grant a waiver: the gate still shows FAIL, waived until its day, and its exposure is counted."""
    from hardgate.review.areas import unique

    workspace = open_workspace(ctx)
    standing = workspace.waive(
        unique(gate, workspace.gates),
        ask,
        as_of=date_of(workspace, as_of),
        category=category,
        owner=owner,
        requested_by=requester or owner,
        reason=reason,
        control=control,
        expires=until.date(),
        signer=signer,
        key=key,
        at=clock(),
        role=role,
    )
    state = "in force" if not standing.because else f"not in force: {standing.because}"
    click.echo(f"waiver {standing.id[:16]} of {standing.terms.gate} for {standing.terms.scope}, {state}")
    suggest("hardgate review")
    ctx.exit(5 if standing.because else 0)
