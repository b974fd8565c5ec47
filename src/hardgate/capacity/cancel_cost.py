"""What turning back would cost: the fee for cancelling each tranche, by date, as far as it is stated.

Each row holds from its date until the next of the same tranche. Before the first stated date the fee is unknown, not
nothing. Wrong when what is owed to others than the supplier is not among the fees.

Source: METHODS 3, cancel-cost curve.

>>> exhibit.question
'What does cancelling cost, and when does it become dearer?'
"""

from decimal import Decimal

from hardgate.core.money import cents, short
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.cancel_share import curve, fee_on
from hardgate.metrics.planned import Planned, open_tranches
from hardgate.metrics.reporting_currency import convert


def build(evidence: Evidence) -> Table:
    """Build the curve of every open tranche."""
    plan = [one for one, _ in open_tranches(evidence)]
    if not plan:
        return Table("", missing="no open tranche: bring capacity_plan")
    rows = [row for one in plan for row in _rows(evidence, one)]
    return Table(
        sentence=_sentence(evidence, plan[0]),
        headings=(
            Heading("tranche"), Heading("from"), Heading("fee", "currency", 2), Heading("fee of the amount", "share"),
            Heading("in force"),
        ),
        rows=tuple(rows),
        notes=tuple(f"{one.tranche}: no fee is stated; bring cancel_fees" for one in plan if not curve(evidence, one)),
        batches=tuple(sorted({*evidence.batches("cancel_fee"), *evidence.batches("tranche")})),
    )  # fmt: skip


def _rows(evidence: Evidence, planned: Planned) -> list[tuple[Cell, ...]]:
    steps = curve(evidence, planned)
    price = convert(evidence, [(planned.amount, planned.currency or None, evidence.as_of)], "amount").total
    now = max((day for day, _ in steps if day <= evidence.as_of), default=None)
    return [
        (planned.tranche, str(day), cents(fee), _share(fee, price), "now" if day == now else "")
        for day, fee in steps
    ]  # fmt: skip


def _share(fee: Decimal | None, price: Decimal | None) -> float | None:
    return None if fee is None or not price else round(float(fee) / float(price), 4)


def _sentence(evidence: Evidence, planned: Planned) -> str:
    fee = fee_on(curve(evidence, planned), planned.commit_date)
    cost = "an unknown amount" if fee is None else short(fee, evidence.currency)
    return f"Once {planned.tranche} is committed to on {planned.commit_date}, cancelling it costs {cost}."


exhibit = Exhibit(
    name="capacity.cancel_cost",
    question="What does cancelling cost, and when does it become dearer?",
    build=build,
    chart=Chart("steps", "from", ("fee",), by="tranche"),
)
