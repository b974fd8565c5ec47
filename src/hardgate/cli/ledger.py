"""Read and verify the ledger, and sign a gate into a mode."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from hardgate.cli import _names
from hardgate.cli._groups import Prefixes
from hardgate.cli._open import hand, json_option, open_workspace, signer_options
from hardgate.cli._terminal import emit, suggest
from hardgate.core.errors import Misconfigured, NotFound, nearest
from hardgate.core.terms import Entry, Mode, Scope

if TYPE_CHECKING:
    from hardgate.review.workspace import Workspace

SHOWN, DIGEST = 40, 16


@click.group(
    cls=Prefixes,
    epilog="""\b
Examples:
  hardgate ledger show --ask hall-4
  hardgate ledger head                keep it somewhere else: it anchors everything before it
  hardgate ledger verify --head 3f2a...
  hardgate ledger mode                which gates hold, by policy.yaml and by signature""",
)
def command() -> None:
    """Read the append-only ledger, print its head, verify its chain and signatures, and sign gates into modes."""


@command.command()
@json_option
@click.option("--kind", help="Only entries of this kind.")
@click.option("--ask", help="Only entries about this ask.", shell_complete=_names.asks)
@click.pass_context
def show(ctx: click.Context, as_json: bool, kind: str | None, ask: str | None) -> None:
    """Print the entries, oldest first."""
    from hardgate.ledger.entries import KINDS

    if kind not in {None, *KINDS}:
        raise NotFound(f"there is no kind of entry {kind!r}: {nearest(str(kind), KINDS)}")
    with open_workspace(ctx).ledger() as ledger:
        entries = ledger.entries(kind, ask=ask)
    if as_json:
        emit("hardgate.ledger/1", {"entries": [_plain(one) for one in entries]})
        return
    for one in entries:
        what = str(one.body.get("ask") or one.body.get("gate") or one.body.get("packet", ""))[:SHOWN]
        click.echo(f"{one.seq:>5}  {one.at}  {one.kind:<16} {one.actor:<20} {what:<{SHOWN}} {one.digest[:DIGEST]}")


@command.command()
@json_option
@click.pass_context
def head(ctx: click.Context, as_json: bool) -> None:
    """Print the digest of the last entry."""
    with open_workspace(ctx).ledger() as ledger:
        digest = ledger.head()
    if as_json:
        emit("hardgate.ledger-head/1", {"head": digest})
    else:
        click.echo(digest)


@command.command()
@click.option("--head", "anchor", help="The head as it was kept elsewhere; the chain must still hold it.")
@json_option
@click.pass_context
def verify(ctx: click.Context, anchor: str | None, as_json: bool) -> None:
    """Recompute every digest and check every signature; exit 1 where one does not hold."""
    from hardgate.ledger.entries import BODIES

    with open_workspace(ctx).ledger() as ledger:
        found = ledger.verify(head=anchor)
        asserted = sum(one.kind in BODIES and one.signature is None for one in ledger.entries())
    if as_json:
        emit(
            "hardgate.ledger-verified/1",
            {"entries": found.entries, "signed": found.signed, "asserted": asserted, "head": found.head},
        )
        return
    click.echo(
        f"{found.entries} entries, chain intact; {found.signed} signatures valid, {asserted} asserted without a key"
    )


@command.command()
@click.argument("seq", type=int)
@click.pass_context
def attest(ctx: click.Context, seq: int) -> None:
    """Print a signed entry as a DSSE envelope with an in-toto statement, for other tools to verify."""
    from hardgate.ledger.signatures import envelope

    with open_workspace(ctx).ledger() as ledger:
        entries = {one.seq: one for one in ledger.entries()}
    if seq not in entries:
        raise NotFound(f"there is no entry {seq}: the ledger has {len(entries)}")
    emit("hardgate.attestation/1", envelope(entries[seq]))


@command.command()
@click.argument("gate", required=False, shell_complete=_names.gates)
@click.argument("mode", required=False, type=click.Choice([str(one) for one in Mode]))
@signer_options(required=False)
@click.option("--reason", help="Why it is moved; kept with the signature.")
@click.option("--scope", "parts", multiple=True, metavar="DIMENSION=VALUE", help="Only there; may be repeated.")
@json_option
@click.pass_context
def mode(
    ctx: click.Context, /, gate: str | None, mode: str | None, parts: Sequence[str], as_json: bool, **given: Any
) -> None:
    """Sign GATE into MODE (shadow, advise or block); without arguments list the modes in force.

    A stricter mode takes one signer, its owner or one who may waive; a looser one takes all who must sign a waiver.
    The stricter of what is signed and what policy.yaml says is in force.
    """
    workspace = open_workspace(ctx)
    if gate is None:
        _modes(workspace, as_json=as_json)
        return
    lacking = {"MODE": mode, "--as": given["signer"], "--reason": given["reason"]}
    if not all(lacking.values()):
        raise click.UsageError(f"missing {', '.join(name for name, one in lacking.items() if not one)}", ctx)
    _move(ctx, workspace, gate, Mode(str(mode)), parts, given)


def _move(
    ctx: click.Context, workspace: "Workspace", gate: str, to: Mode, parts: Sequence[str], given: Mapping[str, Any]
) -> None:
    from hardgate.review.areas import unique
    from hardgate.review.signing import move

    name, scope = unique(gate, workspace.gates), _scope(parts)
    force = move(workspace, name, to, hand(given), reason=given["reason"], scope=scope)
    where = f" for {scope}" if scope.parts else ""
    click.echo(f"{given['signer']} signed {name} into {to}{where}; in force is {force}")
    if force is not to:
        click.echo("others must sign it too, or policy.yaml is stricter: see hardgate ledger mode", err=True)
        ctx.exit(5)
    suggest("hardgate review")


def _modes(workspace: "Workspace", *, as_json: bool) -> None:
    from hardgate.review.gate_modes import mode_in_force, signed_mode, signed_modes, unsigned_modes

    policy = workspace.policy
    with workspace.ledger() as ledger:
        signed = signed_modes(ledger, policy)
    scopes = {gate: [Scope(), *(at for name, at in signed if name == gate and at.parts)] for gate in policy.gates()}
    rows: list[dict[str, Any]] = [
        {
            "gate": gate,
            "scope": at.as_mapping(),
            "policy": policy.mode(gate, at).value,
            "signed": signed_mode(signed, gate, at).value,
            "in_force": mode_in_force(signed, policy, gate, at).value,
        }
        for gate, found in sorted(scopes.items())
        for at in found
    ]
    doubts = unsigned_modes(signed, policy)
    if as_json:
        emit("hardgate.modes/1", {"modes": rows, "findings": list(doubts)})
        return
    click.echo(f"{'gate':<28} {'policy.yaml':<12} {'signed':<8} in force")
    for row in rows:
        where = " / ".join(row["scope"].values())
        click.echo(f"{row['gate']:<28} {row['policy']:<12} {row['signed']:<8} {row['in_force']:<8} {where}".rstrip())
    for one in doubts:
        click.echo(one)


def _scope(parts: Sequence[str]) -> Scope:
    """Read --scope region=cn-north --scope accelerator=H20."""
    from hardgate.review.scoped import DIMENSIONS
    from hardgate.review.waivers import scope_of

    read: dict[str, str] = {}
    for part in parts:
        name, sign, value = (one.strip() for one in part.partition("="))
        if not sign or not value:
            raise Misconfigured(f"--scope {part!r} is not understood: write DIMENSION=VALUE, such as region=cn-north")
        if name not in DIMENSIONS:
            raise Misconfigured(f"--scope {part!r} names no dimension: {nearest(name, DIMENSIONS)}")
        read[name] = value
    return scope_of(read)


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "kind": entry.kind,
        "body": dict(entry.body),
        "previous": entry.previous,
        "digest": entry.digest,
        "signature": entry.signature,
    }
