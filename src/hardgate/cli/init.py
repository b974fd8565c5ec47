"""Make a workspace: commented settings and policy, and a template for every table; or a sample operator."""

from pathlib import Path

import click

from hardgate.cli._open import progress, suggest


@click.command(
    epilog="""\b
Examples:
  hardgate init                      in this folder, or in the one that -C names
  hardgate init --sample demo        a sample operator with its data, to look at"""
)
@click.option(
    "--sample", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Make the sample in DIR."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Of the sample.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Of the sample: accelerators per pool.")
@click.pass_context
def command(ctx: click.Context, sample: Path | None, seed: int, scale: float) -> None:
    """Write a workspace. Asks nothing and overwrites nothing; every gate starts in shadow and holds nothing."""
    folder = sample or (Path.cwd() if ctx.obj is None else Path(ctx.obj))
    if sample is not None:
        from hardgate.sample import make

        with progress("sample") as tell:
            paths = make(folder, seed=seed, scale=scale, progress=tell)
    else:
        from hardgate.review.init import write_workspace

        paths = write_workspace(folder)
    click.echo(f"wrote {len(paths)} files in {folder}")
    suggest(
        f"hardgate -C {folder} ingest" if sample else "put your files where hardgate.toml says, then hardgate ingest"
    )
