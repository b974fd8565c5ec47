"""Back-tests of a workspace: its archive opened once, its past asks replayed, and where asked for calibrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from hardgate.review import gate_modes
from hardgate.review.calibrate import Threshold, calibrate
from hardgate.review.evidence import Archive
from hardgate.review.look_ahead import peeking
from hardgate.review.raised import raised
from hardgate.review.replay import Backtest, Progress, replay
from hardgate.review.workspace import ASKS, Workspace


@dataclass(frozen=True, slots=True)
class Span:
    """Which past asks: those whose decision date lies between two days, reviewed every week or month."""

    start: date | None = None
    end: date | None = None
    every: str = "1m"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A back-test, the cost of each threshold where it was asked for, and the gates that look ahead."""

    backtest: Backtest
    thresholds: tuple[Threshold, ...] = ()
    peeking: tuple[str, ...] | None = None
    """None where nobody looked."""


def backtest(  # noqa: PLR0913  the surface's settings, each by name
    workspace: Workspace,
    as_of: date,
    span: Span,
    *,
    gate: str | None = None,
    calibrated: bool = False,
    checked: bool = False,
    progress: Progress | None = None,
) -> Replayed:
    """Replay the past asks of a workspace as known on a date; read only.

    Raises:
        Misconfigured: policy.yaml or an ask is wrong.

    """
    policy = workspace.policy
    with workspace.ledger() as ledger:
        written = raised(workspace.asks(), ledger, workspace.root / ASKS)
    with opened(workspace, as_of, progress) as (archive, modes):
        found = replay(
            archive, policy, modes, as_of=as_of, start=span.start, end=span.end, every=span.every, raised=written,
            progress=progress,
        )  # fmt: skip
        costs = calibrate(archive, policy, modes, found, gate, progress) if calibrated else ()
        ahead = peeking(archive, policy, modes, found, progress) if checked else None
    return Replayed(found, costs, ahead)


@contextmanager
def opened(
    workspace: Workspace, as_of: date, progress: Progress | None = None
) -> Iterator[tuple[Archive, gate_modes.Modes]]:
    """Open a workspace's archive as of a date, with the modes that were signed."""
    with workspace.engine() as engine, workspace.lake() as lake, workspace.ledger() as ledger:
        modes = gate_modes.signed_modes(ledger, workspace.policy)
        yield workspace.archive(engine, lake, as_of, progress), modes
