from datetime import date

from hardgate.rollups.settings import NEVER
from hardgate.rollups.versions import Versions

D = {n: date(2026, 9, n) for n in range(1, 13)}


def test_nothing_is_known_before_its_day_unless_the_rollup_looks_forward() -> None:
    for forward, known in ((False, D[5]), (True, D[2])):
        versions = Versions(forward=forward)
        versions.add(D[5], D[2], "b")
        assert versions.periods([D[5]]) == [(D[5], known, NEVER)]


def test_a_span_known_late_gives_the_days_before_a_version_of_that_date() -> None:
    versions = Versions()
    versions.span(D[1], D[4], D[3])
    assert {day: sorted(known) for day, known in versions.known.items()} == {
        D[1]: [D[3]],
        D[2]: [D[3]],
        D[3]: [D[3]],
        D[4]: [D[4]],
    }


def test_versions_of_a_day_follow_each_other_without_gaps() -> None:
    versions = Versions()
    for known in (D[9], D[3], D[6]):
        versions.add(D[2], known, str(known))
    assert versions.periods([D[2]]) == [(D[2], D[3], D[6]), (D[2], D[6], D[9]), (D[2], D[9], NEVER)]


def test_months_are_periods_of_their_own() -> None:
    versions = Versions(grain="month", forward=True)
    versions.span(D[5], date(2026, 11, 20), D[1])
    assert sorted(versions.known) == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]


def test_a_day_of_which_nothing_is_known_yet_does_not_look_different() -> None:
    """What came in late for a day does not show it to those who look back to before."""
    versions = Versions()
    versions.add(D[2], D[8], "late")
    versions.add(D[3], D[4], "in time")
    versions.boundaries([(D[1], NEVER, D[6]), (D[1], NEVER, D[9])])
    assert {day: sorted(known) for day, known in versions.known.items()} == {
        D[2]: [D[8], D[9]],
        D[3]: [D[4], D[6], D[9]],
    }


def test_days_look_different_from_a_date_on_if_it_lies_after_them() -> None:
    versions = Versions()
    for day in (D[1], D[2], D[3], D[4]):
        versions.add(day, day, "b")
    versions.boundaries([(D[2], D[4], D[4])])
    assert [sorted(versions.known[day]) for day in (D[1], D[2], D[3], D[4])] == [
        [D[1]],
        [D[2], D[4]],
        [D[3], D[4]],
        [D[4]],
    ]


def test_a_week_gets_no_version_before_its_end_from_what_is_told_of_an_earlier_one() -> None:
    versions, week = Versions(grain="week"), D[7]
    versions.add(D[8], D[9], "b")
    versions.boundaries([(D[1], NEVER, D[10]), (D[1], NEVER, date(2026, 9, 13)), (D[1], NEVER, date(2026, 9, 16))])
    assert sorted(versions.known[week]) == [date(2026, 9, 14), date(2026, 9, 16)]


def test_a_table_speaks_of_a_day_from_the_first_later_date_on_which_it_told_anything() -> None:
    versions = Versions()
    versions.reach(D[1], D[5], [D[3], D[3], D[4]])
    assert {day: known for day, known in versions.known.items() if known} == {D[1]: {D[3]}, D[2]: {D[3]}, D[3]: {D[4]}}


def test_a_fingerprint_changes_with_what_its_day_depends_on_and_with_nothing_else() -> None:
    def fingerprints(*later: tuple[date, str]) -> dict[date, str]:
        versions = Versions()
        for day in (D[1], D[2], D[3]):
            versions.add(day, day, "b")
        versions.depend([(D[1], "x"), *later])
        return versions.fingerprints("static")

    before, after = fingerprints(), fingerprints((D[2], "y"))
    assert [day for day in before if before[day] != after[day]] == [D[2], D[3]]
    assert fingerprints((D[2], "y")) == after
