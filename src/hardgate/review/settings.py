r"""The settings of a workspace: currency, engine, telemetry, pools, and where each table comes from.

hardgate.toml says how data is read; what is allowed and who may sign is policy.yaml's. Every mistake of the file is
found at once, with line, column and what to write instead.

>>> given = parse("hardgate.toml", b'currency = "RMB"\n[tables.sales]\nknown_after = "35 days"\n')
>>> given.currency, given.known_after["sales"], given.engine.memory
('RMB', 35, '4GB')
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hardgate.lake.identities import KINDS, Rule
from hardgate.review import settings_checks
from hardgate.review.decoding import content_of, decoded
from hardgate.review.mistakes import checked
from hardgate.review.settings_file import Dated, File, IdentityRow, InputRow
from hardgate.review.toml_places import read_toml
from hardgate.rollups.settings import EVER, NEVER, Pool, RollupSettings
from hardgate.sources.source import Input


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """Where rollups are computed, and with how much memory and how many threads; None threads is every core."""

    address: str = "duckdb"
    memory: str = "4GB"
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """One entry of `[[products]]`, on the days from `valid_from` to `valid_to`."""

    product: str
    name: str = ""
    kind: str = ""
    valid_from: date = EVER
    valid_to: date = NEVER


@dataclass(frozen=True, slots=True)
class Notify:
    """Whom to tell of changes; `secret` is the name of the environment variable that holds the webhook's secret."""

    webhook: str | None = None
    secret: str = "HARDGATE_WEBHOOK_SECRET"  # noqa: S105  a name, no secret
    apprise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What hardgate.toml says. `known_after` is in days by table; `ledger` is an address relative to the workspace."""

    currency: str
    as_of: date | None = None
    fiscal_year_start: int = 1
    cost_source: str = "cost_and_usage"
    engine: EngineSettings = EngineSettings()
    rollups: RollupSettings = field(default_factory=RollupSettings)
    inputs: tuple[Input, ...] = ()
    known_after: Mapping[str, int] = field(default_factory=dict)
    ledger: str = ".hardgate/ledger.sqlite"
    notify: Notify = Notify()


def load(path: Path) -> Settings:
    """Read hardgate.toml.

    Raises:
        Misconfigured: with every mistake of the file.

    """
    return parse(path.name, content_of(path))


def parse(file: str, content: bytes) -> Settings:
    """Read the bytes of a hardgate.toml.

    Raises:
        Misconfigured: as `load`.

    """
    document = read_toml(file, decoded(file, content))
    found = checked(File, document)
    slips = settings_checks.slips(found.model) if found.model is not None else ()
    return _settings(found.sound(document, slips))


def _settings(model: File) -> Settings:
    return Settings(
        currency=model.currency,
        as_of=model.as_of,
        fiscal_year_start=model.fiscal_year_start,
        cost_source=model.cost_source,
        engine=EngineSettings(**dict(model.engine)),
        rollups=RollupSettings(
            pools=tuple(Pool(one.pool, one.region, one.accelerator, *_days(one)) for one in model.pools),
            products=tuple(
                Product(one.product, one.name or one.product, one.kind or "", *_days(one)) for one in model.products
            ),
            rules=tuple(map(_rule, model.identities)),
            **dict(model.telemetry),
        ),
        inputs=tuple(map(_input, model.inputs)),
        known_after={name: one.known_after for name, one in sorted(model.tables.items())},
        ledger=model.ledger.address,
        notify=Notify(model.notify.webhook, model.notify.secret, tuple(model.notify.apprise)),
    )


def _days(row: Dated) -> tuple[date, date]:
    return row.first or EVER, row.last or NEVER


def _rule(row: IdentityRow) -> Rule:
    kind = next(one for one in KINDS if getattr(row, one) is not None)
    return Rule(row.table, row.column, row.rule, row.match, getattr(row, kind), kind, *_days(row))


def _input(row: InputRow) -> Input:
    options = {name: str(value) for name, value in sorted((row.model_extra or {}).items())}
    return Input(row.source, row.table, tuple(row.files or ()), row.select, dict(row.columns or {}), options)
