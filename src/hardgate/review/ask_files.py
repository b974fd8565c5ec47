r"""Requests that people write: one file an ask in asks/*.yaml, read with every mistake at once.

An ask says what (an action), where (at least one dimension), who asks and, where money is asked for, how much in which
currency. Keys beyond those listed are terms of the ask and are kept as they are written; one that looks like a slip of
a listed key is a mistake. Its id is `id:`, else the name of its file.

>>> ask = parse("asks/hall-4.yaml", b"action: BUILD\npool: cn-north-h20\nby: wang.fang\ngpus: 512\n", "RMB")[0]
>>> ask.id, str(ask.scope), ask.term("gpus")
('hall-4', 'cn-north-h20', 512)
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import ConfigDict

from hardgate.core.errors import Misconfigured, Mistake
from hardgate.core.terms import Action, Ask
from hardgate.review.decoding import decoded
from hardgate.review.fields import ActionName, Count, Day, Money, Reads, Share, Text, Where, Whole
from hardgate.review.mistakes import checked, ordered
from hardgate.review.places import read_yaml
from hardgate.review.policy_rows import scope_of
from hardgate.review.quantities import NotUnderstood, shown
from hardgate.review.scoped import DIMENSIONS
from hardgate.review.slips import Slip

TERMS = ("gpus", "live_date", "ramp_months", "proposed_on", "released_share")
"""Terms that every ask may have and whose kind is known."""
ALIKE = 0.8
"""How alike a key must be to a listed one to count as its slip (difflib's ratio)."""
_ID = re.compile(r"^\w[\w.-]*$")
_PLAIN = re.compile(r"^[A-Za-z](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?$")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def identifier(value: object) -> str:
    """Read the id of an ask: it names a file and an address."""
    if not isinstance(value, str) or not _ID.match(value):
        raise NotUnderstood(
            f"an id has letters, digits, '.', '_' and '-', found {shown(value)}", "write it like hall-4"
        )
    return value


class AskFile(Where):
    """How an ask is written; further keys are its terms."""

    model_config = ConfigDict(extra="allow")

    action: ActionName
    by: Text
    id: Annotated[str, Reads(identifier, {"type": "string", "pattern": _ID.pattern})] | None = None
    amount: Money | None = None
    currency: Text | None = None
    decide_by: Day | None = None
    gpus: Count | None = None
    live_date: Day | None = None
    ramp_months: Whole | None = None
    proposed_on: Day | None = None
    released_share: Share | None = None


def load(folder: Path, currency: str) -> tuple[Ask, ...]:
    """Read every ask of a folder, by file name; `currency` is the one that a missing currency is answered with.

    Raises:
        Misconfigured: with every mistake of every file.

    """
    asks: dict[str, tuple[str, Ask]] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        file = f"{folder.name}/{path.name}"
        if path.suffix == ".yml":
            mistakes.append(Mistake("asks are read from *.yaml", file, suggestion=f"rename it to {path.stem}.yaml"))
        if path.suffix != ".yaml":
            continue
        try:
            found = parse(file, path.read_bytes(), currency)
        except Misconfigured as error:
            mistakes += error.mistakes
            continue
        for ask in found:
            if ask.id in asks:
                message = f"the ask {ask.id!r} is already in {asks[ask.id][0]}"
                mistakes.append(Mistake(message, file, suggestion="give one of them another id"))
            asks.setdefault(ask.id, (file, ask))
    if mistakes:
        raise Misconfigured(ordered(mistakes))
    return tuple(ask for _, ask in asks.values())


def parse(file: str, content: bytes, currency: str) -> tuple[Ask, ...]:
    """Read the ask of one file; a file without one, such as a commented example, gives none.

    Raises:
        Misconfigured: with every mistake of the file.

    """
    document = read_yaml(file, decoded(file, content))
    if document.data == {}:
        return ()
    found = checked(AskFile, document)
    stem = PurePosixPath(file).stem
    slips = _slips(found.model, stem, currency) if found.model is not None else ()
    return (_ask(found.sound(document, slips), stem),)


def _slips(model: AskFile, stem: str, currency: str) -> Iterator[Slip]:
    extra = model.model_extra or {}
    listed = tuple(AskFile.model_fields)
    for name, value in extra.items():
        if alike := difflib.get_close_matches(name, listed, n=1, cutoff=ALIKE):
            yield Slip((name,), f"unknown key {name!r}", f"did you mean {alike[0]!r}?", key=True)
        elif isinstance(value, list | dict):
            yield Slip((name,), f"a term holds one value, found {shown(value)}", "write a text, a number or a date")
    if not scope_of(model).parts:
        rests_on = tuple((name,) for name in [*DIMENSIONS, *extra])
        yield Slip((), "an ask says where it would act", f"add one of: {', '.join(DIMENSIONS)}", rests_on=rests_on)
    if model.amount is not None and model.currency is None:
        yield Slip(("amount",), "money needs a currency", f"add currency: {currency}", rests_on=(("currency",),))
    if model.id is None and not _ID.match(stem):
        yield Slip((), f"{stem!r} cannot be the id of an ask", "add id: with letters, digits, '.', '_' and '-'")


def _ask(model: AskFile, stem: str) -> Ask:
    known = ((name, getattr(model, name)) for name in TERMS)
    terms = {name: value for name, value in known if value is not None} | (model.model_extra or {})
    return Ask(
        id=model.id or stem,
        action=Action(model.action),
        scope=scope_of(model),
        by=model.by,
        amount=model.amount,
        currency=model.currency or "",
        decide_by=model.decide_by,
        terms=tuple(terms.items()),
        derived=False,
    )


def text_of(name: str, fields: Mapping[str, object]) -> str:
    """Return an ask as the text of a file that `parse` reads back.

    Raises:
        Misconfigured: a field is neither a text, a number, a date nor a truth value.

    """
    lines = [f"{key}: {_written(key, value)}" for key, value in {"id": name, **fields}.items()]
    return "\n".join(lines) + "\n"


def _written(key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float) or (isinstance(value, date) and not isinstance(value, datetime)):
        return str(value)
    if isinstance(value, str):
        plain = _PLAIN.match(value) and value.lower() not in _WORDS
        return value if plain else json.dumps(value, ensure_ascii=False)
    raise Misconfigured(f"{key} of the ask is {value!r}: expected a text, a number, a date, true or false")
