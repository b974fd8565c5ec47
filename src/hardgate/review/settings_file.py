"""How hardgate.toml is written: the sections, keys and types of the file.

A key of `[[inputs]]` that is not listed here is an option of its source; which ones a source takes is checked when the
settings are read.
"""

import re
from typing import Annotated

from pydantic import ConfigDict, Field

from hardgate.review import quantities
from hardgate.review.fields import (
    Count,
    Day,
    Days,
    Reads,
    Section,
    Share,
    Text,
    one_of,
)
from hardgate.review.quantities import NotUnderstood, shown

COST_SOURCES = ("cost_and_usage", "general_ledger", "asset_register")
RULES = ("exact", "prefix", "regex", "tag")
_SIZE = re.compile(r"^\d+(\.\d+)?\s*([KMGT]i?B)$")
_MONTHS = 12


def month(value: object) -> int:
    """Read the number of a month."""
    found = quantities.count(value)
    if found > _MONTHS:
        raise NotUnderstood(f"expected a month from 1 to 12, found {found}", "write it like 4 for April")
    return found


def size(value: object) -> str:
    """Read an amount of memory."""
    if not isinstance(value, str) or not _SIZE.match(value):
        raise NotUnderstood(f"expected an amount of memory, found {shown(value)}", 'write it like "4GB"')
    return value


Month = Annotated[int, Reads(month, {"type": "integer", "minimum": 1, "maximum": 12})]
Size = Annotated[str, Reads(size, {"type": "string", "pattern": _SIZE.pattern})]


class EngineSection(Section):
    """Where rollups are computed."""

    address: Text = "duckdb"
    memory: Size = "4GB"
    threads: Count | None = None


class TelemetrySection(Section):
    """What counts as active, and how many samples an hour should have."""

    activity_field: Count = 1002
    active_at_least: Share = 0.5
    samples_per_hour: Count = 60
    enough: Share = 0.5


class LedgerSection(Section):
    """Where the ledger is."""

    address: Text = ".hardgate/ledger.sqlite"


class NotifySection(Section):
    """Whom to tell of changes of signals."""

    webhook: Text | None = None
    secret: Text = "HARDGATE_WEBHOOK_SECRET"  # noqa: S105  a name, no secret
    apprise: list[Text] = Field(default_factory=list)


class Dated(Section):
    """A row that holds for some days."""

    first: Day | None = Field(None, alias="from")
    last: Day | None = Field(None, alias="to")


class PoolRow(Dated):
    """A pool with its region and accelerator type."""

    pool: Text
    region: Text
    accelerator: Text


class ProductRow(Dated):
    """A product."""

    product: Text
    name: Text | None = None
    kind: Text | None = None


class IdentityRow(Dated):
    """A rule that says which of our entities a foreign key stands for."""

    table: Text
    column: Text
    rule: Annotated[str, one_of(RULES, "rule")]
    match: Text
    pool: Text | None = None
    product: Text | None = None
    account: Text | None = None


class InputRow(Section):
    """Where rows come from; further keys are options of the source."""

    model_config = ConfigDict(extra="allow")

    source: Text
    table: Text | None = None
    files: list[Text] | None = None
    select: Text | None = None
    columns: dict[str, Text] | None = None


class TableSection(Section):
    """What holds for a table wherever its rows come from."""

    known_after: Days = 0


class File(Section):
    """The sections of hardgate.toml."""

    currency: Text
    as_of: Day | None = None
    fiscal_year_start: Month = 1
    cost_source: Annotated[str, one_of(COST_SOURCES, "cost source")] = "cost_and_usage"
    engine: EngineSection = EngineSection()
    telemetry: TelemetrySection = TelemetrySection()
    ledger: LedgerSection = LedgerSection()
    notify: NotifySection = NotifySection()
    pools: list[PoolRow] = Field(default_factory=list)
    products: list[ProductRow] = Field(default_factory=list)
    identities: list[IdentityRow] = Field(default_factory=list)
    inputs: list[InputRow] = Field(default_factory=list)
    tables: dict[str, TableSection] = Field(default_factory=dict)
