from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from hardgate.ledger.store import Ledger
from tests.review.signing import PEOPLE, Office, keys_of, policy_of


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Path], Mapping[str, str]]:
    """Everyone's private key file, and public half."""
    return keys_of(tmp_path_factory.mktemp("keys"), [*PEOPLE, "stranger"])


@pytest.fixture
def office(tmp_path: Path, keys: tuple[Mapping[str, Path], Mapping[str, str]]) -> Iterator[Office]:
    """A ledger with nothing in it, a policy, and everyone's keys."""
    paths, public = keys
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Office(ledger, policy_of(public), paths)
