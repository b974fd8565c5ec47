"""Telemetry in many files: a device is compared with itself only where two of its files speak of the same time."""

from datetime import date, datetime, timedelta

import pytest

from hardgate.engine import Engine
from hardgate.lake.as_of import FOREVER, relation
from tests.lake.conftest import Desk

START = datetime(2026, 8, 1)


def samples(devices: str, first: int, last: int, value: float) -> str:
    """Return a file of some devices, a sample a minute."""
    minutes = [START + timedelta(minutes=minute) for minute in range(first, last)]
    return "\n".join(["device,time,field,value", *(f"{d},{time},1002,{value}" for d in devices for time in minutes)])


@pytest.mark.parametrize(
    ("files", "compared", "restated"),
    [
        # Hour after hour of two clusters side by side: their files overlap, those of one device do not.
        ([("ab", 0, 60), ("cd", 0, 60), ("ab", 60, 120), ("cd", 60, 120)], "", 0),
        # A file that was cut in the middle of a minute, beside one of the whole day.
        ([("a", 0, 61), ("b", 0, 60), ("a", 61, 120), ("b", 60, 120), ("c", 0, 1440)], "", 0),
        # The last minute of a comes again, and an hour within the day of c.
        ([("ab", 0, 60), ("a", 59, 120), ("b", 60, 120), ("c", 0, 1440), ("c", 600, 660)], "ac", 61),
        # A short file inside a long one, then one that follows the short one but not the long one.
        ([("a", 0, 300), ("a", 10, 20), ("a", 100, 110)], "a", 20),
    ],
)
def test_only_a_device_that_two_files_speak_of_at_once_is_compared(
    desk: Desk, engine: Engine, files: list[tuple[str, int, int]], compared: str, restated: int
) -> None:
    for at, (devices, first, last) in enumerate(files):
        text = samples(devices, first, last, 0.1 * (at + 1))
        desk.bring("accelerator_samples", text, known=date(2026, 8, at + 2))
    relation(desk.lake, engine, "accelerator_samples")
    found = engine.rows("select device from accelerator_samples_several order by device")
    assert "".join(device for (device,) in found) == compared
    ended = f"count(*) filter (where known_to < date '{FOREVER}')"
    told = sum(len(devices) * (last - first) for devices, first, last in files)
    assert engine.rows(f"select count(*), {ended} from accelerator_samples") == [(told, restated)]
