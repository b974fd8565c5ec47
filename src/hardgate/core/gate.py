"""A question that conditions answer: a metric against a limit each, for how long, and which action it guards."""

from dataclasses import dataclass
from typing import Any

from hardgate.core.ask import Action
from hardgate.core.evidence import Metric


@dataclass(frozen=True, slots=True)
class Choice:
    """Metrics of which the gate's limit field `by` picks one by name: a rung, or which trigger is the limit."""

    by: str
    options: tuple[tuple[str, Metric], ...]

    def pick(self, name: str) -> Metric:
        """Return the metric called `name`.

        Raises:
            KeyError: it is not among the options.

        """
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class Condition:
    """One metric against one limit: a field of the gate's `Limits` by name, or a metric (a computed limit).

    `held_for` counts consecutive evaluations; `band` is the distance between entering PASS and leaving it. `leaves`
    names the limit at which it is left instead: between the two nothing is decided, and beyond it the condition fails.
    `looks` names the limit that says at how many looks, a week apart, the reading must say the same.
    """

    metric: Metric | Choice
    at_least: str | Metric | Choice | None = None
    at_most: str | Metric | Choice | None = None
    held_for: int = 1
    band: float = 0.0
    leaves: str = ""
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question answered by conditions; guards one action. `opens=None` makes it a signal, never holding.

    `limits` is an instance of the gate's own frozen `Limits` dataclass with the defaults. `per` names the dimensions
    that it is judged on. `hears` names the area whose fired signals are evidence in its verdicts.
    """

    name: str
    question: str
    opens: Action | None
    per: tuple[str, ...]
    window: str
    conditions: tuple[Condition, ...]
    limits: Any
    owner: str
    cool_down: int = 0
    also_opens: tuple[Action, ...] = ()
    hears: str = ""

    def guards(self, action: Action) -> bool:
        """Tell whether the gate guards this action."""
        return self.opens is action or action in self.also_opens
