"""Where a company's cloud stands among its published figures: a measure of its own, or the segment that has the name.

Wrong when two segments have cloud in their names: then neither is taken, and a table of your own says which.

>>> one_named(["GoogleCloud", "GoogleServices"]), one_named(["Cloud A", "Cloud B"]), one_named([])
('GoogleCloud', None, None)
"""

from collections.abc import Iterable

from hardgate.core.terms import Evidence
from hardgate.metrics.growth import PRINTED
from hardgate.metrics.stated import WHOLE, read

REVENUE = "cloud_revenue"
PROFITS = ("cloud_adjusted_ebita", "adjusted_ebita", "operating_income")


def one_named(segments: Iterable[str]) -> str | None:
    """Return the only segment whose name holds the word cloud; a product or place within one is no segment."""
    found = sorted({one for one in segments if "cloud" in one.lower() and "=" not in one})
    return found[0] if len(found) == 1 else None


def where(evidence: Evidence, company: str) -> tuple[str, str]:
    """Return the measure and segment of a company's cloud revenue."""
    stated, _ = read(evidence, company, (REVENUE, REVENUE + PRINTED, "revenue"))
    if any(one.measure != "revenue" for one in stated):
        return REVENUE, WHOLE
    segment = one_named(one.segment for one in stated)
    return ("revenue", segment) if segment else (REVENUE, WHOLE)


def profit_where(evidence: Evidence, company: str) -> tuple[str, str] | None:
    """Return the measure and segment of a company's cloud profit: adjusted EBITA before operating income."""
    stated, _ = read(evidence, company, PROFITS)
    for measure in PROFITS:
        mine = [one for one in stated if one.measure == measure]
        if measure == PROFITS[0] and mine:
            return measure, WHOLE
        segment = one_named(one.segment for one in mine)
        if segment:
            return measure, segment
    return None
