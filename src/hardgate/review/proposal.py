"""A kind of ask that the data already holds: which actions it asks for, and how it is found in the evidence."""

from collections.abc import Callable
from dataclasses import dataclass

from hardgate.core.terms import Action, Ask, Evidence


@dataclass(frozen=True, slots=True)
class Proposal:
    """One kind of derived ask; `build(evidence, horizon)` returns the asks within a horizon such as "26w".

    `made_of` names the tables of the lake whose rows become asks.
    """

    name: str
    actions: tuple[Action, ...]
    build: Callable[[Evidence, str], tuple[Ask, ...]]
    made_of: tuple[str, ...]
