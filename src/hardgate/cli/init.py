"""Make a workspace: commented settings and policy and a template for every table; or a sample operator."""

from pathlib import Path

import click

from hardgate.cli._terminal import progress, suggest
from hardgate.core.errors import Misconfigured

TEMPLATES = ("gpu-cloud", "model-api", "quick-commerce", "full", "public-alibaba")
"""As the folders of review/templates are called; a test keeps them equal, so that --help need not look."""


@click.command(
    epilog="""\b
Examples:
  hardgate init                      in this folder, or in the one that -C names
  hardgate init --template gpu-cloud a complete workspace of that kind, with what to export from which system
  hardgate init --template public-alibaba   published figures of nine companies with their sources, ready to ingest
  hardgate init --sample demo        a sample operator with its data, to look at"""
)
@click.option(
    "--sample", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Make the sample in DIR."
)
@click.option(
    "--template",
    type=click.Choice(TEMPLATES),
    help="A kind of operator: what to export from which system, and the inputs for it.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Of the sample.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Of the sample: accelerators per pool.")
@click.option("--dry-run", is_flag=True, help="Name the files and write nothing.")
@click.pass_context
def command(
    ctx: click.Context, sample: Path | None, template: str | None, seed: int, scale: float, dry_run: bool
) -> None:
    """Write a workspace. Asks nothing and overwrites nothing; every gate starts in shadow and holds nothing."""
    if sample is not None:
        _sample(sample, seed, scale, dry_run=dry_run)
        return
    from hardgate.review import areas
    from hardgate.review.init import contents, write_workspace

    folder = ctx.obj or Path.cwd()
    if dry_run:
        for name in contents(areas.gates(), areas.metrics(), template):
            click.echo(f"would write {name}")
        return
    click.echo(f"wrote {len(write_workspace(folder, template=template))} files in {folder}")
    if template is not None:
        suggest("read README.md: what to export from which system; then hardgate ingest")
        return
    suggest("put pools.csv beside hardgate.toml (templates/pools_file.csv has its columns), then hardgate ingest")


def _sample(folder: Path, seed: int, scale: float, *, dry_run: bool) -> None:
    from hardgate.sample import make

    if (folder / "hardgate.toml").exists():
        raise Misconfigured(f"{folder} is a workspace already and is not overwritten: name another folder")
    if dry_run:
        click.echo(f"would make the sample operator of seed {seed} and scale {scale:g} in {folder}")
        return
    with progress("sample") as tell:
        paths = make(folder, seed=seed, scale=scale, progress=tell)
    click.echo(f"wrote {len(paths)} files in {folder}")
    suggest(f"hardgate -C {folder} ingest")
