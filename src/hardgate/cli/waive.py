"""Let a gate fail for an ask until a date; countersign a waiver, take it back, or list them as they stand."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from hardgate.cli import _names
from hardgate.cli._open import DAY, as_of_option, date_of, hand, json_option, open_workspace, signer_options
from hardgate.cli._terminal import emit, suggest

if TYPE_CHECKING:
    from hardgate.review.signing import Plea
    from hardgate.review.waivers import Standing, Terms
    from hardgate.review.workspace import Workspace

ID = 12
"""Characters of a waiver's id that are shown; the beginning is enough to name it."""
NAMES = {"signer": "--as", "expires": "--until"}
TERMS = ("owner", "reason", "control", "expires", "category")


@click.command(
    epilog="""\b
Examples:
  hardgate waive                                               every waiver as it stands
  hardgate waive capacity.utilization hall-4 --as sun.hao --key sun.hao.key --owner wang.fang \\
    --reason "launch customer lands in October" --control "weekly utilization look" --until 2026-11-30
  hardgate waive --countersign 3f2a --as li.wei --key li.wei.key
  hardgate waive --revoke 3f2a --as sun.hao --key sun.hao.key --reason "the customer left"

\b
Everyone whose role policy.yaml asks for signs the same terms; until then the waiver is recorded and not in force.
Who asks for something does not grant a waiver for it. Exit code 5 where the waiver is not in force."""
)
@click.argument("gate", required=False, shell_complete=_names.gates)
@click.argument("ask", required=False, shell_complete=_names.asks)
@click.option("--countersign", metavar="ID", help="Sign the terms of a waiver that somebody has signed already.")
@click.option("--revoke", metavar="ID", help="Take a waiver back; one signer who may waive is enough.")
@signer_options(required=False)
@click.option("--owner", metavar="NAME", help="Who answers for the compensating control.")
@click.option("--reason", help="Why the gate may fail, or why the waiver is taken back.")
@click.option("--control", help="The compensating control.")
@click.option("--until", "expires", type=DAY, metavar="DATE", help="Its last day.")
@click.option(
    "--category", type=click.Choice(["Waiver", "Mitigated"]), help="Accepted (Waiver, as without), or met otherwise."
)
@click.option("--dry-run", is_flag=True, help="Print the terms and what is wrong with them, and sign nothing.")
@as_of_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, as_of: datetime | None, as_json: bool, **given: Any) -> None:
    """Grant a waiver: the gate still shows FAIL, waived until its day, and its exposure is counted."""
    named = [name for name in ("gate", "countersign", "revoke") if given[name] is not None]
    if len(named) > 1:
        raise click.UsageError("grant, --countersign and --revoke are three things: do one at a time", ctx)
    workspace = open_workspace(ctx)
    day = date_of(workspace, as_of)
    if not named:
        _refuse(ctx, given, ("signer", "key", "role", "dry_run", *TERMS), "to list waivers")
        _list(workspace, day, as_json=as_json)
        return
    act = {"gate": _grant, "countersign": _countersign, "revoke": _revoke}[named[0]]
    standing = act(ctx, workspace, given, day)
    _said(standing, as_json=as_json)
    suggest("hardgate review")
    ctx.exit(5 if bool(standing.because) != bool(given["revoke"]) else 0)


def _grant(ctx: click.Context, workspace: "Workspace", given: Mapping[str, Any], day: date) -> "Standing":
    from hardgate.review import signing
    from hardgate.review.areas import unique

    _need(ctx, given, ("ask", *(() if given["dry_run"] else ("signer",)), "owner", "reason", "control", "expires"))
    gate = unique(given["gate"], workspace.gates)
    if given["dry_run"]:
        terms, _ = signing.waiver_terms(workspace, gate, given["ask"], _plea(given), as_of=day)
        ctx.exit(_preview(workspace, terms))
    return signing.waive(workspace, gate, given["ask"], _plea(given), hand(given), as_of=day)


def _countersign(ctx: click.Context, workspace: "Workspace", given: Mapping[str, Any], day: date) -> "Standing":
    from hardgate.review.signing import countersign

    _need(ctx, given, ("signer",))
    _refuse(ctx, given, ("ask", "dry_run", *TERMS), "with --countersign: the terms are signed as they are")
    return countersign(workspace, given["countersign"], hand(given), as_of=day)


