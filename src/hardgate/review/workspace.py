"""A workspace: one folder with settings, policy, asks and data, opened for ingesting, reviewing and signing.

Everything that reads or writes the folder on behalf of a surface goes through here; no surface opens an engine, a lake
or a ledger of its own. The clock and the date come from the surface.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from hardgate import __version__
from hardgate.core.days import Window
from hardgate.core.errors import Misconfigured, NotFound, NotPermitted, nearest
from hardgate.core.terms import Ask, Decision, Exhibit, Gate, Metric, Rows, Table
from hardgate.engine.connect import Engine, connect
from hardgate.lake.batches import Lake
from hardgate.ledger.store import Ledger
from hardgate.review import areas, ask_files, evidence_notes, recording, sign, user_metrics, waivers
from hardgate.review.asks import from_tranches, guards_of, merged
from hardgate.review.diagnosis import Diagnosis, diagnose
from hardgate.review.evidence import Archive
from hardgate.review.meeting import Minutes, Review, hold
from hardgate.review.policy import Policy, load
from hardgate.review.released import released
from hardgate.review.settings import Settings
from hardgate.review.settings import load as load_settings
from hardgate.review.statement import digest, statement
from hardgate.review.waive import grant_waiver
from hardgate.rollups import build, read
from hardgate.sources.source import Input

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
            raise NotFound(f"{root} holds no {SETTINGS}: make one with `hardgate -C {root} init`")
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
        progress: Callable[[str, int, int], None] | None,
    ) -> "evidence_notes.Ingested":
        """Read files, or what hardgate.toml names, into the lake, and bring the rollups up to date."""
        from hardgate.lake.ingest import ingest

        inputs = [self._input(one, source, table) for one in files] or list(self.settings.inputs)
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
            )
            built = None if dry_run else self._build(lake, engine, self.settings.as_of or clock.date(), progress)
        return evidence_notes.Ingested(report, built)

    def _input(self, path: Path, source: str | None, table: str | None) -> Input:
        """Return how to read one file named on the command line: as [[inputs]] says of it, else as it is recognised."""
        resolved = path.resolve()
        for one in self.settings.inputs:
            if source is None and any(resolved in map(Path.resolve, self.root.glob(pattern)) for pattern in one.files):
                return Input(one.source, one.table, (str(resolved),), None, one.columns, one.options)
        return Input(source or "auto", table, (str(resolved),))

    def _build(
        self, lake: Lake, engine: Engine, through: date, progress: Callable[[str, int, int], None] | None = None
    ) -> "build.Built":
        root = self.root / STATE / "rollups"
        return build.build(lake, engine, self.settings.rollups, root, progress, through=through)

    def archive(self, engine: Engine, lake: Lake, as_of: date) -> Archive:
        """Return the rollups with all their versions up to a date, read as they are asked for."""
        self._build(lake, engine, as_of)
        root = self.root / STATE / "rollups"

        own = {user_metrics.PREFIX + name: one for name, one in self.own_metrics.items()}

        def tables(name: str) -> tuple[str, ...]:
            return own[name].tables if name in own else read.inputs_of(name)

        def digests(name: str, window: Window | None, as_of: date) -> tuple[str, ...]:
            first, last = (window.start, window.end - timedelta(days=1)) if window else (None, None)
            return lake.digests(tables(name), first, last, as_of)

        def lag(name: str) -> int:
            return max((self.settings.known_after.get(table, 0) for table in tables(name)), default=0)

        def rows(name: str, window: Window | None = None) -> Rows:
            return read.rows(engine, root, name, known_by=as_of, window=window)

        return Archive(
            load=rows,
            digests=digests,
            lag=lag,
            currency=self.settings.currency,
            assumption=self.policy.assumption,
            limits=self.policy.limits,
            confidence=self.policy.confidence,
            cost_source=self.settings.cost_source,
            own={name: partial(user_metrics.rows, one, root) for name, one in own.items()},
        )

    def asks(self) -> tuple[Ask, ...]:
        """Return the asks of asks/*.yaml."""
        return ask_files.load(self.root / ASKS, self.settings.currency)

    def review(self, as_of: date) -> Review:
        """Hold the capacity review of a date."""
        with self.engine() as engine, self.lake() as lake, self.ledger() as ledger:
            seen = evidence_notes.batches(lake, as_of)
            return hold(
                self.archive(engine, lake, as_of),
                self.policy,
                self.asks(),
                as_of=as_of,
                exhibits=areas.exhibits(),
                metrics=self.metrics,
                minutes=self._minutes(ledger, as_of),
                batches=seen,
                findings=evidence_notes.findings(seen, self.settings, self.policy),
                version=__version__,
            )

    def show(self, exhibit: Exhibit, as_of: date) -> Table:
        """Build one exhibit; where it reads asks or verdicts, on the review's."""
        with self.engine() as engine, self.lake() as lake:
            archive = self.archive(engine, lake, as_of)
            evidence = archive.at(as_of)
            asks = merged(from_tranches(evidence.rows("tranche"), as_of, self.policy.horizon), self.asks())
            return exhibit.build(evidence.of(asks))

    def _minutes(self, ledger: Ledger, as_of: date) -> Minutes:
        standing = waivers.waivers_in_force(ledger, self.policy, as_of)
        return Minutes(
            waivers=standing,
            waiver_debt=waivers.waiver_debt(standing, self.settings.currency),
            past=tuple(one.body for one in ledger.entries("review.recorded")),
            signatures=lambda ask, digest, value: sign.signatures_for(ledger, self.policy, digest, ask, value),
        )

    def record(self, packet: Mapping[str, Any], *, at: datetime, actor: str) -> bool:
        """Record a packet in the ledger, unless the newest record says the same; tell whether it was."""
        with self.ledger() as ledger:
            return recording.record(ledger, packet, actor=actor, at=at)

    def diagnose(self, as_of: date) -> Diagnosis:
        """Examine the workspace as of a date."""
        review = self.review(as_of)
        with self.engine() as engine, self.lake() as lake:
            return diagnose(lake, engine, self.settings, review)

    def recorded(self, ask: str) -> "Recorded":
        """Return the newest recorded packet's view of an ask, made again from the evidence at that packet's date.

        Raises:
            NotFound: no recorded packet holds this ask.

        """
        with self.ledger() as ledger:
            found = recording.newest_of(ledger, ask)
        if found is None:
            raise NotFound(f"no recorded packet holds {ask!r}: run `hardgate review` first, and sign what it prints")
        when, digest = found
        review = self.review(date.fromisoformat(when))
        decision = next((one for one in review.decisions if one.ask.id == ask), None)
        if decision is None:
            raise NotFound(f"{ask!r} is in the packet of {when} and is asked no more: run `hardgate review` again")
        return Recorded(review, decision, digest, digest_of(review, decision))

    def sign(self, ask: str, *, signer: str, key: Path | None, verdict: str, at: datetime, **said: Any) -> sign.Counted:  # noqa: ANN401  role, reason and expires, as sign.sign has them
        """Sign the newest recorded packet's statement of an ask, after making it again.

        Raises:
            NotPermitted: what would be signed is no longer what was recorded, or policy does not let this person.

        """
        now = self.recorded(ask)
        if now.changed:
            raise NotPermitted(now.changed)
        value = now.review.amounts[ask]
        with self.ledger() as ledger:
            return sign.sign(
                ledger,
                self.policy,
                now.digest,
                now.decision,
                signer=signer,
                key=key,
                verdict=verdict,
                at=at,
                value=value,
                **said,
            )

    def released(self, ask: str, *, on: date, amount: Decimal | None) -> tuple[Decision, bool, str]:
        """Tell whether an ask is released on a day, on evidence that still says what was signed."""
        now = self.recorded(ask)
        if now.changed:
            return now.decision, False, now.changed
        with self.ledger() as ledger:
            value = now.review.amounts[ask]
            return now.decision, *released(
                ledger, self.policy, now.digest, now.decision, on=on, value=value, amount=amount
            )

    def waive(  # noqa: PLR0913  each argument is one field of what is signed
        self,
        gate: str,
        ask: str,
        *,
        as_of: date,
        category: str,
        owner: str,
        requested_by: str,
        reason: str,
        control: str,
        expires: date,
        signer: str,
        key: Path | None,
        at: datetime,
        role: str | None,
    ) -> waivers.Standing:
        """Grant a waiver of a gate for the scope on which it judges an ask; its exposure is the ask's amount.

        Raises:
            NotFound: no such ask, or the gate does not judge it.
            NotPermitted: policy does not let this gate be waived, or not by this person.

        """
        review = self.review(as_of)
        verdict = next(
            (v for d in review.decisions if d.ask.id == ask for v in d.verdicts if v.gate == gate),
            None,
        )
        if verdict is None:
            asks = [one.ask.id for one in review.decisions]
            raise NotFound(f"{gate} judges no ask {ask!r}; {nearest(ask, asks)}")
        amount = review.amounts[ask]
        if amount is None:
            raise NotPermitted(f"{ask} has no amount in {review.currency}, so a waiver's exposure is unknown")
        terms = waivers.Terms(
            gate=gate,
            scope=verdict.scope,
            category=category,
            owner=owner,
            requested_by=requested_by,
            reason=reason,
            control=control,
            as_of=as_of,
            expires=expires,
            exposure=amount,
            currency=review.currency,
        )
        with self.ledger() as ledger:
            return grant_waiver(
                ledger, self.policy, terms, outcome=verdict.outcome, signer=signer, key=key, at=at, role=role
            )

    def file_ask(self, name: str, text: str) -> Path:
        """Write an ask into asks/ after reading it as a review would.

        Raises:
            Misconfigured: it is wrong, or an ask of this name is there already.

        """
        path = self.root / ASKS / f"{name}.yaml"
        if path.exists():
            raise Misconfigured(
                f"{path.relative_to(self.root)} is there already: give the ask another --id, or edit it"
            )
        for ask in ask_files.parse(f"{ASKS}/{name}.yaml", text.encode(), self.settings.currency):
            guards_of(ask, self.gates)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        return path


@dataclass(frozen=True, slots=True)
class Recorded:
    """An ask as the newest record has it, and as the same date's evidence gives it now."""

    review: Review
    decision: Decision
    signed: str
    digest: str

    @property
    def changed(self) -> str:
        """What to do where the statement is no longer what was recorded; nothing where it is."""
        if self.signed == self.digest:
            return ""
        return (
            f"the packet of {self.review.as_of} says something else of {self.decision.ask.id} than when recorded "
            f"({self.signed[:16]}, now {self.digest[:16]}): evidence, policy or terms changed; run `hardgate review`"
        )


def digest_of(review: Review, decision: Decision) -> str:
    """Return the digest of the statement that a signature on this decision binds to."""
    said = statement(
        decision.ask,
        decision.verdicts,
        decision.waivers,
        as_of=decision.as_of,
        policy=decision.policy,
        gates=review.gates,
        metrics=review.metrics,
        limit_sources=review.limit_sources,
    )
    return digest(said)
