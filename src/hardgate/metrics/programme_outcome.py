"""What a programme may come to: simulated once, kept as long as its figures are the same, and read by many.

16 scrambles of 1,024 paths; each figure is the mean over the scrambles and its standard error their spread over 4. What
does not come within the horizon is a share of its own. Wrong where spreads are missing: the exhibit names them.

>>> of(np.array([[1.0, 3.0], [2.0, 4.0]])).value
2.5

Source: METHODS 11.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.programme_model import Assembled, assemble

if TYPE_CHECKING:
    from hardgate.models.programme import Programme
    from hardgate.models.programme_paths import Paths

Floats = NDArray[np.float64]

SEED = 20_260_907
SCRAMBLES, PATHS = 16, 1 << 10
CONFIDENCE = 0.9
YEAR = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A simulated figure with its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the paths: fans by quarter, distributions, and figures; money in the reporting currency.

    `payback` and `turn` are the shares of paths by quarter; what is left to 1 is not within the horizon.
    """

    npv: Figure
    npv_fan: tuple[float, ...]
    p_hurdle: Figure
    peak: Figure
    peak_fan: tuple[float, ...]
    irr_fan: tuple[float, ...]
    irr_undefined: Figure
    mirr_fan: tuple[float, ...]
    mirr_undefined: Figure
    payback: tuple[float, ...]
    never_paid: Figure
    turn: tuple[float, ...]
    never_turned: Figure
    confidence: float
    """Which share of the courses the ends of a fan hold, as policy has it."""
    margin: tuple[tuple[float, ...], ...]
    free_cash_flow: tuple[tuple[float, ...], ...]
    cash: tuple[tuple[float, ...], ...]


def hurdle(evidence: Evidence, found: Assembled) -> float | None:
    """Return the hurdle rate that is assumed, effective a year."""
    one = evidence.assumption("hurdle_rate", found.scope)
    return None if one is None else one.value


def a_quarter(rate: float) -> float:
    """Return an effective annual rate as that of a quarter.

    >>> round(a_quarter(0.12), 6)
    0.028737
    """
    return float((1 + rate) ** (1 / YEAR) - 1)


def outcome(evidence: Evidence, name: str) -> tuple[Assembled, Outcome | None]:
    """Return a programme and what may come of it; None where something is missing."""
    found = assemble(evidence, name)
    rate = hurdle(evidence, found)
    if found.programme is None or rate is None:
        return found, None
    finance, put_away = (
        found.given[key].value if key in found.given else rate for key in ("finance_rate", "reinvestment_rate")
    )
    inputs = {"programme": asdict(found.programme), "hurdle": rate, "finance": finance, "put_away": put_away,
              "confidence": evidence.confidence, "seed": SEED, "scrambles": SCRAMBLES, "paths": PATHS}  # fmt: skip
    programme, confidence = found.programme, evidence.confidence
    kept = evidence.kept("programme", inputs, lambda: simulated(programme, rate, finance, put_away, confidence))
    return found, read(kept)


def read(kept: Mapping[str, Any]) -> Outcome:
    """Return an outcome as it was kept."""
    made: dict[str, Any] = {key: Figure(*one) if key in FIGURES else _tuples(one) for key, one in kept.items()}
    return Outcome(**made)


FIGURES = ("npv", "p_hurdle", "peak", "irr_undefined", "mirr_undefined", "never_paid", "never_turned")


def _tuples(value: Any) -> Any:  # noqa: ANN401  lists within lists, as JSON has them
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def simulated(
    programme: "Programme", rate: float, finance: float, put_away: float, confidence: float = CONFIDENCE
) -> dict[str, Any]:
    """Return the outcome of a programme as plain JSON."""
    from hardgate.models import cash_flow

    drawn = scrambles(programme)
    cash = np.stack([one.cash for one in drawn], axis=1)  # quarters, scrambles, paths
    flows = np.stack([one.free_cash_flow for one in drawn], axis=1)
    quarter = a_quarter(rate)
    npv, peak = cash_flow.npv(cash, quarter), cash_flow.peak_funding(cash)
    irr, mirr = cash_flow.irr(cash), cash_flow.mirr(cash, a_quarter(finance), a_quarter(put_away))
    payback, turn = cash_flow.payback(cash), cash_flow.turn(flows)
    margin = np.stack([one.margin for one in drawn], axis=1)
    wide = partial(fan, confidence=confidence)
    return {
        "npv": pair(npv), "npv_fan": wide(npv), "p_hurdle": pair(npv >= 0), "peak": pair(peak), "peak_fan": wide(peak),
        "irr_fan": wide(_annual(irr)), "irr_undefined": pair(np.isnan(irr)),
        "mirr_fan": wide(_annual(mirr)), "mirr_undefined": pair(np.isnan(mirr)),
        "payback": _shares(payback, programme.quarters), "never_paid": pair(payback < 0),
        "turn": _shares(turn, programme.quarters), "never_turned": pair(turn < 0),
        "margin": [wide(one) for one in margin], "free_cash_flow": [wide(one) for one in flows],
        "cash": [wide(one) for one in cash], "confidence": confidence,
    }  # fmt: skip


def scrambles(programme: "Programme", count: int = SCRAMBLES, paths: int = PATHS) -> list["Paths"]:
    """Return the paths of independent scrambles."""
    from hardgate.models.draw import seeds
    from hardgate.models.programme_paths import draw, simulate

    return [simulate(programme, draw(programme.quarters, paths, seed)) for seed in seeds(SEED, count)]


def _annual(quarterly: Floats) -> Floats:
    found: Floats = (1 + quarterly) ** YEAR - 1
    return found


def of(by_scramble: Floats) -> Figure:
    """Return the mean of values, shape (scrambles, paths), with the standard error that the scrambles tell."""
    means = np.asarray(by_scramble, dtype=np.float64).mean(axis=1)
    error = float(means.std(ddof=1)) / sqrt(means.size) if means.size > 1 else 0.0
    return Figure(round(float(means.mean()), 6), round(error, 6))


def pair(by_scramble: NDArray[Any]) -> tuple[float, float]:
    """Return a figure as plain numbers."""
    found = of(by_scramble)
    return found.value, found.error


def tails(confidence: float) -> tuple[float, float]:
    """Return the shares of courses below the two ends of a fan that holds so many of them.

    >>> tails(0.9)
    (0.05, 0.95)
    """
    return round((1 - confidence) / 2, 12), round((1 + confidence) / 2, 12)


def fan(values: Floats, confidence: float = CONFIDENCE) -> list[float]:
    """Return the quantiles of what is a number, or none where nothing is."""
    known, (low, high) = values[np.isfinite(values)], tails(confidence)
    return [round(float(one), 6) for one in np.quantile(known, (low, 0.25, 0.5, 0.75, high))] if known.size else []


def _shares(when: NDArray[np.int64], quarters: int) -> list[float]:
    counts = np.bincount(when[when >= 0].ravel(), minlength=quarters)
    return [round(float(one) / when.size, 8) for one in counts]
