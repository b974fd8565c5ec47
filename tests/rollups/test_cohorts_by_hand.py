"""Cohort weeks and city months as plain Python counts them, date by date: orders come late, are told anew, or are moved."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hardgate.rollups import build
from tests.rollups.conftest import HandMade, Operator, Statement
from tests.rollups.test_laws import Bench, keyed

START = date(2026, 3, 2)
LAST = START + timedelta(days=160)
Row = dict[str, Any]
Cohort = tuple[date, str | None, str | None]


@pytest.fixture
def bench(tmp_path_factory: pytest.TempPathFactory, engine: Any) -> Bench:
    return Bench(tmp_path_factory, engine)


def lake(seed: int, late: int) -> HandMade:
    """Orders of four customers in two cities; some are told `late` days after a week that has ended, some twice."""
    draw = random.Random(seed)  # noqa: S311  the same orders each time
    told: dict[date, list[Row]] = defaultdict(list)
    for number in range(40):
        day = START + timedelta(days=draw.choice([*range(30), *range(60, 130)]))
        row: Row = {
            "order_id": str(number), "customer": draw.choice("uvwx"), "city": draw.choice(["a", "a", "b", None]),
            "segment": draw.choice(["s", "t", None]), "product": draw.choice(["p", "q"]), "currency": "RMB",
            "placed_at": datetime(day.year, day.month, day.day, 12), "value": 50, "commission": draw.randrange(9),
            "delivery_fee": 4, "discount_platform": draw.choice([0, 2, 2]), "courier_cost": 6, "payment_cost": 1,
            "support_cost": 1, "refund": draw.choice([0, 0, 0, 60, None]),
        }  # fmt: skip
        known = day + timedelta(days=1 + draw.choice([0, 0, 0, late]))
        told[known].append(row)
        if draw.random() < 0.1:
            anew = {**row, "commission": 9, "product": "p", "discount_platform": 2 - row["discount_platform"]}
            told[known + timedelta(days=1 + draw.randrange(late + 1))].append(anew)
    return HandMade([keyed(Statement("orders", known, tuple(rows))) for known, rows in sorted(told.items())])


def week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_of(row: Row) -> date:
    found: date = row["placed_at"].date()
    return found


def left_of(rows: Iterable[Row]) -> int | None:
    total = 0
    for row in rows:
        if None in (row["refund"], row["discount_platform"]) or row["refund"] > row["value"] + row["delivery_fee"]:
            return None
        kept = row["commission"] + row["delivery_fee"] - row["discount_platform"] - row["courier_cost"]
        total += 10_000 * (kept - row["payment_cost"] - row["support_cost"] - row["refund"])
    return total


def paid_of(rows: Iterable[Row]) -> int | None:
    discounts = [row["discount_platform"] for row in rows]
    return None if None in discounts else sum(one == 0 for one in discounts)


def first_of(rows: Iterable[Row]) -> Cohort:
    """Return the week of the first order, with segment and product; of two on one day the first in order, none last."""
    row = min(rows, key=lambda r: (day_of(r), *((r[name] is None, r[name] or "") for name in ("segment", "product"))))
    return week(day_of(row)), row["segment"], row["product"]


def gone_in(days: list[date]) -> date | None:
    """Return the week in which a customer has not ordered for eight weeks, the first time."""
    for day, after in zip(days, [*days[1:], date.max], strict=True):
        if (after - day).days > 56:
            return week(day + timedelta(days=56))
    return None


def cohort_weeks(given: HandMade, as_of: date) -> Counter[tuple[Any, ...]]:
    """Count what cohort_week says of the weeks that have ended, as of a date."""
    told = [(row, end) for row, known, end in given.believed("orders") if known <= as_of and row["city"]]
    ever: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row, _ in told:
        ever[row["customer"], row["city"]].append(row)
    valid = [row for row, end in told if end > as_of]
    weeks = {week(day_of(row)) for row, _, _ in given.believed("orders")}
    ended = {one for one in weeks if one + timedelta(days=7) <= as_of}
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    lapsed: Counter[tuple[Any, ...]] = Counter()
    for (_, city), rows in ever.items():
        gone = gone_in(sorted({day_of(row) for row in rows}))
        if gone is not None and gone in ended:
            lapsed[gone, city, *first_of(rows)] += 1
    for row in valid:
        if week(day_of(row)) in ended:
            found[week(day_of(row)), row["city"], *first_of(ever[row["customer"], row["city"]])].append(row)
    return Counter(
        (*key, len(found[key]), paid_of(found[key]), len({row["customer"] for row in found[key]}), lapsed[key],
         left_of(found[key]))
        for key in {*found, *lapsed}
    )  # fmt: skip


def city_months(given: HandMade, as_of: date) -> Counter[tuple[Any, ...]]:
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row, known, end in given.believed("orders"):
        if known <= as_of < end:
            found[day_of(row).replace(day=1), row["city"]].append(row)
    return Counter(
        (*key, len({row["customer"] for row in rows}),
         len({row["customer"] for row in rows if not row["discount_platform"]}), len(rows))
        for key, rows in found.items()
    )  # fmt: skip


def said(operator: Operator, name: str, as_of: date, *columns: str) -> Counter[tuple[Any, ...]]:
    return Counter(operator.table(name, *columns, as_of=as_of))


@pytest.mark.parametrize(("seed", "late"), [(1, 0), (2, 5), (3, 30), (4, 90), (5, 12)])
def test_every_date_reads_what_is_counted_by_hand(bench: Bench, seed: int, late: int) -> None:
    given = lake(seed, late)
    operator = bench.operator(given)
    operator.build("cohort_week", "city_month", through=LAST)
    checked = 0
    for after in range(0, 160, 4):
        as_of = START + timedelta(days=after)
        weeks = said(
            operator, "cohort_week", as_of,
            "day", "city", "cohort", "segment", "product", "orders", "paid_orders", "customers", "lapsed",
            "contribution",
        )  # fmt: skip
        assert weeks == cohort_weeks(given, as_of), as_of
        months = said(operator, "city_month", as_of, "day", "city", "customers", "paying_customers", "orders")
        assert months == city_months(given, as_of), as_of
        checked += weeks.total() + months.total()
    assert checked > 500


@pytest.mark.parametrize(("seed", "late"), [(5, 12), (4, 90)])
def test_weeks_made_one_by_one_are_those_made_in_one_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, seed: int, late: int
) -> None:
    """A new week reads the weeks made as they are, and of all before them only who ordered when."""
    given = lake(seed, late)
    whole, by_week = bench.operator(given), bench.operator(HandMade())
    keep, runs = whole.engine.keep, []

    def counted(name: str, sql: str) -> int:
        runs.append(name)
        return keep(name, sql)

    monkeypatch.setattr(build, "CHUNK_ROWS", 1)
    monkeypatch.setattr(whole.engine, "keep", counted)
    whole.build("cohort_week", through=LAST)
    monkeypatch.undo()
    assert runs.count("made") <= 2  # one run, and its rows that last over several versions
    for after in (*range(7, 168, 7), 365):
        by_week.lake = given.until(START + timedelta(days=after))
        by_week.build("cohort_week", through=LAST)
    assert len(whole.rows("cohort_week")) > 20
    assert by_week.rows("cohort_week") == whole.rows("cohort_week")