def _revoke(ctx: click.Context, workspace: "Workspace", given: Mapping[str, Any], day: date) -> "Standing":
    from hardgate.review.signing import revoke

    _need(ctx, given, ("signer", "reason"))
    others = tuple(name for name in TERMS if name != "reason")
    _refuse(ctx, given, ("ask", "dry_run", *others), "with --revoke")
    return revoke(workspace, given["revoke"], hand(given), as_of=day, reason=given["reason"])


def _plea(given: Mapping[str, Any]) -> "Plea":
    from hardgate.review.signing import Plea

    kept = {name: given[name] for name in TERMS if given[name] is not None}
    return Plea(**{**kept, "expires": given["expires"].date()})


def _need(ctx: click.Context, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    lacking = [_option(name) for name in names if given[name] is None]
    if lacking:
        raise click.UsageError(f"missing {', '.join(lacking)}", ctx)


def _refuse(ctx: click.Context, given: Mapping[str, Any], names: tuple[str, ...], why: str) -> None:
    extra = [_option(name) for name in names if given[name]]
    if extra:
        raise click.UsageError(f"leave out {', '.join(extra)} {why}", ctx)


def _option(name: str) -> str:
    return name.upper() if name in {"gate", "ask"} else NAMES.get(name, f"--{name.replace('_', '-')}")


def _preview(workspace: "Workspace", terms: "Terms") -> int:
    """Print the terms that would be signed and what policy has against them; return the exit code."""
    from hardgate.review.waivers import faults, forbidden

    emit("hardgate.waiver-terms/1", {"id": terms.id, "terms": terms.body("").plain()})
    wrong = [*faults(workspace.policy, terms), *filter(None, [forbidden(workspace.policy, terms.gate)])]
    for one in wrong:
        click.echo(f"it would not be granted: {one}", err=True)
    return 5 if wrong else 0


def _list(workspace: "Workspace", day: date, *, as_json: bool) -> None:
    from hardgate.core.money import short
    from hardgate.review.waivers import standing, waiver_debt

    with workspace.ledger() as ledger:
        found = standing(ledger, workspace.policy, day)
    open_now = [one.waiver for one in found if not one.because]
    debt = waiver_debt(open_now, workspace.settings.currency)
    if as_json:
        emit(
            "hardgate.waivers/1", {"as_of": str(day), "exposure": str(debt), "waivers": [_plain(one) for one in found]}
        )
        return
    click.echo(f"As of {day}: {len(open_now)} in force, exposure {short(debt, workspace.settings.currency)}")
    for one in found:
        click.echo("\n".join(_lines(one)))


def _said(standing: "Standing", *, as_json: bool) -> None:
    if as_json:
        emit("hardgate.waiver/1", _plain(standing))
    else:
        click.echo("\n".join(_lines(standing)))


def _lines(one: "Standing") -> Iterator[str]:
    from hardgate.core.money import short

    terms = one.terms
    state = f"not in force: {one.because}" if one.because else f"in force until {terms.expires}"
    exposure = short(terms.exposure, terms.currency)
    yield f"{one.id[:ID]}  {terms.gate} of {terms.scope}, {exposure}: {state}"
    yield f"  {terms.category}: {terms.reason}; control: {terms.control} (owner {terms.owner})"
    for signed in one.signatures:
        counted = "" if signed.valid else f", not counted: {signed.because}"
        yield f"  signed by {signed.by}{f' as {signed.role}' if signed.role else ''} at {signed.at}{counted}"


def _plain(one: "Standing") -> dict[str, Any]:
    terms = {name: value for name, value in one.terms.body("").plain().items() if name not in {"role", "key", "head"}}
    return {
        "id": one.id,
        "in_force": not one.because,
        "because": one.because,
        "terms": terms,
        "needs": [{"role": need.role, "count": need.count} for need in one.lacking],
        "signatures": [
            {"by": s.by, "role": s.role, "at": s.at, "valid": s.valid, "because": s.because} for s in one.signatures
        ],
    }
