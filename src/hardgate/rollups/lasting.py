"""A row that the next version of its day repeats holds on: it is kept once, from its first `known` to its last.

A rollup is made in whole versions, one for every date on which something became known, and what a new contract or a
slipped date leaves alone stands again in each: rows would grow with the square of what becomes known.

>>> lasting(("day", "known", "known_to", "gpus"), "made").partition(" from ")[0]
'select day, min(known) as known, max(known_to) as known_to, gpus'
"""

from collections.abc import Sequence

VERSION = ("known", "known_to")


def lasting(columns: Sequence[str], made: str) -> str:
    """Return a SELECT of the rows of whole versions, in which a row that lasts over several stands once.

    Rows that stand twice in one version stand twice after it.
    """
    rest = ", ".join(name for name in columns if name not in VERSION)
    copies = f"select *, row_number() over (partition by {rest}, known order by known) as copy from {made}"
    same = f"partition by {rest}, copy order by known"
    begun = f"select *, case when known = lag(known_to) over ({same}) then 0 else 1 end as begins from ({copies}) c"
    runs = f"select *, sum(begins) over ({same}) as run from ({begun}) b"
    chosen = ", ".join(
        {"known": "min(known) as known", "known_to": "max(known_to) as known_to"}.get(name, name) for name in columns
    )
    return f"select {chosen} from ({runs}) r group by {rest}, copy, run"
