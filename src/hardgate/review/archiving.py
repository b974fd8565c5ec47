"""The rollups of a workspace as evidence reads them: rows, batches, lateness and rejects by the name of a rollup.

A user's own metric is a rollup, too, called `user.` and its name. Wrong when the rollups were not brought up to date
before: what is read is what was made.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from hardgate.core.days import Window
from hardgate.core.terms import Rows
from hardgate.engine.connect import Engine
from hardgate.lake.batches import Lake
from hardgate.review import evidence_notes, user_metrics
from hardgate.review.evidence import DATES, Archive, Spoilt
from hardgate.review.policy import Policy
from hardgate.review.settings import Settings
from hardgate.rollups import kept, read


def archive_of(  # noqa: PLR0913  what an archive is made of
    engine: Engine,
    lake: Lake,
    root: Path,
    settings: Settings,
    policy: Policy,
    own_metrics: Mapping[str, user_metrics.UserMetric],
    as_of: date,
) -> Archive:
    """Return the rollups in `root` with all their versions up to a date, read as they are asked for."""
    own = {user_metrics.PREFIX + name: one for name, one in own_metrics.items()}
    rejecting = {one.table for one in lake.batches() if one.rejected}

    def tables(name: str) -> tuple[str, ...]:
        return own[name].tables if name in own else read.inputs_of(name)

    def digests(name: str, window: Window | None, as_of: date) -> tuple[str, ...]:
        first, last = (window.start, window.end - timedelta(days=1)) if window else (None, None)
        return lake.digests(tables(name), first, last, as_of)

    def lag(name: str) -> int:
        return max((settings.known_after.get(table, 0) for table in tables(name)), default=0)

    def rows(name: str, window: Window | None = None) -> Rows:
        return read.rows(engine, root, name, known_by=as_of, window=window, days=DATES)

    def rejected(name: str, window: Window, when: date) -> tuple[Spoilt, ...]:
        return evidence_notes.spoilt(lake, [one for one in tables(name) if one in rejecting], window, when)

    return Archive(
        load=rows,
        digests=digests,
        lag=lag,
        currency=settings.currency,
        assumption=policy.assumption,
        limits=policy.limits,
        confidence=policy.confidence,
        cost_source=settings.cost_source,
        rejected=rejected,
        own={name: partial(user_metrics.rows, one, root) for name, one in own.items()},
        kept=partial(kept.of_model, root),
    )
