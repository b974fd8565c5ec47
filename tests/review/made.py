"""Two small gates and their metrics, for policies that are read in tests."""

from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

from hardgate.core.errors import Misconfigured
from hardgate.core.terms import Action, Better, Choice, Condition, Gate, Metric
from hardgate.review.policy import Policy, parse

FULL = Metric("full", "productive of available GPU-hours", "share", Better.HIGHER, at_most_one=True)
SOLD = Metric("sold", "allocated of available GPU-hours", "share", Better.HIGHER, at_most_one=True)
COVER = Metric("cover", "backlog over revenue needed", "ratio", Better.HIGHER)
METRICS = {one.name: one for one in (COVER, FULL, SOLD)}


@dataclass(frozen=True, slots=True)
class FillLimits:
    rung: str = "full"
    full: float = 0.75
    sold: float = 0.85


@dataclass(frozen=True, slots=True)
class CoverLimits:
    cover: float = 1.1
    top: int = 5
    strict: bool = False
    basis: Literal["raw", "haircut"] = "haircut"
    cap: float | None = None


RUNG = Choice("rung", (("full", FULL), ("sold", SOLD)))
FILL = Gate(
    "capacity.fill",
    "Is it full?",
    Action.BUILD,
    ("region", "accelerator"),
    "8w",
    (Condition(RUNG, at_least="full", held_for=4),),
    FillLimits(),
    "capacity",
)
COVERED = Gate(
    "capacity.covered",
    "Is it covered?",
    Action.RELEASE,
    ("tranche",),
    "12m",
    (Condition(COVER, at_least="cover"),),
    CoverLimits(),
    "finance",
)
SIGNAL = Gate(
    "capacity.signal",
    "Is it new?",
    None,
    ("region",),
    "8w",
    (Condition(SOLD, at_most="sold"),),
    FillLimits(),
    "capacity",
)
GATES = {one.name: one for one in (COVERED, FILL, SIGNAL)}


def policy(text: str) -> Policy:
    return parse("policy.yaml", dedent(text).encode(), GATES, METRICS)


def told(text: str) -> str:
    """Return what is said of a policy with mistakes."""
    try:
        policy(text)
    except Misconfigured as error:
        return f"\n{error}\n"
    return ""
