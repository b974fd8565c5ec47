"""Rules that say on a date whether the next tranche goes, from what was known then and nothing else.

The trigger, the ceiling, growth and volatility and the newsvendor are hardgate's own functions, called as the review
calls them: at most three years of demand, the volatility widened where its intervals held too little, no tranche where
an estimate is UNKNOWN. Margin and cost of owning are taken as known. The other rules are what is done elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hardgate.metrics.demand import LONGEST
from hardgate.metrics.economic_trigger import Question, horizon
from hardgate.metrics.next_block import Case
from hardgate.models.demand import checked_factor, growth_and_volatility
from hardgate.models.newsvendor import block_size
from hardgate.models.trigger import ceiling, economic

Floats = NDArray[np.float64]

OWN = 1_000.0
"""What owning one GPU costs a period, used or not: the unit of all money here."""
RULE_OF_THUMB = 0.80
FURTHER = 36
"""Periods by which the horizon is longer where a later tranche is to live its whole life too."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a tranche is worth: margin over cost of owning, periods until it is live and of its life, discount."""

    margin: float
    lead: int
    life: int
    discount: float
    """Of twelve periods, continuously compounded."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Growth and volatility of demand over twelve periods, the latter with its interval."""

    growth: float
    volatility: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known at a review: demand of the periods before it, the position below the tranche, and the terms.

    `truth` is what demand was drawn from, for the one rule that is told.
    """

    demand: Floats
    position: float
    tranche: float
    terms: Terms
    truth: Estimate | None = None

    @property
    def ratio(self) -> float:
        """Demand of the last period over the position."""
        return float(self.demand[-1]) / self.position

    def estimate(self) -> Estimate | None:
        """Growth and volatility as the review reads them; None where they are UNKNOWN."""
        months = self.demand[-LONGEST:]
        found = growth_and_volatility(months)
        if found is None:
            return None
        factor = checked_factor(months.tolist())
        return Estimate(found.growth, factor * found.volatility, factor * found.low, factor * found.high)


Rule = Callable[[Seen], bool]


def economic_trigger(seen: Seen) -> bool:
    """The economic trigger, at the estimates."""
    known = seen.estimate()
    return known is not None and seen.ratio >= _trigger(seen, known, known.volatility)


def told_the_truth(seen: Seen) -> bool:
    """The economic trigger, told the growth and the volatility that demand was drawn from."""
    return seen.truth is not None and seen.ratio >= _trigger(seen, seen.truth, seen.truth.volatility)


def further_told(seen: Seen) -> bool:
    """The same, over a horizon in which a tranche that is ordered later lives its whole life too."""
    return seen.truth is not None and seen.ratio >= _trigger(seen, seen.truth, seen.truth.volatility, FURTHER)


def lower_of_two(seen: Seen) -> bool:
    """The lower of the economic trigger and the ceiling, at the estimates."""
    return seen.ratio >= _ceiling(seen) or economic_trigger(seen)


def gate(seen: Seen) -> bool:
    """capacity.trigger as it is installed: PASS where demand clears the whole interval of the lower of the two.

    An unknown economic trigger leaves the ceiling, as in `metrics.trigger.lower`.
    """
    known = seen.estimate()
    if seen.ratio >= _ceiling(seen) or known is None:
        return seen.ratio >= _ceiling(seen)
    return all(seen.ratio >= _trigger(seen, known, one) for one in (known.volatility, known.high, known.low))


def newsvendor(seen: Seen) -> bool:
    """The position lies below the newsvendor's block for the day on which the tranche would go live."""
    return _block(seen) > seen.position


def newsvendor_whole(seen: Seen) -> bool:
    """All of the tranche lies within the newsvendor's block."""
    return _block(seen) >= seen.position + seen.tranche


def newsvendor_told(seen: Seen) -> bool:
    """The newsvendor, told the truth."""
    return seen.truth is not None and _block_of(seen, seen.truth) > seen.position


def newsvendor_whole_told(seen: Seen) -> bool:
    """The newsvendor with whole tranches, told the truth."""
    return seen.truth is not None and _block_of(seen, seen.truth) >= seen.position + seen.tranche


def always(_seen: Seen) -> bool:
    """Go at the first review."""
    return True


def never(_seen: Seen) -> bool:
    """Hold at all of them."""
    return False


def at_least(share: float) -> Rule:
    """Go where demand has reached a fixed share of the position."""

    def rule(seen: Seen) -> bool:
        return seen.ratio >= share

    return rule


TRIGGER, GATE = "economic trigger", "capacity.trigger as installed"
ALWAYS, NEVER, THUMB = "always go", "always hold", "80 % rule"
BLOCK, WHOLE_BLOCK = "newsvendor", "newsvendor, whole tranche"
TOLD, FAR_TOLD = "trigger, told the truth", "trigger, told, longer horizon"
BLOCK_TOLD, WHOLE_BLOCK_TOLD = "newsvendor, told the truth", "newsvendor, whole tranche, told"
RULES: dict[str, Rule] = {
    TRIGGER: economic_trigger,
    GATE: gate,
    "lower of trigger and ceiling": lower_of_two,
    BLOCK: newsvendor,
    WHOLE_BLOCK: newsvendor_whole,
    THUMB: at_least(RULE_OF_THUMB),
    ALWAYS: always,
    NEVER: never,
}
TELLING: dict[str, Rule] = {TOLD: told_the_truth}
"""Rules that are told what demand was drawn from: no rule of this world, but they show what estimating costs."""
KNOWN: dict[str, Rule] = {
    **TELLING,
    FAR_TOLD: further_told,
    BLOCK_TOLD: newsvendor_told,
    WHOLE_BLOCK_TOLD: newsvendor_whole_told,
    THUMB: RULES[THUMB],
    ALWAYS: always,
    NEVER: never,
}
"""Rules of a world whose process is known."""


def _trigger(seen: Seen, known: Estimate, volatility: float, further: int = 0) -> float:
    share = round(seen.tranche / seen.position, 9)
    return ratio(share, seen.terms, known.growth, volatility, further)


@lru_cache(maxsize=1 << 16)
def ratio(share: float, terms: Terms, growth: float, volatility: float, further: int = 0) -> float:
    """The economic trigger of a tranche that is such a share of the position; demand of today does not move it."""
    question = Question(
        demand=1.0, position=1.0, tranche=share, lead_months=terms.lead, growth=growth, volatility=volatility,
        discount=terms.discount, margin=terms.margin * OWN, own=OWN, shortage_penalty=0.0, life_months=terms.life,
    )  # fmt: skip
    if not further:
        return question.ratio()
    return economic(
        question.demand, question.position, share, terms.lead, growth, volatility, terms.discount, question.margin, OWN,
        horizon_months=horizon(terms.lead, terms.life) + further, life_months=terms.life,
    ).ratio  # fmt: skip


def _ceiling(seen: Seen) -> float:
    busy = float(seen.demand[-1])
    return ceiling(busy) if busy > 0 else np.inf


def _block(seen: Seen) -> float:
    known = seen.estimate()
    return 0.0 if known is None else _block_of(seen, known)


def _block_of(seen: Seen, known: Estimate) -> float:
    terms = seen.terms
    case = Case("", float(seen.demand[-1]), seen.position, seen.tranche, terms.lead, known.growth, known.volatility,
                terms.discount, terms.margin * OWN, OWN, terms.life, None, fee=0.0)  # fmt: skip
    return block_size(case.median_gpus, case.sigma, case.margin, case.own)
