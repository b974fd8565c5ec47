"""Make a workspace: commented settings and policy and a template for every table; or a sample operator."""

from collections.abc import Mapping
from pathlib import Path

import click

from hardgate.cli._terminal import progress, suggest
from hardgate.core.errors import Misconfigured

TEMPLATES = ("gpu-cloud", "model-api", "quick-commerce", "full", "public-alibaba")
"""As the folders of review/templates are called; a test keeps them equal, so that --help need not look."""


@click.command(
    epilog="""\b
Examples:
  hardgate init                      in this folder
  hardgate init my-operator          in a folder, which is made; so does hardgate -C my-operator init
  hardgate init my-operator --template gpu-cloud   a complete workspace, with what to export from which system
  hardgate init case --template public-alibaba     published figures of nine companies with their sources
  hardgate init --sample demo        a sample operator with its data, to look at"""
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]", required=False)
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
    ctx: click.Context,
    folder: Path | None,
    sample: Path | None,
    template: str | None,
    seed: int,
    scale: float,
    dry_run: bool,
) -> None:
    """Write a workspace, into DIR where it is given. Asks nothing, overwrites nothing; every gate starts in shadow."""
    folder = _one_folder({"-C": ctx.obj, "DIR": folder, "--sample": sample})
    if sample is not None:
        _sample(sample, seed, scale, dry_run=dry_run)
        return
    from hardgate.review import areas
    from hardgate.review.init import contents, write_workspace

    if dry_run:
        for name in contents(areas.gates(), areas.metrics(), template):
            click.echo(f"would write {name}")
        return
    click.echo(f"wrote {len(write_workspace(folder, template=template))} files in {folder}")
    then = "hardgate ingest" if folder.resolve() == Path.cwd() else f"hardgate -C {folder} ingest"
    if template is not None:
        suggest(f"read README.md: what to export from which system; then {then}")
        return
    suggest(f"put pools.csv beside hardgate.toml (templates/pools_file.csv has its columns), then {then}")


def _one_folder(given: Mapping[str, Path | None]) -> Path:
    """Return the folder that was named, in whatever way, or this one; two that are not the same are an error."""
    named = [(how, path) for how, path in given.items() if path is not None]
    if len({path.resolve() for _, path in named}) > 1:
        said = " and ".join(f"{how} names {path}" for how, path in named)
        raise click.UsageError(f"two folders are named, {said}: name one")
    return named[-1][1] if named else Path.cwd()


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
