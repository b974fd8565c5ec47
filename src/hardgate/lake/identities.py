"""Whose a foreign key is: the rules of hardgate.toml, applied to the keys that a table has.

A rule looks at one column of one table and says which pool, product or account a cell stands for: exactly this text,
all that begins with it, all that a regular expression finds, or all with this tag (a key=value line). A key that no
rule matches stays unallocated; one that two rules give to different owners on the same days is an error, since either
answer would be a guess.

>>> rule = Rule("cost_and_usage", "resource_id", "prefix", "arn:cn-north", "cn-north-h20")
>>> resolve([rule], "cost_and_usage", ["resource_id"], [("arn:cn-north:i-1",), ("arn:eu:i-2",)])[0][:2]
('arn:cn-north:i-1', 'cn-north-h20')
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hardgate.core.errors import BadInput, Misconfigured, nearest

EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)
SEPARATOR = "|"
"""Between the cells of a foreign key of several columns."""

KINDS = ("pool", "product", "account")


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `[[identities]]`: cells of a column that `match` belong to an entity, from a day up to another.

    `rule` is exact, prefix, regex or tag; `kind` is pool, product or account.

    Raises:
        Misconfigured: the rule is of no known sort, or its regular expression is none.

    """

    table: str
    column: str
    rule: str
    match: str
    entity: str
    kind: str = "pool"
    valid_from: date = EVER
    valid_to: date = NEVER

    def __post_init__(self) -> None:
        """Check what can be checked without data."""
        self.test()
        if self.kind not in KINDS:
            message = f"{self}: {self.kind!r} is no kind of owner; {nearest(self.kind, KINDS)}"
            raise Misconfigured(message)

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.rule} {self.match!r} = {self.kind} {self.entity!r}"

    def test(self) -> Callable[[str], bool]:
        """Return the test of one cell."""
        tests: dict[str, Callable[[str], bool]] = {
            "exact": lambda cell: cell == self.match,
            "prefix": lambda cell: cell.startswith(self.match),
            "tag": lambda cell: self.match in cell.split("\n"),
            "regex": lambda cell: re.search(self.match, cell) is not None,
        }
        if self.rule not in tests:
            message = f"identities: rule {self.rule!r} is not known; {nearest(self.rule, tests)}"
            raise Misconfigured(message)
        if self.rule == "regex":
            try:
                re.compile(self.match)
            except re.error as error:
                message = f"identities: {self.match!r} is no regular expression: {error}"
                raise Misconfigured(message) from error
        return tests[self.rule]


class Identity(NamedTuple):
    """A foreign key and the entity that it stands for, from a day up to another."""

    foreign_key: str
    entity: str
    valid_from: date = EVER
    valid_to: date = NEVER


def resolve(
    rules: Sequence[Rule], table: str, columns: Sequence[str], keys: Sequence[Sequence[str]], kind: str = "pool"
) -> list[Identity]:
    """Return the identities of some keys of a table; each key has a cell for each of the columns.

    Raises:
        BadInput: a key stands for two entities on the same days; the message names it and both rules.

    """
    tests = [
        (rule, columns.index(rule.column), rule.test())
        for rule in rules
        if rule.table == table and rule.kind == kind and rule.column in columns
    ]
    found: list[Identity] = []
    for cells in keys:
        matched = [rule for rule, at, test in tests if test(cells[at] or "")]
        key = SEPARATOR.join(cell or "" for cell in cells)
        _agree(key, matched)
        found += [Identity(key, rule.entity, rule.valid_from, rule.valid_to) for rule in matched]
    return list(dict.fromkeys(found))


def _agree(key: str, matched: Sequence[Rule]) -> None:
    for at, one in enumerate(matched):
        for other in matched[at + 1 :]:
            overlap = max(one.valid_from, other.valid_from) < min(one.valid_to, other.valid_to)
            if overlap and one.entity != other.entity:
                message = (
                    f"{one.table}: the key {key!r} is given to two owners: by the rule {one}, and by the rule {other}; "
                    "make one of them narrower, or give each its days with from = and to ="
                )
                raise BadInput(message)
