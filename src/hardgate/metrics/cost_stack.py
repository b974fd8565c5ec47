"""The declared cost stack: at which level each amount of an order counts, and whether every account has one place.

CM1, CM2 and CM3 are no standard: the stack says which accounts they are, and is printed with what rests on it. An
account that is mapped twice is an error, and so is an amount of an order that no account books; a booked account that
the stack does not know lands in the unallocated row. Wrong when one account books two kinds of cost.

>>> rows = [{"account": "4010", "level": "CM1", "order_column": "commission"},
...         {"account": "4010", "level": "CM2", "order_column": "commission"}]
>>> declared(rows).problems[0]
'account 4010 is mapped to CM1 and CM2: keep one'
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hardgate.core.terms import Evidence

SIGNS: Mapping[str, int] = MappingProxyType(
    {
        "commission": 1, "delivery_fee": 1, "refund": -1, "courier_cost": -1, "payment_cost": -1, "support_cost": -1,
        "discount_platform": -1,
    }
)  # fmt: skip
"""The amounts of an order that are ours, and whether they come in or go out. A merchant's discount is not ours."""
SPEND = "acquisition_spend"
"""What an account may book beside amounts of orders: what it costs to win customers, which has its own table."""
LEVELS = ("CM1", "CM2", "CM3")
CENTRAL = "central"
BRING = "bring cost_stack with every account of the city ledger once"
SPREAD = f"write {SPEND} as its order_column in cost_stack where it is that, or read the month in markets.city_pnl"


@dataclass(frozen=True, slots=True)
class Stack:
    """The level of each account, the account of each amount of an order, and what is wrong with the declaration."""

    levels: Mapping[str, str]
    accounts: Mapping[str, str]
    problems: tuple[str, ...]

    def columns(self, level: str) -> tuple[str, ...]:
        """Return the amounts of an order that count up to a level."""
        upto = LEVELS[: LEVELS.index(level) + 1]
        return tuple(name for name in SIGNS if self.levels.get(self.accounts.get(name, "")) in upto)

    def spends(self, level: str) -> bool:
        """Tell whether what is spent to win customers counts up to a level."""
        return self.levels.get(self.accounts.get(SPEND, "")) in LEVELS[: LEVELS.index(level) + 1]

    def outside(self, level: str) -> tuple[str, ...]:
        """Return the accounts up to a level of which no day is known: the books alone hold them, month by month."""
        upto, known = LEVELS[: LEVELS.index(level) + 1], set(self.accounts.values())
        return tuple(sorted(account for account, one in self.levels.items() if one in upto and account not in known))

    def of_level(self, level: str) -> tuple[str, ...]:
        """Return the accounts of one level, sorted."""
        return tuple(sorted(account for account, one in self.levels.items() if one == level))

    def printed(self) -> str:
        """Write the stack for people."""
        said = [f"{level}: {', '.join(self.of_level(level)) or 'nothing'}" for level in (*LEVELS, CENTRAL)]
        return f"declared cost stack: {'; '.join(said)}"


def stack(evidence: Evidence) -> Stack | None:
    """Return the stack in force, or None where none is declared."""
    rows = [row for row in evidence.rows("stack_account").records() if row["account"] is not None]
    past = [row for row in rows if row["day"] <= evidence.as_of]
    if not past:
        return None
    newest = max(row["day"] for row in past)
    return declared([row for row in past if row["day"] == newest])


def declared(rows: Sequence[Mapping[str, Any]]) -> Stack:
    """Read the rows of one declaration."""
    levels: dict[str, str] = {}
    accounts: dict[str, str] = {}
    problems: list[str] = []
    for row in sorted(rows, key=lambda one: (str(one["account"]), str(one["level"]))):
        account, level, column = str(row["account"]), str(row["level"]), row["order_column"]
        if account in levels:
            problems.append(f"account {account} is mapped to {levels[account]} and {level}: keep one")
        if level not in {*LEVELS, CENTRAL}:
            problems.append(f"account {account} has the level {level}: write CM1, CM2, CM3 or central")
        levels.setdefault(account, level)
        if column is not None and column not in {*SIGNS, SPEND}:
            known = ", ".join((*SIGNS, SPEND))
            problems.append(f"account {account} books {column}, which no order has: write one of {known}")
        elif column is not None and accounts.setdefault(str(column), account) != account:
            problems.append(f"{column} of orders is booked by {accounts[str(column)]} and {account}: keep one")
    problems += [f"no account books {name} of orders: map it once" for name in SIGNS if name not in accounts]
    return Stack(levels, accounts, tuple(dict.fromkeys(problems)))
