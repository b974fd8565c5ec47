"""What an ingest says of rows that left a file: withdrawn or in force, by name, in words and as a document."""

from hardgate.lake.batch import Gone
from hardgate.lake.ingest import Report
from hardgate.review.evidence_notes import Ingested

TAKEN = Gone("books/stack.csv", "cost_stack", 1, ("account=fees, level=CM2",))
KEPT = Gone("sales.csv", "sales", 5, ("account=a", "account=b", "account=c"), "sales is no register")


def test_what_is_withdrawn_and_what_is_not_is_told_by_name() -> None:
    taken, kept = Ingested(Report(gone=(TAKEN, KEPT)), None).lines()
    assert taken == (
        "cost_stack: 1 that books/stack.csv said before is no longer in it: withdrawn from this ingest on; earlier dates"
        " keep it (account=fees, level=CM2)"
    )
    assert kept == (
        "sales: 5 that sales.csv said before are no longer in it, and stay in force (account=a; account=b; account=c;"
        " and 2 more): sales is no register"
    )


def test_a_dry_run_withdraws_nothing_and_says_what_would_be() -> None:
    (said,) = Ingested(Report(gone=(TAKEN,), dry_run=True), None).lines()
    assert "no longer in it: would be withdrawn from this ingest on" in said


def test_the_document_tells_the_same() -> None:
    assert [tuple(one.values()) for one in Ingested(Report(gone=(TAKEN, KEPT)), None).plain()["gone"]] == [
        ("cost_stack", "books/stack.csv", 1, ["account=fees, level=CM2"], True, ""),
        ("sales", "sales.csv", 5, ["account=a", "account=b", "account=c"], False, "sales is no register"),
    ]
