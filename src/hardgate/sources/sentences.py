"""Sentences of a document that speak of what a signal watches, each with the line that it stands on.

Wrong when a document says the opposite in the same words ("we have no constraint"): the sentence is shown whole, and a
reader decides.

>>> [(one.topic, one.line) for one in found([(3, "Demand exceeds GPU supply. Weather was fine.")])]
[('supply_constraint', 3)]
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TOPICS = (
    (
        "utilization",
        re.compile(
            r"(gpu|compute|server|cluster|data cent(er|re)s?|infrastructure|capacity|cloud)[^.]{0,80}\butili[sz]ation|"
            r"\butili[sz]ation[^.]{0,80}(gpu|compute|server|cluster|data cent(er|re)s?|infrastructure|capacity)",
            re.IGNORECASE,
        ),
    ),
    (
        "supply_constraint",
        re.compile(
            r"(supply|capacity|power|energy|component|gpu|chip)s?[ -](constrain\w+|shortages?|limitation\w*)|"
            r"constrain\w+[^.]{0,60}(supply|capacity|gpu|compute|data cent(er|re))|"
            r"\bdemand\b[^.]{0,60}\b(exceed|outstrip|outpac)\w*[^.]{0,40}(supply|capacity)",
            re.IGNORECASE,
        ),
    ),
)
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"\u201c(])")
_LONGEST = 1200


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that speaks of a topic."""

    number: int
    line: int
    topic: str
    text: str


def found(lines: Iterable[tuple[int, str]]) -> Iterator[Sentence]:
    """Yield the sentences of some lines that speak of a topic."""
    number = 0
    for line, text in lines:
        for sentence in _END.split(text):
            number += 1
            for topic, pattern in TOPICS:
                if len(sentence) <= _LONGEST and pattern.search(sentence):
                    yield Sentence(number, line, topic, sentence.strip())


def count(lines: Iterable[tuple[int, str]]) -> int:
    """Return how many sentences some lines have."""
    return sum(len(_END.split(text)) for _, text in lines)
