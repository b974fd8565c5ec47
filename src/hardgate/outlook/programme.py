"""What the programme does to revenue, margin and cash by quarter, where everything comes as expected.

One course: every driver where it is expected, demand and prices without surprises. Revenue, EBITA and cash flow are of
the whole business, other segments included; the last column is what the programme adds. Wrong as a forecast: what may
come of it is in outlook.simulate.

Source: METHODS 11. Adjusted EBITA is before interest, tax and amortization of what was acquired with companies.

>>> exhibit.question
'What does the programme do to margin and cash, quarter by quarter?'
"""

from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.programme_model import Assembled, assemble, names, papers

BRING = "bring programmes, with drivers and sales"


def build(evidence: Evidence) -> Table:
    """Build the run of every programme."""
    known = names(evidence)
    found = [assemble(evidence, name) for name in known]
    able = [one for one in found if one.programme is not None]
    if not able:
        why = "; ".join(f"{one.name}: {one.because}" for one in found)
        return Table("", missing=f"{why or 'no programme'}: {BRING}")
    rows = [row for one in able for row in _rows(one)]
    closing, closes = _closing(able, evidence.currency)
    return Table(
        sentence=_sentence(able[0], evidence.currency),
        headings=_headings(),
        rows=tuple(rows),
        closing=closing,
        closes=closes,
        notes=(*(f"{one.name} cannot be run: {one.because}" for one in found if one.programme is None),
               *(f"{one.name}: {paper}" for one in able for paper in papers(one))),
        batches=tuple(sorted({batch for one in able for batch in one.batches})),
    )  # fmt: skip


def _rows(one: Assembled) -> list[tuple[Cell, ...]]:
    from hardgate.models.programme_run import run

    if one.programme is None:
        return []
    found = run(one.programme)
    lines = (
        found.revenue, found.ebita, found.depreciation, found.tax, found.working_capital, found.operating_cash_flow,
        found.capex, found.free_cash_flow, found.cash,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for quarter in range(one.programme.quarters):
        money = [cents(float(line[quarter])) for line in lines]
        margin = None if found.revenue[quarter] <= 0 else round(float(found.margin[quarter]), 4)
        use = None if not found.sellable[quarter] else round(float(found.sold[quarter] / found.sellable[quarter]), 4)
        rows.append((one.name, str(one.first_day(quarter)), use, money[0], money[1], margin, *money[2:]))
    return rows


def _headings() -> tuple[Heading, ...]:
    money = (
        "depreciation",
        "tax",
        "working capital",
        "operating cash flow",
        "capex",
        "free cash flow",
        "programme adds",
    )
    return (
        Heading("programme"),
        Heading("quarter from"),
        Heading("sold of sellable", "share", 1),
        Heading("revenue", "currency", 0),
        Heading("adjusted EBITA", "currency", 0),
        Heading("EBITA of revenue", "share", 1),
        *(Heading(name, "currency", 0) for name in money),
    )


def _closing(able: list[Assembled], currency: str) -> tuple[str, bool]:
    from hardgate.models.programme_run import run

    operating = capex = free = 0.0
    for one in able:
        if one.programme is not None:
            found = run(one.programme)
            operating += float(found.operating_cash_flow.sum())
            capex += float(found.capex.sum())
            free += float(found.free_cash_flow.sum())
    difference = operating - capex - free
    line = (
        f"operating cash flow {operating:,.2f} - capex {capex:,.2f} = free cash flow {free:,.2f} {currency}; "
        f"difference {abs(difference):,.2f}"
    )
    return line, abs(difference) <= float(CENT)


def _sentence(one: Assembled, currency: str) -> str:
    from hardgate.models import cash_flow
    from hardgate.models.programme_run import run

    if one.programme is None:
        return ""
    found = run(one.programme)
    back = int(cash_flow.payback(found.cash))
    when = f"is paid back from {one.first_day(back)} on" if back >= 0 else "is not paid back within the horizon"
    needs = short(cents(float(cash_flow.peak_funding(found.cash))), currency)
    return f"If all comes as expected, {one.name} needs {needs} and {when}."


exhibit = Exhibit(
    name="outlook.programme",
    question="What does the programme do to margin and cash, quarter by quarter?",
    build=build,
    chart=Chart("lines", "quarter from", ("free cash flow", "programme adds"), by="programme"),
)
