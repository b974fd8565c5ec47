"""A change split over what changed, in no order: each factor's mean effect over every order of changing them.

The parts add up to the change, whatever the formula; a factor that changes nothing gets nothing. Wrong as a statement
of cause: it splits a formula, and does not say what would have happened.

A price from 10 to 12 and a quantity from 100 to 90 move revenue from 1,000 to 1,080:

>>> [round(one, 6) for one in parts(lambda new: (12 if new[0] else 10) * (90 if new[1] else 100), 2)]
[190.0, -110.0]

Source: Shapley (1953), A value for n-person games; Shorrocks (2013), Journal of Economic Inequality 11, for its use.
"""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import product

MOST = 12


def parts(value: Callable[[tuple[bool, ...]], float], factors: int) -> tuple[float, ...]:
    """Split value(all new) - value(all old) over the factors, exactly.

    Args:
        value: of a state that says of each factor whether it is the new one.
        factors: how many, at most 12: every one of their 2^n states is valued once.

    Raises:
        ValueError: there are none or too many.

    """
    if not 1 <= factors <= MOST:
        raise ValueError(f"{factors} factors: expected 1 to {MOST}")
    states = {state: value(state) for state in product((False, True), repeat=factors)}
    found = []
    for factor in range(factors):
        terms = []
        for state, worth in states.items():
            if not state[factor]:
                size = sum(state)
                weight = math.factorial(size) * math.factorial(factors - size - 1) / math.factorial(factors)
                after = (*state[:factor], True, *state[factor + 1 :])
                terms.append(weight * (states[after] - worth))
        found.append(math.fsum(terms))
    return tuple(found)


def rounded(found: Sequence[float], total: Decimal, digits: int) -> tuple[Decimal, ...]:
    """Round parts so that they add up to the rounded total: what is left goes to the largest part.

    >>> [str(one) for one in rounded((1 / 3, 1 / 3, 1 / 3), Decimal("1.00"), 2)]
    ['0.34', '0.33', '0.33']
    """
    quantum = Decimal(1).scaleb(-digits)
    near = [Decimal(repr(one)).quantize(quantum) for one in found]
    largest = max(range(len(near)), key=lambda i: abs(near[i]))
    near[largest] += total.quantize(quantum) - sum(near, Decimal(0))
    return tuple(near)
