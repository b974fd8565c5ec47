"""SEC companyfacts: all that a company tagged in its filings, one JSON document a company, packed or not.

Every fact of its accounts is read, whatever its tag; those that have a name of ours get it. What stands on cover pages
and in proxy statements (dei, ecd, ffd) is no account and is left out. One figure stands in many filings, each with the
day it was filed: which of them held on a date is told from that. Wrong for dimensions: companyfacts holds figures of
the whole company alone, and segments come from the filings themselves.

>>> source.opens(b'{"cik":1652044,"entityName":"ALPHABET INC.","facts":{"dei":{'), source.opens(b'{"a": 1}')
(True, False)
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hardgate.core.errors import BadInput
from hardgate.sources.measures import issuer, measure_of
from hardgate.sources.source import Document, Extract, Input, Laid, RawColumns, Source, Unread

COLUMNS = (
    "company", "concept", "period_start", "period_end", "value", "unit", "currency", "definition", "taxonomy",
    "measure", "method", "document", "document_digest", "table_name", "row_name", "column_name", "form", "filed",
)  # fmt: skip
APART = frozenset({"dei", "ecd", "ffd"})
_HEAD = re.compile(rb'^\s*\{(?=.{0,400}?"facts"\s*:)(?=.{0,400}?"(cik|entityName)"\s*:)', re.DOTALL)
_CURRENCY = re.compile(r"[A-Z]{3}")


def _opens(start: bytes) -> bool:
    return _HEAD.match(start) is not None


def _lay(document: Document) -> Laid:
    with document.open() as stream:
        try:
            told = json.load(stream)
        except (ValueError, EOFError, OSError) as error:
            message = f"not readable as JSON: {error}; expected SEC companyfacts, as the file CIK0000000000.json holds"
            raise BadInput(message) from error
    facts = told.get("facts") if isinstance(told, dict) else None
    if not isinstance(facts, dict):
        message = "no companyfacts: expected an object with cik, entityName and facts"
        raise BadInput(message)
    company = document.options.get("company") or issuer(str(told.get("entityName") or ""))
    if not company:
        message = 'no entityName in this document: write company = "..." in its input'
        raise BadInput(message)
    rows: list[tuple[int, Sequence[str | None]]] = []
    unread: list[Unread] = []
    for at, found in enumerate(_facts(facts), start=1):
        row = _row(company, document.digest, *found)
        if isinstance(row, str):
            unread.append(Unread(at, row, f"{found[0]}:{found[1]} {json.dumps(found[4])}"))
        else:
            rows.append((at, row))
    if not rows:
        message = f"no fact of accounts in this document; it holds {', '.join(sorted(facts)) or 'nothing'}"
        raise BadInput(message)
    return Laid(COLUMNS, rows, tuple(unread))


def _facts(facts: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str, Any]]:
    """Yield taxonomy, tag, label, unit and the fact, in the order of the document."""
    for taxonomy, tags in facts.items():
        if taxonomy in APART:
            continue
        for tag, body in tags.items():
            for unit, stated in body.get("units", {}).items():
                for one in stated:
                    yield taxonomy, tag, body.get("label") or tag, unit, one


def _row(company: str, digest: str, taxonomy: str, tag: str, label: str, unit: str, one: Any) -> list[str | None] | str:  # noqa: ANN401, PLR0913  JSON
    """Return a fact as a row, or what is wrong with it."""
    if not isinstance(one, dict):
        return "expected a fact with val, end, accn and filed"
    lacking = [name for name in ("val", "end", "accn", "filed") if one.get(name) is None]
    if lacking:
        return f"no {', '.join(lacking)} in this fact"
    known = measure_of(f"{taxonomy}:{tag}")
    currency, _, per = unit.partition("/")
    money = _CURRENCY.fullmatch(currency) is not None
    of = "per share" if money and per == "shares" else "currency" if money and not per else _plain_unit(unit)
    return [
        company, f"{taxonomy}:{tag}", one.get("start"), one["end"], str(one["val"]), of, currency if money else None,
        label, taxonomy, known, "reported", one["accn"], digest, f"{taxonomy} facts in {unit}", tag,
        one.get("frame") or f"{one.get('fy') or ''} {one.get('fp') or ''}".strip(), one.get("form"), one["filed"],
    ]  # fmt: skip


def _plain_unit(unit: str) -> str:
    return {"pure": "ratio"}.get(unit, unit)


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    del given
    return {"facts": Extract({name: f'"{name}"' for name in raw.names})}


def _detect(columns: Sequence[str]) -> bool:
    """Never: a JSON document has no header."""
    del columns
    return False


source = Source(
    name="companyfacts",
    meaning="SEC companyfacts JSON of one company",
    tables=("facts",),
    detect=_detect,
    extract=_extract,
    options=("company",),
    opens=_opens,
    lay=_lay,
)
