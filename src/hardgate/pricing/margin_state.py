"""What the margin of all revenue is made of, product by product, and what it is when some of it is the new quarter's.

Every product has units, and per unit a list price, what was charged below it, what is priced beside, and GPU-hours.
Units are changed in two steps: how much of AI and of all else is sold, and what is sold inside each, both weighed by
one price a product. Wrong when a product's unit itself changed: then its price did not.

>>> old, new = State(10, 2.0, 0.0, 1.0, {}), State(30, 2.0, 0.0, 1.0, {})
>>> rent = State(10, 4.0, 0.0, 1.0, {})
>>> pairs = {("AI", "chat"): (old, new), ("other", "rent"): (rent, rent)}
>>> [round(whole(pairs, state), 4) for state in ((False,) * 6, (False, True, False, False, False, False))]
[0.6667, 0.6]

Source: METHODS 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FACTORS = (
    "price", "mix: AI and the rest", "mix: inside each", "share of hours used", "unit cost", "subsidy",
)  # fmt: skip
AI, OTHER = "AI", "other"
Pairs = Mapping[tuple[str, str], "tuple[State, State]"]
"""Products by group and name: as they were and as they are."""


@dataclass(frozen=True, slots=True)
class State:
    """One product in one quarter: its units and, per unit, list price, subsidy and what is priced beside.

    By pool: the GPU-hours of a unit, the cost of an installed hour, and the share of hours that pay for all of them.
    """

    units: float
    price: float
    subsidy: float
    beside: float
    pools: Mapping[str, tuple[float, float, float]]

    @property
    def revenue(self) -> float:
        """What was charged."""
        return self.units * (self.price - self.subsidy)

    @property
    def cost(self) -> float:
        """What it cost, its part of the hours that nobody used included."""
        return self.units * (self.beside + sum(hours * paid / share for hours, paid, share in self.pools.values()))

    def unsold(self) -> "State":
        """Return a product that is not sold: no units, the same terms."""
        return State(0.0, self.price, self.subsidy, self.beside, self.pools)


def paired(before: Mapping[tuple[str, str], State], after: Mapping[tuple[str, str], State]) -> Pairs:
    """Return every product of two quarters; one that was not sold in one of them has the terms of the other."""
    return {
        key: (before.get(key) or after[key].unsold(), after.get(key) or before[key].unsold())
        for key in sorted({*before, *after})
    }


def whole(pairs: Pairs, new: tuple[bool, ...]) -> float | None:
    """Return the margin as a share of revenue, where each factor is the new quarter's or not; None without revenue."""
    price, between, inside, used, cost, subsidy = new
    units = _units(pairs, between=between, inside=inside)
    revenue = left = 0.0
    for key, one in pairs.items():
        paid = one[price].price - one[subsidy].subsidy
        shares = {pool: share for pool, (_, _, share) in one[used].pools.items()}
        spent = one[cost].beside + sum(
            hours * installed / shares.get(pool, share) for pool, (hours, installed, share) in one[cost].pools.items()
        )
        revenue += units[key] * paid
        left += units[key] * (paid - spent)
    return left / revenue if revenue > 0 else None


def _units(pairs: Pairs, *, between: bool, inside: bool) -> dict[tuple[str, str], float]:
    """Return the units of every product: as much of each group as in one quarter, made up as in another."""
    weight = {key: next((one.price for one in pair if one.price > 0), 1.0) for key, pair in pairs.items()}
    volume: dict[str, list[float]] = {}
    for key, pair in pairs.items():
        sums = volume.setdefault(key[0], [0.0, 0.0])
        for at, one in enumerate(pair):
            sums[at] += weight[key] * one.units
    found = {}
    for key, pair in pairs.items():
        sums = volume[key[0]]
        made = inside if sums[inside] > 0 else not inside
        found[key] = sums[between] * pair[made].units / sums[made] if sums[made] > 0 else 0.0
    return found
