"""Work that arrives at random waits before every server is busy: the less, the more servers share one queue.

Wrong when jobs arrive in bursts or run in step (a nightly retraining): then more wait than these formulas say. Load is
the work in progress if nothing had to wait, in servers; a server is what one job occupies.

Ten busy servers on average: of twelve, all are taken 45 % of the time, and an arrival has to wait.

>>> f"{waiting(12, 10):.4f}"
'0.4494'

Source: Erlang (1917); recursion and the step from loss to waiting as in Cooper (1981), Introduction to Queueing Theory.
"""

from collections.abc import Iterator
from itertools import count


def blocking(servers: int, load: float) -> float:
    """Erlang B: the share of arrivals that find every server busy and go away.

    >>> f"{blocking(18, 10):.5f}"
    '0.00714'
    """
    return next(lost for n, lost in _losses(load) if n == servers)


def waiting(servers: int, load: float) -> float:
    """Erlang C: the share of arrivals that find every server busy and wait; 1 where the load fills the servers."""
    return _waits(servers, load, blocking(servers, load))


def servers_for(load: float, wait_probability: float) -> int:
    """The fewest servers, more than the load, of which an arrival waits with at most this probability."""
    return next(n for n, lost in _losses(load) if n > load and _waits(n, load, lost) <= wait_probability)


def _losses(load: float) -> Iterator[tuple[int, float]]:
    """Yield 0, 1, 2, ... servers, each with its Erlang B."""
    lost = 1.0
    yield 0, lost
    for n in count(1):
        lost = load * lost / (n + load * lost)
        yield n, lost


def _waits(servers: int, load: float, lost: float) -> float:
    return 1.0 if servers <= load else servers * lost / (servers - load * (1 - lost))
