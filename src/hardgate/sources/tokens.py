"""Token counts of any API as five disjoint kinds, in SQL: the input without what was cached, the output as written.

A count that does not add up (more cached than read, a total that is not the sum) becomes words in place of a number, so
that its row is rejected and says what stood there. Wrong for audio and image tokens, which count as what they are in.

>>> made = kinds(Counted('"prompt"', '"completion"', '"cached"', None, None, None))
>>> made["cache_write_tokens"], made["cache_read_tokens"]
('0', 'coalesce(try_cast("cached" as double), 0)')
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """The columns that a format counts tokens in, quoted for SQL; None where it has none of a kind.

    `cache_apart` is true where the tokens read leave out what came from or went to a cache.
    """

    read: str
    written: str
    cache_read: str | None
    cache_write: str | None
    reasoning: str | None
    total: str | None
    cache_apart: bool = False


def number(column: str) -> str:
    """Return SQL for a foreign cell as a number, null where it is none."""
    return f"try_cast({column} as double)"


def kinds(counted: Counted) -> Mapping[str, str]:
    """Return SQL for each of our token columns."""
    cached, stored, thought = (_or_none(one) for one in (counted.cache_read, counted.cache_write, counted.reasoning))
    read, written = number(counted.read), number(counted.written)
    within = "0" if counted.cache_apart else f"({cached} + {stored})"
    beside = f"({cached} + {stored})" if counted.cache_apart else "0"
    wrong = f"{within} > {read} or {thought} > {written}"
    said = ["'read '", f"cast({counted.read} as varchar)", "', of which cached '", f"cast({within} as varchar)"]
    said += [
        "'; written '",
        f"cast({counted.written} as varchar)",
        "', of which reasoned '",
        f"cast({thought} as varchar)",
    ]
    if counted.total is not None:
        total = number(counted.total)
        wrong += f" or ({total} is not null and {total} <> {read} + {written} + {beside})"
        said += ["'; total '", f"coalesce(cast({counted.total} as varchar), '')"]
    told = f"concat({', '.join(said)})"
    return {
        # The cast to text and back lets words stand in for a count that does not add up.
        "input_tokens": f"case when {wrong} then {told} else {_text(f'{read} - {within}')} end",
        "output_tokens": _whole(f"{written} - {thought}"),
        "cache_read_tokens": cached,
        "cache_write_tokens": stored,
        "reasoning_tokens": thought,
        "total_tokens": "null" if counted.total is None else counted.total,
    }


def _or_none(column: str | None) -> str:
    return "0" if column is None else f"coalesce({number(column)}, 0)"


def _text(value: str) -> str:
    return f"cast({_whole(value)} as varchar)"


def _whole(value: str) -> str:
    return f"try_cast({value} as bigint)"
