"""Rows that could not be read: money becomes unknown, telemetry less complete, and what rests on them knows it."""

from datetime import date

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Rows, Scope
from hardgate.review.evidence import Archive, Spoilt

WINDOW = Window(date(2026, 8, 1), date(2026, 9, 1))
DAY = date(2026, 9, 7)


def metric(name: str, table: str, below: Metric | None = None) -> Metric:
    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        if below is not None:
            evidence.reading(below, scope, window)
        return Reading(name, scope, window, "", 2.0, 1.0, 3.0)

    return Metric(name, name, "", Better.HIGHER, facts=(Fact(table, "x"),), compute=compute)


def archive(bad: dict[str, Spoilt]) -> Archive:
    return Archive(
        load=lambda _name, _window: Rows({}, 0),
        digests=lambda _name, _window, _as_of: (),
        lag=lambda _name: 0,
        currency="RMB",
        assumption=lambda _name, _scope: None,
        limits=lambda _gate, _scope: None,
        rejected=lambda name, _window, _as_of: (bad[name],) if name in bad else (),
    )


def test_a_rejected_row_of_money_makes_the_reading_unknown_and_names_the_table() -> None:
    evidence = archive({"sales_month": Spoilt("sales", 1, 90)}).at(DAY)
    reading = evidence.reading(metric("margin", "sales_month"), EVERYTHING, WINDOW)
    assert (reading.value, reading.low, reading.high) == (None, None, None)
    assert reading.gaps == ("sales: 1 rows were rejected; `hardgate doctor` lists them",)


def test_a_reading_that_rests_on_it_is_unknown_too_and_another_is_not() -> None:
    evidence = archive({"sales_month": Spoilt("sales", 1, 90)}).at(DAY)
    margin = metric("margin", "sales_month")
    assert evidence.reading(metric("trigger", "pool_day", margin), EVERYTHING, WINDOW).value is None
    assert evidence.reading(metric("again", "pool_day", margin), EVERYTHING, WINDOW).value is None
    assert evidence.reading(metric("demand", "pool_day"), EVERYTHING, WINDOW).value == 2.0


def test_rejected_telemetry_is_a_missing_share() -> None:
    evidence = archive({"pool_day": Spoilt("accelerator_samples", 10, 90)}).at(DAY)
    reading = evidence.reading(metric("busy", "pool_day"), EVERYTHING, WINDOW)
    assert (reading.value, reading.missing) == (2.0, 0.1)
