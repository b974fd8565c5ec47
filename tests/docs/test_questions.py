"""Every command that the page of questions names runs on the sample, and no page of it speaks of bare utilization."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs import consoles
from hardgate.review import areas

QUESTIONS = (consoles.ROOT / "docs" / "questions.md").read_text("utf-8")
COMMANDS = sorted(set(re.findall(r"`(hardgate [^`]+)`", QUESTIONS)))
BARE = re.compile(r"(?<![\w.])utili[sz]ation(?!\w)", re.IGNORECASE)
QUALIFIED = re.compile(r"\"?GPU utili[sz]ation\"?( \(field 203\))?", re.IGNORECASE)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_that_answers_a_question_runs(command: str, beside_the_sample: Path) -> None:
    ran = consoles.run(command.replace("hardgate ", "hardgate -C sample ", 1), "...", beside_the_sample)
    assert ran.code not in consoles.OWN_FAULTS, ran.said
    assert ran.printed.strip()


def test_every_exhibit_answers_a_question_of_the_page() -> None:
    assert [name for name in areas.exhibits() if f"`hardgate show {name}`" not in QUESTIONS] == []


def test_every_area_that_is_not_there_is_named_with_its_question() -> None:
    there = {name.partition(".")[0] for name in areas.exhibits()}
    planned = [one.__name__.rpartition(".")[2] for one in areas.AREAS]
    assert [name for name in planned if name not in there and f"needs {name}" not in QUESTIONS] == []


def words(found: Any) -> Iterator[str]:
    """Yield every text of a JSON document, but neither its keys nor queries."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for one in found:
            yield from words(one)
    elif isinstance(found, dict):
        for name, below in found.items():
            if name not in {"sql", "repeat"}:
                yield from words(below)


def test_no_text_of_the_packet_says_utilization_without_a_denominator(beside_the_sample: Path) -> None:
    ran = consoles.run("hardgate -C sample review --dry-run --json", "...", beside_the_sample)
    packet = json.loads(ran.printed)
    bare = [
        text for text in words(packet) if BARE.search(QUALIFIED.sub("", text)) and "capacity.utilization" not in text
    ]
    assert bare == []
    heads = [head["name"] for exhibit in packet["exhibits"] for head in exhibit["headings"]]
    assert len(heads) > 20
    assert [head for head in heads if "utili" in head.lower()] == []


def test_the_search_for_bare_utilization_finds_it() -> None:
    said = [
        "utilization 66 %",
        "Utilisation is high",
        "GPU utilization 99 %",
        "productive_utilization",
        "capacity.utilization",
    ]
    assert [bool(BARE.search(QUALIFIED.sub("", text))) for text in said] == [True, True, False, False, False]
