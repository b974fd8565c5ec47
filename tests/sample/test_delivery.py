"""The delivery business of the sample: what is planted lies in its files and in no other."""

import csv
import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hardgate.metrics.subsidy_return import _changes
from hardgate.models.geo_test import difference
from hardgate.sample.calendar import Span
from hardgate.sample.cities import CITIES, NEVER_PAYS
from hardgate.sample.delivery import write_delivery
from hardgate.sample.draft import Draft
from hardgate.sample.plants import PLANTS, strengths

AS_OF = date(2026, 9, 7)


def written(folder: Path, plants: Mapping[str, float] | None = None, seed: int = 7) -> dict[str, Path]:
    found = write_delivery(Draft(folder, seed, Span(AS_OF)), strengths(plants), 0.25)
    return {path.stem: path for path in found}


@pytest.fixture(name="files", scope="module")
def _files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return written(tmp_path_factory.mktemp("delivery"))


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_the_same_seed_gives_the_same_bytes_and_a_plant_lives_where_it_shows(
    files: dict[str, Path], tmp_path: Path
) -> None:
    assert digests(written(tmp_path / "again")) == digests(files)
    bare = digests(written(tmp_path / "bare", {"never_pays_back": 0}))
    assert {name for name, one in digests(files).items() if bare[name] != one} == {"orders", "city_books"}


def test_one_city_gives_away_more_of_every_basket(files: dict[str, Path]) -> None:
    given: dict[str, list[float]] = {city: [] for city in CITIES}
    with files["orders"].open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            given[row["town"]].append(int(row["voucher_fen"]) / int(row["basket_fen"]))
    shares = {city: float(np.mean(one)) for city, one in given.items()}
    others = np.mean([one for city, one in shares.items() if city != NEVER_PAYS])
    assert shares[NEVER_PAYS] - others == pytest.approx(PLANTS["never_pays_back"].strength, abs=0.01)


def test_the_holdout_holds_what_a_unit_of_subsidy_brings(files: dict[str, Path]) -> None:
    with files["geo_test"].open(encoding="utf-8") as lines:
        records = [
            (row["test"], row["zone"], row["treated"] == "True", row["running"] == "True", float(row["contribution"]), float(row["given"]))
            for row in csv.DictReader(lines)
        ]  # fmt: skip
    changes = _changes(records)
    treated = np.array([one[0] for one in changes])
    found = difference(np.array([one[1] for one in changes]), treated)
    assert found is not None
    assert found.value / changes[0][2] == pytest.approx(PLANTS["subsidy_return"].strength, abs=0.12)


def test_what_the_books_say_is_what_the_orders_add_up_to(files: dict[str, Path]) -> None:
    with files["city_books"].open(encoding="utf-8") as lines:
        booked = sum(
            float(row["booked"]) for row in csv.DictReader(lines)
            if row["account"] == "4010 commission" and (row["town"], row["month"]) == ("hefei", "2026-08-01")
        )  # fmt: skip
    with files["orders"].open(encoding="utf-8") as lines:
        ordered = sum(
            int(row["commission_fen"]) for row in csv.DictReader(lines)
            if row["town"] == "hefei" and row["at"].startswith("2026-08")
        )  # fmt: skip
    assert booked == pytest.approx(ordered / 100)
