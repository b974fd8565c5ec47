"""`hardgate allocate` where nobody asks."""

from pathlib import Path

from tests.cli.conftest import Operator


def test_without_requests_it_says_what_to_bring_and_writes_nothing(made: Operator, tmp_path: Path) -> None:
    done = made.do("allocate", "--kueue", tmp_path / "changes")
    assert (done.code, done.out) == (4, "")
    assert done.err == "allocation: no request; bring workload_requests, and capacity for what is live\n"
    assert not (tmp_path / "changes").exists()
