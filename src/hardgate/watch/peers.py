"""How our peers spend and what it brings them, side by side, with a reading of each by declared rules.

Intensity is capex over revenue of the same quarter; backlog over capex is of the last four quarters; the lag is
depreciation over capex, which rises as spending reaches the accounts. The reading is `impaired` when an impairment is
at least 10 % of the quarter's revenue, or operating income and free cash flow are both below nothing; else
`accelerating` when capex grows by at least 20 % over a year; else `disciplined` when capex does not grow and free cash
flow is above nothing; else `none of these`. What a rule needs and nobody published is `not known`.

Wrong across fiscal years: quarters that end a month apart stand in one column.

Source: METHODS 15.

>>> playbook(-0.24, 58.5e9, 63.55e9, None, 192.87e9), playbook(0.5, 1.0, 1.0, None, 9.0)
('disciplined', 'accelerating')
>>> playbook(None, None, -15.091e9, 16.19e9, 31.174e9), playbook(None, 1.0, 1.0, None, 9.0)
('impaired', 'not known')
"""

from dataclasses import dataclass

from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.cloud import where
from hardgate.metrics.free_cash_flow import free_cash_flow
from hardgate.metrics.growth import Growth, growths
from hardgate.metrics.published import QUARTER, YEAR, Point, series, total
from hardgate.metrics.stated import WHOLE, companies
from hardgate.watch.margins import newest

IMPAIRED, ACCELERATING = 0.10, 0.20
RULES = (
    f"impaired: impairment at least {percent(IMPAIRED, 0)} of the quarter's revenue, or operating income and free cash "
    f"flow both below nothing; accelerating: capex up by at least {percent(ACCELERATING, 0)} over a year; disciplined: "
    "capex does not grow and free cash flow is above nothing"
)
CASH = "free cash flow is by the issuer's own definition where it states one, else operating cash flow less capex"
PROFITS = ("operating_income", "operating_profit")


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest figures of one company, each None where it is not known."""

    company: str
    end: str | None
    currency: str | None
    revenue: float | None
    capex: float | None
    capex_growth: float | None
    cloud_growth: float | None
    fcf: float | None
    operating_income: float | None
    impairment: float | None
    backlog_over_capex: float | None
    depreciation_over_capex: float | None
    cited: str

    @property
    def intensity(self) -> float | None:
        """Capex over revenue."""
        return None if self.capex is None or not self.revenue else round(self.capex / self.revenue, 4)


def playbook(
    capex_growth: float | None, fcf: float | None, operating_income: float | None, impairment: float | None,
    revenue: float | None,
) -> str:  # fmt: skip
    """Return how a company is read by the rules above."""
    if impairment is not None and revenue and impairment >= IMPAIRED * revenue:
        return "impaired"
    if fcf is not None and operating_income is not None and fcf < 0 and operating_income < 0:
        return "impaired"
    if capex_growth is None:
        return "not known"
    if capex_growth >= ACCELERATING:
        return "accelerating"
    if capex_growth <= 0:
        return "not known" if fcf is None else "disciplined" if fcf > 0 else "none of these"
    return "none of these"


def build(evidence: Evidence) -> Table:
    """Build one row a company."""
    found = [one for company in companies(evidence) if (one := of_company(evidence, company)).end is not None]
    if not found:
        return Table("", missing="no quarter or year of any company: bring facts with revenue or capex")
    rows = [_row(evidence, one) for one in found]
    read = [f"{row[0]} {row[-1]}" for row in rows if row[-1] not in {"not known", "none of these"}]
    return Table(
        sentence=f"{len(rows)} companies: {', '.join(read) or 'none is read by the rules'}.",
        headings=(
            Heading("company"), Heading("period to"), Heading("in"), Heading("capex over revenue", "share"),
            Heading("capex over a year", "share"), Heading("cloud over a year", "share"),
            Heading("operating income over revenue", "share"), Heading("adjusted EBITA over revenue", "share"),
            Heading("free cash flow", "", 0), Heading("backlog over capex of four quarters", "x", 2),
            Heading("depreciation over capex", "x", 2), Heading("reading"),
        ),
        rows=tuple(rows),
        notes=(RULES, CASH),
        batches=evidence.batches("published"),
    )  # fmt: skip


def of_company(evidence: Evidence, company: str) -> Newest:
    """Return the newest figures of a company: of its newest quarter, else of its newest year."""
    months = QUARTER if _last(evidence, company, QUARTER) else YEAR
    at = _last(evidence, company, months)
    if at is None:
        return Newest(company, None, None, None, None, None, None, None, None, None, None, None, "")
    revenue, capex = (series(evidence, company, name, WHOLE, months) for name in ("revenue", "capex"))
    cash = free_cash_flow(evidence, company, months)
    income = next((one for name in PROFITS if (one := series(evidence, company, name, WHOLE, months)).good), None)
    spent = capex.at(at.end)
    return Newest(
        company, str(at.end), revenue.currency or capex.currency, _value(revenue.at(at.end)), _value(spent),
        _newest_growth(growths(evidence, company, "capex", WHOLE, months), at),
        _newest_growth(growths(evidence, company, *where(evidence, company), months), at),
        _value(cash.at(at.end)), None if income is None else _value(income.at(at.end)),
        _value(series(evidence, company, "impairment", WHOLE, months).at(at.end)),
        _over_capex(evidence, company, at, months),
        _ratio(_value(series(evidence, company, "depreciation", WHOLE, months).at(at.end)), _value(spent)),
        at.cited,
    )  # fmt: skip


def _last(evidence: Evidence, company: str, months: int) -> Point | None:
    found = [
        one.good[-1] for name in ("revenue", "capex") if (one := series(evidence, company, name, WHOLE, months)).good
    ]
    return max(found, key=lambda one: one.end, default=None)


def _newest_growth(found: list[Growth], at: Point) -> float | None:
    return next((one.value for one in reversed(found) if abs((one.end - at.end).days) <= 45), None)  # noqa: PLR2004  half a quarter


def _over_capex(evidence: Evidence, company: str, at: Point, months: int) -> float | None:
    """Return backlog over the capex of four quarters, or of a year."""
    backlog = series(evidence, company, "backlog", WHOLE, 0).at(at.end)
    capex = series(evidence, company, "capex", WHOLE, months)
    last = capex.at(at.end)
    spent = None if last is None else (last,) if months == YEAR else total(capex, last)
    if backlog is None or spent is None:
        return None
    return _ratio(float(backlog.value), float(sum(one.value for one in spent)))


def _value(point: Point | None) -> float | None:
    return None if point is None else float(point.value)


def _ratio(top: float | None, bottom: float | None) -> float | None:
    return None if top is None or not bottom else round(top / bottom, 4)


def _row(evidence: Evidence, one: Newest) -> tuple[Cell, ...]:
    ebita = newest(evidence, one.company, "adjusted_ebita", "revenue")
    same = ebita is not None and str(ebita.end) == one.end
    reading = playbook(one.capex_growth, one.fcf, one.operating_income, one.impairment, one.revenue)
    return (
        one.company, one.end, one.currency, one.intensity, one.capex_growth, one.cloud_growth,
        _ratio(one.operating_income, one.revenue), ebita.value if ebita is not None and same else None,
        None if one.fcf is None else round(one.fcf), one.backlog_over_capex, one.depreciation_over_capex, reading,
    )  # fmt: skip


exhibit = Exhibit(
    name="watch.peers",
    question="How do our peers spend, and what does it bring them?",
    build=build,
)
