"""The packet for pipelines: CSV rows, Markdown, JUnit test cases and SARIF results, one for each gate row.

A gate row that does not pass is a failure in JUnit and a result in SARIF; a waived one is a skip, so that waivers are
counted and seen.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from hardgate.report import words
from hardgate.report.text import in_order, summary_line

Packet = Mapping[str, Any]


def write(packet: Packet, form: str) -> str:
    """Return the packet in one of the forms csv, markdown, junit or sarif."""
    forms: dict[str, Callable[[Packet], str]] = {
        "csv": _csv,
        "markdown": _markdown,
        "junit": _junit,
        "sarif": _sarif,
    }
    return forms[form](packet)


def guarded(cell: Any) -> Any:  # noqa: ANN401  a cell of JSON
    """Return a cell that a spreadsheet will not run: text that begins like a formula gets an apostrophe.

    >>> guarded("=1+1"), guarded("-3"), guarded(-3)
    ("'=1+1", "'-3", -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _rows(packet: Packet) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], bool]]:
    for ask in packet["asks"]:
        waived = {one["gate"] for one in ask["waivers"]}
        for verdict in ask["verdicts"]:
            yield ask, verdict, verdict["gate"] in waived


def _said(verdict: Mapping[str, Any], currency: str) -> str:
    return "; ".join(words.condition(one, currency) for one in verdict["conditions"]) or verdict["because"]


def _csv(packet: Packet) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, (*_ASK, *_GATE, *_READING, "limit"), lineterminator="\n")
    writer.writeheader()
    for ask, verdict, waived in _rows(packet):
        row = {name: ask[name] for name in _ASK}
        row |= {"gate": verdict["gate"], "mode": verdict["mode"], "outcome": verdict["outcome"], "waived": waived}
        for judged in verdict["conditions"] or [None]:
            reading = {name: judged["reading"][name] if judged else None for name in _READING}
            limit = {"limit": judged["limit"]["value"] if judged else None}
            writer.writerow({name: guarded(cell) for name, cell in (row | reading | limit).items()})
    return out.getvalue()


_ASK = ("as_of", "id", "action", "label", "amount", "currency", "state")
_GATE = ("gate", "mode", "outcome", "waived")
_READING = ("metric", "low", "value", "high", "unit")


def _markdown(packet: Packet) -> str:
    lines = [f"# Capacity review as of {packet['as_of']}", "", summary_line(packet), ""]
    lines += ["| state | ask | gate | verdict | reading and limit |", "|---|---|---|---|---|"]
    for ask, verdict, waived in _rows(packet):
        word = verdict["outcome"] + (" (waived)" if waived else "")
        cells = (
            ask["state"],
            f"{ask['action']} {ask['id']}",
            verdict["gate"],
            word,
            _said(verdict, packet["currency"]),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    for exhibit in in_order(packet, "all"):
        lines += ["", f"## {exhibit['question']}", "", exhibit["sentence"] or f"Not available: {exhibit['missing']}"]
    return "\n".join(lines) + "\n"


def _junit(packet: Packet) -> str:
    cases, failures, skipped = [], 0, 0
    for ask, verdict, waived in _rows(packet):
        said = _said(verdict, packet["currency"])
        head = f"  <testcase classname={quoteattr(ask['id'])} name={quoteattr(verdict['gate'])}"
        if waived:
            skipped += 1
            cases.append(f"{head}><skipped message={quoteattr('waived: ' + said)}/></testcase>")
        elif verdict["outcome"] != "pass" and verdict["mode"] == "block":
            failures += 1
            cases.append(
                f"{head}><failure type={quoteattr(verdict['outcome'])} message={quoteattr(said)}>"
                f"{escape(verdict['because'])}</failure></testcase>"
            )
        else:
            cases.append(f"{head}/>")
    counts = f'tests="{len(cases)}" failures="{failures}" skipped="{skipped}"'
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="hardgate review" {counts}>'
    return "\n".join([head, *cases, "</testsuite>"]) + "\n"


def _sarif(packet: Packet) -> str:
    results, rules = [], {}
    for ask, verdict, waived in _rows(packet):
        rules[verdict["gate"]] = verdict["question"]
        if verdict["outcome"] == "pass":
            continue
        blocking = verdict["mode"] == "block" and verdict["outcome"] != "hold"
        result: dict[str, Any] = {
            "ruleId": verdict["gate"],
            "level": "error" if blocking else "warning",
            "message": {"text": f"{ask['id']} {verdict['label']}: {_said(verdict, packet['currency'])}"},
            "locations": [{"logicalLocations": [{"fullyQualifiedName": f"{ask['id']}/{verdict['gate']}"}]}],
        }
        if waived:
            result["suppressions"] = [{"kind": "external", "status": "accepted"}]
        results.append(result)
    driver = {
        "name": "hardgate",
        "version": packet["version"],
        "rules": [{"id": name, "shortDescription": {"text": text}} for name, text in sorted(rules.items())],
    }
    body = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(body, indent=2) + "\n"
