"""Free cash flow by quarter: as the issuer states it by its own definition, else operating cash flow less capex.

Wrong to compare across issuers: each has its own definition, which stands beside the figure.

>>> 163_509 - 84_278 - 0 - 5_361
73870
"""

from dataclasses import replace

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.published import QUARTER, Point, Series, series, total
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of
from hardgate.metrics.stated import WHOLE


def free_cash_flow(evidence: Evidence, company: str, months: int = QUARTER) -> Series:
    """Return free cash flow by quarter or year; a quarter that is not stated is derived where both its parts are."""
    stated = series(evidence, company, "free_cash_flow", WHOLE, months)
    inflow = series(evidence, company, "operating_cash_flow", WHOLE, months)
    capex = series(evidence, company, "capex", WHOLE, months)
    there = {one.end for one in stated.points}
    points = list(stated.points)
    if inflow.currency == capex.currency and stated.currency in {None, inflow.currency}:
        for one in inflow.good:
            spent = capex.at(one.end)
            if spent is not None and one.end not in there:
                parts = (*one.parts, *spent.parts)
                points.append(Point(one.start, one.end, one.value - abs(spent.value), parts, derived=True))
    points.sort(key=lambda one: one.end)
    return replace(stated, currency=stated.currency or inflow.currency, points=tuple(points))


def positive_run(one: Series, *, trailing: bool) -> tuple[int, Point | None, float | None]:
    """Return for how many quarters in a row, up to the last, it is above nothing: of four quarters, or of each alone.

    The last point and its value come with it; None where there is none.
    """
    if not one.good:
        return 0, None, None
    last, count = one.good[-1], 0
    first = _value(one, last, trailing=trailing)
    point: Point | None = last
    while point is not None:
        value = _value(one, point, trailing=trailing)
        if value is None or value <= 0:
            break
        count += 1
        earlier = one.before(point, QUARTER)
        point = earlier if earlier is not None and earlier.end < point.end else None
    return count, last, first


def inflection(evidence: Evidence, company: str | None, *, trailing: bool) -> Found | Lacking:
    """Return for how many quarters in a row a company's free cash flow is above nothing, or what is missing for it."""
    if company is None:
        return nothing_of(None, ())
    count, last, value = positive_run(free_cash_flow(evidence, company), trailing=trailing)
    if last is None:
        return nothing_of(company, ("free cash flow", "operating cash flow with capex"))
    if value is None:
        return Lacking(f"{company}: one of the four quarters of free cash flow up to {last.end} is not known")
    facts = (("quarters", float(count)), ("free_cash_flow", value))
    return Found(float(count), facts, last.end, last.cited, last.status, last.restated)


def quarters_metric(name: str, meaning: str, *, trailing: bool) -> Metric:
    """Return the metric that counts the quarters of an inflection."""

    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        return answer(metric, evidence, scope, window, inflection(evidence, company_of(scope), trailing=trailing))

    metric = Metric(
        name=name,
        meaning=meaning,
        unit="quarters",
        better=Better.HIGHER,
        digits=0,
        facts=(Fact("published", "value"),),
        compute=compute,
        interval="exact",
        status=Status.DERIVED,
    )
    return metric


def _value(one: Series, point: Point, *, trailing: bool) -> float | None:
    if not trailing:
        return float(point.value)
    quarters = total(one, point)
    return None if quarters is None else float(sum(q.value for q in quarters))
