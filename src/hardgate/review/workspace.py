"""A workspace: one folder with settings, policy, asks and data, opened for ingesting, reviewing and recording.

Everything that reads or writes the folder on behalf of a surface goes through here or through `signing`; no surface
opens an engine, a lake or a ledger of its own. The clock and the date come from the surface.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hardgate import __version__
from hardgate.core.errors import Misconfigured, NotFound
from hardgate.core.terms import Ask, Exhibit, Gate, Metric, Table
from hardgate.engine.connect import Engine, connect
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.ledger.store import Ledger
from hardgate.review import (
    areas,
    ask_files,
    evidence_notes,
    gate_modes,
    recording,
    repeated,
    sign,
    user_metrics,
    waivers,
)
from hardgate.review.archiving import archive_of
from hardgate.review.asks import guards_of
from hardgate.review.diagnosis import Diagnosis, diagnose
from hardgate.review.evidence import Archive, WorkspaceEvidence
from hardgate.review.hearing import Hearing, hear
from hardgate.review.meeting import Minutes, Review, hold
from hardgate.review.named_files import input_named
from hardgate.review.policy import Policy, load
from hardgate.review.settings import Settings
from hardgate.review.settings import load as load_settings
from hardgate.rollups import build

Built = TypeVar("Built")
Progress = Callable[[str, int, int], None]
"""What is worked on, how much of it is done, and how much there is."""
SETTINGS, POLICY, ASKS, METRICS, STATE = "hardgate.toml", "policy.yaml", "asks", "metrics", ".hardgate"


def find(start: Path) -> Path:
    """Return the nearest folder upwards that holds hardgate.toml.

    Raises:
        NotFound: there is none.

    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise NotFound(f"no {SETTINGS} in {start} or above it: name a workspace with -C, or make one with `hardgate init`")


