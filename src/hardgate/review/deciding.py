"""What a table of the lake decides: the gates whose readings are made of it, and the asks that its rows become.

>>> from hardgate.review import areas
>>> decides("subsidies", areas.gates(), kinds())
('SUBSIDIZE asks',)
"""

from collections.abc import Iterable, Mapping
from typing import cast

from hardgate.core.discover import discover
from hardgate.core.terms import Choice, Gate, Metric
from hardgate.review import proposals
from hardgate.review.proposal import Proposal
from hardgate.rollups.definition import names as rollup_names
from hardgate.rollups.read import inputs_of


def kinds() -> tuple[Proposal, ...]:
    """Return every kind of ask that the data can hold."""
    return tuple(cast("Proposal", one) for one in discover(proposals, "proposal").values())


def decides(table: str, gates: Mapping[str, Gate], asked: Iterable[Proposal]) -> tuple[str, ...]:
    """Return the gates that read a table, then the asks that are made of it."""
    name = "pool_usage" if table == "pools_file" else table
    asks = sorted({str(action) for one in asked if name in one.made_of for action in one.actions})
    read = [one for one, gate in gates.items() if name in tables_of(gate)]
    return (*read, *([f"{', '.join(asks)} asks"] if asks else []))


def tables_of(gate: Gate) -> frozenset[str]:
    """Return the tables of the lake that a gate's readings are made of."""
    stated = [side for one in gate.conditions for side in (one.metric, one.at_least, one.at_most)]
    metrics = [metric for side in stated for metric in _metrics(side)]
    rollups = {fact.table for metric in metrics for fact in metric.facts} & set(rollup_names())
    return frozenset(table for rollup in rollups for table in inputs_of(rollup))


def _metrics(side: object) -> list[Metric]:
    if isinstance(side, Metric):
        return [side]
    return [metric for _, metric in side.options] if isinstance(side, Choice) else []
