"""Read files into the lake and bring the rollups up to date."""

from datetime import datetime
from pathlib import Path

import click

from hardgate.cli._open import DAY, clock, json_option, open_workspace
from hardgate.cli._terminal import emit, progress, suggest


@click.command(
    epilog="""\b
Examples:
  hardgate ingest                                what [[inputs]] of hardgate.toml name
  hardgate ingest pools.csv                      one file; its format is recognised by its columns
  hardgate ingest bill.csv --source focus --known-at 2026-09-05
  hardgate ingest --dry-run                      read and check, keep nothing
  hardgate ingest sales.csv --withdraw           take back what it said before and no longer says

\b
Exit code 4 where no file could be read, else 0."""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--source", help="How to read the files given, as its [[inputs]] says; otherwise recognised.")
@click.option("--table", help="Which table the source `table` fills.")
@click.option("--known-at", type=DAY, metavar="DATE", help="When these rows became known.")
@click.option("--dry-run", is_flag=True, help="Read and check, keep nothing.")
@click.option("--withdraw", is_flag=True, help="Take back what FILES said before and no longer say, in any table.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    source: str | None,
    table: str | None,
    known_at: datetime | None,
    dry_run: bool,
    withdraw: bool,
    as_json: bool,
) -> None:
    """Read files into the lake. The same file twice adds nothing; a bad row is set aside and the good rows stay.

    A line deleted from a register (a price list, a cost stack) is withdrawn from now on; earlier dates keep it.
    """
    if withdraw and not files:
        raise click.UsageError(
            "--withdraw takes back what files no longer say: name them, as in `sales.csv --withdraw`"
        )
    workspace = open_workspace(ctx)
    known = known_at.date() if known_at else None
    with progress("ingest") as tell:
        said = workspace.ingest(
            files,
            source=source,
            table=table,
            clock=clock(),
            known_at=known,
            dry_run=dry_run,
            withdraw=withdraw,
            progress=tell,
        )
    if as_json:
        emit("hardgate.ingest/1", said.plain())
    else:
        for line in said.lines():
            click.echo(line)
    suggest("hardgate review")
    ctx.exit(4 if said.nothing_read else 0)