@dataclass(frozen=True)
class Workspace:
    """An opened workspace. `gates` holds the policy's own gates too."""

    root: Path
    settings: Settings

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Open the workspace in a folder.

        Raises:
            NotFound: the folder holds no hardgate.toml.
            Misconfigured: hardgate.toml is wrong.

        """
        if not (root / SETTINGS).is_file():
            raise NotFound(f"{root} holds no {SETTINGS}: make one with `hardgate init {root}`")
        return cls(root, load_settings(root / SETTINGS))

    @cached_property
    def own_metrics(self) -> dict[str, user_metrics.UserMetric]:
        """The user's own metrics, from metrics/*.sql."""
        return user_metrics.load(self.root / METRICS, areas.metrics())

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """Every metric by name, the user's own too."""
        return {**areas.metrics(), **{name: one.metric for name, one in self.own_metrics.items()}}

    @cached_property
    def policy(self) -> Policy:
        """The policy, read once."""
        return load(self.root / POLICY, areas.gates(), self.metrics)

    @property
    def gates(self) -> Mapping[str, Gate]:
        """Every gate by name, the policy's own too."""
        return self.policy.gates()

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """Open the engine for as long as the context lasts."""
        state = self.root / STATE
        state.mkdir(exist_ok=True)
        with connect(
            self.settings.engine.address,
            memory=self.settings.engine.memory,
            threads=self.settings.engine.threads,
            temp=state / "spill",
        ) as engine:
            yield engine

    def lake(self) -> Lake:
        """Open the lake."""
        return Lake(self.root / STATE / "lake")

    def ledger(self) -> Ledger:
        """Open the ledger."""
        return Ledger(self.root / self.settings.ledger)

    def ingest(  # noqa: PLR0913  the surface's settings, each by name
        self,
        files: Sequence[Path],
        *,
        source: str | None,
        table: str | None,
        clock: datetime,
        known_at: date | None,
        dry_run: bool,
        progress: Progress | None,
        withdraw: bool = False,
    ) -> "evidence_notes.Ingested":
        """Read files, or what hardgate.toml names, into the lake, and bring the rollups up to date.

        Raises:
            Misconfigured: there is nothing to read, or an input is wrong.

        """
        inputs = [input_named(one, self.root, self.settings.inputs, source, table) for one in files] or list(
            self.settings.inputs
        )
        if not inputs:
            raise Misconfigured(f"{SETTINGS} has no [[inputs]] and no file was given: add one, or name a file")
        with self.engine() as engine, self.lake() as lake:
            report = ingest(
                lake,
                engine,
                inputs,
                root=self.root,
                clock=clock,
                known_at=known_at,
                known_after=self.settings.known_after,
                progress=progress,
                dry_run=dry_run,
                withdraw=withdraw,
            )
            built = None if dry_run else self._build(lake, engine, self.settings.as_of or clock.date(), progress)
        return evidence_notes.Ingested(report, built)

    def _build(self, lake: Lake, engine: Engine, through: date, progress: Progress | None = None) -> "build.Built":
        root = self.root / STATE / "rollups"
        return build.build(lake, engine, self.settings.rollups, root, progress, through=through)

    def archive(self, engine: Engine, lake: Lake, as_of: date, progress: Progress | None = None) -> Archive:
        """Return the rollups with all their versions up to a date, read as they are asked for."""
        self._build(lake, engine, as_of, progress)
        return archive_of(
            engine, lake, self.root / STATE / "rollups", self.settings, self.policy, self.own_metrics, as_of
        )

    def asks(self) -> tuple[Ask, ...]:
        """Return the asks of asks/*.yaml."""
        return ask_files.load(self.root / ASKS, self.settings.currency)

    def review(
        self, as_of: date, exhibits: Mapping[str, Exhibit] | None = None, *, progress: Progress | None = None
    ) -> Review:
        """Hold the capacity review of a date, with these exhibits or with all.

        Raises:
            Misconfigured: policy.yaml or an ask is wrong.

        """
        policy, asks = self.policy, self.asks()
        wanted = areas.exhibits() if exhibits is None else exhibits
        with self.engine() as engine, self.lake() as lake, self.ledger() as ledger:
            seen = evidence_notes.batches(lake, as_of)
            minutes = self._minutes(ledger, as_of)
            doubts = evidence_notes.findings(seen, self.settings, policy)
            archive = cache(partial(self.archive, engine, lake, as_of, progress))

            def heard() -> Hearing:
                return hear(
                    archive(), policy, asks, as_of=as_of, exhibits=wanted, modes=minutes.modes, progress=progress
                )

            return hold(
                repeated.hearing(
                    self.root / STATE / "rollups", lake, self._written(), asks, minutes.modes, wanted, as_of, heard
                ),
                policy,
                as_of=as_of,
                currency=self.settings.currency,
                exhibits=wanted,
                metrics=self.metrics,
                minutes=minutes,
                batches=seen,
                findings=(*doubts, *gate_modes.unsigned_modes(minutes.modes, policy)),
                version=__version__,
                evidence=lambda: archive().at(as_of),
            )

    def _written(self) -> tuple[Path, ...]:
        """Return the files in which the user set what a review depends on."""
        there = (self.root / name for name in (SETTINGS, POLICY))
        return (*(one for one in there if one.is_file()), *sorted((self.root / METRICS).glob("*.sql")))

    def show(self, exhibit: Exhibit, as_of: date, *, progress: Progress | None = None) -> Table:
        """Build one exhibit, as the review of a date has it."""
        ((_, table),) = self.review(as_of, {exhibit.name: exhibit}, progress=progress).exhibits
        return table

    def build(self, make: Callable[[WorkspaceEvidence], Built], as_of: date) -> Built:
        """Return what a function makes of the evidence as of a date."""
        with self.engine() as engine, self.lake() as lake:
            return make(self.archive(engine, lake, as_of).at(as_of))

    def read(self, make: Callable[[Engine, Path], Built]) -> Built:
        """Return what a function makes of files of its own, with the engine and a folder for what it lays aside."""
        with self.engine() as engine, TemporaryDirectory(dir=self.root / STATE) as scratch:
            return make(engine, Path(scratch))

    def _minutes(self, ledger: Ledger, as_of: date) -> Minutes:
        standing = waivers.waivers_in_force(ledger, self.policy, as_of)
        return Minutes(
            modes=gate_modes.signed_modes(ledger, self.policy),
            waivers=standing,
            waiver_debt=waivers.waiver_debt(standing, self.settings.currency),
            past=tuple(one.body for one in ledger.entries("review.recorded")),
            signatures=lambda ask, digest, value: sign.signatures_for(ledger, self.policy, digest, ask, value),
        )

    def record(self, packet: Mapping[str, Any], *, at: datetime, actor: str) -> bool:
        """Record a packet in the ledger, unless the newest record says the same; tell whether it was."""
        with self.ledger() as ledger:
            return recording.record(ledger, packet, actor=actor, at=at)

    def diagnose(self, as_of: date, *, progress: Progress | None = None) -> Diagnosis:
        """Examine the workspace as of a date."""
        review = self.review(as_of, progress=progress)
        with self.engine() as engine, self.lake() as lake:
            return diagnose(lake, engine, self.settings, review)

    def file_ask(self, name: str, text: str, *, at: datetime, actor: str) -> Path:
        """Write an ask into asks/ after reading it as a review would, and record that it was filed.

        Raises:
            Misconfigured: it is wrong, or an ask of this name is there already.

        """
        self.check_ask(name, text)
        path = self.root / ASKS / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        with self.ledger() as ledger:
            recording.record_ask(ledger, name, text, actor=actor, at=at)
        return path

    def check_ask(self, name: str, text: str) -> None:
        """Read an ask as a review would.

        Raises:
            Misconfigured: it is wrong, or an ask of this name is there already.

        """
        file = f"{ASKS}/{name}.yaml"
        if (self.root / file).exists():
            raise Misconfigured(f"{file} is there already: give the ask another --id, or edit the file")
        for ask in ask_files.parse(file, text.encode(), self.settings.currency):
            guards_of(ask, self.gates)
