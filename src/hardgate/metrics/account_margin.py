"""What each account brought and cost by product: a sort of the accounts, no model needed.

Seats without usage are accounts too: they bring all and cost nothing. Wrong when one account stands under two names.

>>> Account("a", "p", 60.0, 90.0, 2.0, 5e6, ()).margin
-30.0
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hardgate.metrics.product_cost import Served
from hardgate.metrics.serving_cost import by_row


@dataclass(frozen=True, slots=True)
class Account:
    """One account's use of one product: revenue, cost, seat-months and tokens, and its cost by feature."""

    account: str
    product: str
    revenue: float
    cost: float
    seat_months: float
    tokens: float
    features: tuple[tuple[str, float], ...]
    charged: float = 0.0

    @property
    def margin(self) -> float:
        """What is left of what it brought."""
        return self.revenue - self.cost


def accounts(found: Served, end: str = "value") -> list[Account]:
    """Return every account and product of what was served, by name; `end` is low, value or high of the rates."""
    usage, cost = found.usage, by_row(found.usage, found.taken, found.rates, end)
    tokens = usage.tokens.sum(axis=1)
    rows: dict[tuple[str, str], list[int]] = {key: [] for key in found.brought.seats}
    for i in range(usage.count):
        key = (usage.texts["account"][i] or "", usage.texts["product"][i] or "")
        rows.setdefault(key, []).append(i)
    made = []
    for (account, product), mine in sorted(rows.items()):
        seat = found.brought.seats.get((account, product))
        by_feature: dict[str, float] = {}
        for i in mine:
            feature = usage.texts["feature"][i] or "no feature"
            by_feature[feature] = by_feature.get(feature, 0.0) + float(cost[i])
        charged = float(sum(found.brought.by_row[i] for i in mine))
        made.append(
            Account(
                account, product, charged + (seat.fee if seat else 0.0), float(sum(cost[i] for i in mine)),
                seat.seat_months if seat else 0.0, float(sum(tokens[i] for i in mine)),
                tuple(sorted(by_feature.items())), charged,
            )
        )  # fmt: skip
    return made


def by_feature(each: list[Account]) -> Mapping[str, tuple[float, float, int, int, float]]:
    """Return revenue, cost, accounts, accounts under cost and cost of these, by feature.

    What an account brought for a product is given to its features by what each cost.
    """
    found: dict[str, list[float]] = {}
    for one in each:
        for feature, cost in one.features or (("no use", 0.0),):
            part = cost / one.cost if one.cost else 1.0
            under = one.revenue < one.cost
            mine = found.setdefault(feature, [0.0, 0.0, 0.0, 0.0, 0.0])
            for at, value in enumerate((one.revenue * part, cost, 1, under, cost if under else 0.0)):
                mine[at] += value
    return {name: (a, b, int(c), int(d), e) for name, (a, b, c, d, e) in sorted(found.items())}
