"""What the days of a rollup depend on: from the batches of its inputs to the versions of each day.

An input that counts on its day alone touches that day; one that spans touches every day from its first to its last;
one whose earlier rows count touches all days after its own.
Where a restatement may move a row to another day (a slipped live date), any new batch touches all days: such tables are
small.
"""

import hashlib
import json
from datetime import date

from hardgate.rollups.definition import Rollup
from hardgate.rollups.inputs import Inputs
from hardgate.rollups.settings import NEVER
from hardgate.rollups.versions import Versions


def versions_of(rollup: Rollup, inputs: Inputs, through: date) -> Versions:
    """Return the versions of every day of a rollup, up to a last day for what has no end."""
    versions = Versions(rollup.grain, rollup.forward)
    for name in rollup.inputs:
        if name in rollup.spans:
            _add_spans(versions, name, inputs, through)
        elif name in inputs.schemas:
            _add_days(versions, name, inputs)
        else:
            for day, (fingerprint, known) in inputs.stored[name].days.items():
                for one in known:
                    versions.add(day, one, fingerprint)
    _add_prior(versions, rollup, inputs)
    _add_since(versions, rollup, inputs, through)
    _add_owners(versions, rollup, inputs)
    for name in rollup.spans:
        if _stays(inputs, name):
            versions.depend((one.day, one.batch) for one in inputs.days(name))
    return versions


def _stays(inputs: Inputs, table: str) -> bool:
    """Tell whether a row that is restated keeps its day."""
    schema = inputs.schemas[table]
    return schema.day in schema.key


def _add_spans(versions: Versions, table: str, inputs: Inputs, through: date) -> None:
    for bound in ("known_from", "known_to"):
        for first, last, known in inputs.span_bounds(table, bound):
            if versions.forward:
                versions.span(first, first if last == NEVER else last, known)
            else:
                versions.span(first, min(last, through), known)


def _add_days(versions: Versions, table: str, inputs: Inputs) -> None:
    if _stays(inputs, table):
        for one in inputs.days(table):
            versions.add(one.day, one.known, one.batch)
        return
    for bound in ("known_from", "known_to"):
        for first, _, known in inputs.span_bounds(table, bound):
            versions.add(first, known, "")


def _add_prior(versions: Versions, rollup: Rollup, inputs: Inputs) -> None:
    """A day looks different from the date on which an earlier day is told anew, and depends on all days before it."""
    for name in rollup.prior:
        found = inputs.days(name)
        versions.boundaries((versions.after(versions.period(one.day)), NEVER, one.known) for one in found)
        versions.depend((one.day, one.batch) for one in found)


def _add_since(versions: Versions, rollup: Rollup, inputs: Inputs, through: date) -> None:
    for name in rollup.reach:
        days = inputs.days(name)
        if days:
            versions.reach(min(one.day for one in days), through, (one.known for one in days))
    for name, columns in rollup.since:
        found = inputs.since(name, columns)
        versions.boundaries((first, NEVER, known) for *_, known, first in found)
        versions.depend((row[-1], json.dumps(row, default=str)) for row in found)


def _add_owners(versions: Versions, rollup: Rollup, inputs: Inputs) -> None:
    if "owner_of_" not in rollup.sql:
        return
    for table in ("identities", "pools"):
        for bound in ("known_from", "known_to"):
            found = inputs.span_bounds(table, bound)
            versions.boundaries((versions.period(first), last, known) for first, last, known in found)


def digest_of_statics(rollup: Rollup, inputs: Inputs) -> str:
    """Return the digest of what every day depends on."""
    parts: list[object] = [rollup.digest, [(name, inputs.settings.parameter(name)) for name in rollup.parameters]]
    if "owner_of_" in rollup.sql:
        rules = [repr(rule) for rule in inputs.settings.rules if rule.table in rollup.inputs]
        parts += [rules, [repr(pool) for pool in inputs.settings.pools]]
        parts += [inputs.batches("identities"), inputs.batches("pools")]
    parts += [inputs.batches(name) for name in rollup.inputs if name in inputs.schemas and not _stays(inputs, name)]
    return digest(parts)


def digest_of_inputs(rollup: Rollup, inputs: Inputs) -> str:
    """Return the digest of all batches that a rollup is made from."""
    return digest(
        [inputs.batches(name) if name in inputs.schemas else inputs.stored[name].digest for name in rollup.inputs]
    )


def digest(parts: object) -> str:
    """Return the SHA-256 of plain values."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def last_known(rollup: Rollup, inputs: Inputs) -> list[date]:
    """Return the last date on which anything that a rollup reads became known."""
    tables = [name for name in rollup.inputs if name in inputs.schemas]
    return [max(one.known for one in inputs.days(name)) for name in tables if inputs.days(name)]
