"""Which subsidies ask to go on."""

from datetime import date, timedelta
from decimal import Decimal

from hardgate.core.terms import Action, Scope
from hardgate.review.proposals.subsidies import proposal
from tests.capacity.world import TODAY
from tests.evidence import Tables, table

SCHEDULE = """
    day         city  to_date     amount_per_month  currency  requested_by
    2026-01-01  a     2026-07-01  900               RMB       wen
    2026-07-01  a     -           700               RMB       wen
    2026-01-01  b     2026-08-01  500               RMB       wen
    2026-10-01  c     -           300               USD       -
    2027-10-01  d     -           300               USD       -
"""


def test_what_is_in_force_or_soon_will_be_asks_and_what_is_over_does_not() -> None:
    asks = proposal.build(Tables(TODAY, {"subsidy": table(SCHEDULE)}), "26w")
    assert [(one.id, one.amount, one.by) for one in asks] == [
        ("subsidy-a", Decimal(700), "wen"), ("subsidy-c", Decimal(300), "subsidy schedule"),
    ]  # fmt: skip
    assert {one.action for one in asks} == {Action.SUBSIDIZE}
    assert asks[0].scope == Scope.of(city="a")
    assert dict(asks[0].terms)["from_date"] == date(2026, 7, 1)


def test_on_an_earlier_date_the_earlier_line_asks() -> None:
    asks = proposal.build(Tables(TODAY - timedelta(weeks=20), {"subsidy": table(SCHEDULE)}), "4w")
    assert [(one.id, one.amount) for one in asks] == [("subsidy-a", Decimal(900)), ("subsidy-b", Decimal(500))]
