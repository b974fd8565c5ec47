"""Is growth earned or bought: what customers do unpaid and again, beside how many there are.

The scorecard ranks by earned growth: undiscounted orders of customers who came more than eight weeks ago. Buying users,
with discounts or without, moves the active users beside it, and not the score. Frequency, repeat rate, paid share and
density say where it comes from. Wrong as a ranking between cities of very different age.

Source: METHODS 9 and its glossary; monthly active users may not be a gate's metric by default.

>>> exhibit.question
'Is growth earned, or bought?'
"""

from datetime import timedelta

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Metric, Reading, Scope, Table
from hardgate.metrics.basket_value import metric as basket_value
from hardgate.metrics.columns import cells
from hardgate.metrics.delivery_density import metric as delivery_density
from hardgate.metrics.earned_growth import metric as earned_growth
from hardgate.metrics.order_frequency import metric as order_frequency
from hardgate.metrics.orders_per_km2 import metric as orders_per_km2
from hardgate.metrics.paid_share import metric as paid_share
from hardgate.metrics.repeat_rate import metric as repeat_rate
from hardgate.metrics.subsidy_per_order import metric as subsidy_per_order
from hardgate.metrics.unplaced_orders import noted, orders_without_city

WEEKS = 8
SCORE = "score: orders without a discount, of customers older than eight weeks, over those of the eight weeks before"
METRICS: tuple[Metric, ...] = (
    paid_share, order_frequency, repeat_rate, basket_value, subsidy_per_order, delivery_density, orders_per_km2,
)  # fmt: skip


def build(evidence: Evidence) -> Table:
    """Build one row a city, best score first."""
    end = evidence.last_complete("city_day") + timedelta(days=1)
    window = Window(end - timedelta(weeks=WEEKS), end)
    found = evidence.rows("city_day", EVERYTHING, window)
    cities = sorted({str(one) for one in cells(found, "city") if one is not None})
    if not cities:
        return Table("", missing=f"no orders with a city from {window}: bring orders")
    scores = {city: evidence.reading(earned_growth, Scope.of(city=city), window) for city in cities}
    rows = [_row(evidence, window, city, scores[city]) for city in cities]
    rows.sort(key=lambda row: (-row[1] if isinstance(row[1], float) else 9.0, str(row[0])))
    counted = sum(int(one or 0) for one, city in zip(cells(found, "orders"), cells(found, "city"), strict=True) if city)
    total = sum(int(one or 0) for one in cells(found, "orders"))
    return Table(
        sentence=_sentence(rows),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=f"orders of cities {counted:,} + of no city {total - counted:,} = {total:,}",
        closes=True,
        notes=(
            *(f"{city}: {one.because}" for city, one in scores.items() if one.value is None),
            *noted(evidence, Window(add_months(month_of(window.end), -2), window.end)),
            SCORE,
        ),
        batches=tuple(sorted({*evidence.batches("city_day", window), *evidence.batches("cohort_week", window)})),
    )


def _sentence(rows: list[tuple[Cell, ...]]) -> str:
    """Say who grows best, and where growth was bought; the rows are those of the best score first."""
    scored = [(str(row[0]), row[1], row[2]) for row in rows if isinstance(row[1], float)]
    if not scored:
        return "In no city is it known whether orders grow that nobody was paid for."
    bought = [city for city, earned, users in scored if isinstance(users, float) and earned < 0 < users]
    more = f"; active users grow and earned orders do not in {', '.join(bought)}" if bought else ""
    return f"{scored[0][0]} grows best by orders that nobody was paid for{more}."


def _row(evidence: Evidence, window: Window, city: str, score: Reading) -> tuple[Cell, ...]:
    scope = Scope.of(city=city)
    told = "" if score.low is None or score.high is None else f"[{100 * score.low:.1f}, {100 * score.high:.1f}]"
    readings = (evidence.reading(metric, scope, window).value for metric in METRICS)
    return (city, score.value, _users(evidence, scope, window), told, *readings)


def _users(evidence: Evidence, scope: Scope, window: Window) -> float | None:
    """Return the growth of monthly active users over the last whole month; unknown where an order says no city."""
    last = add_months(month_of(window.end), -1)
    seen = {row["day"]: row["customers"] for row in evidence.rows("city_month", scope).records()}
    if orders_without_city(evidence, Window(add_months(last, -1), add_months(last, 1))).orders:
        return None
    now, before = seen.get(last), seen.get(add_months(last, -1))
    return None if not now or not before else round(now / before - 1, 4)


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("earned growth", "share"),
        Heading("growth of monthly active users", "share"),
        Heading("interval of earned growth"),
        Heading("paid orders", "share"),
        Heading("orders a customer and week", "", 2),
        Heading("repeat customers", "share"),
        Heading("basket", currency, 2),
        Heading("subsidy on an order", currency, 2),
        Heading("orders a courier hour", "", 2),
        Heading("orders a km2 and day", "", 2),
    )


exhibit = Exhibit(
    name="markets.growth_quality",
    question="Is growth earned, or bought?",
    build=build,
    chart=Chart("bars", "city", ("earned growth",)),
)
