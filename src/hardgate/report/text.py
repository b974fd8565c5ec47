"""The packet for a terminal: decisions first, then the evidence, the signatures and what was left open.

Plain text with no cut columns, so that a pipe, a screen reader and a diff read the same packet. Colour comes from the
surface and never carries meaning alone: the word stands beside it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hardgate.core.money import short
from hardgate.report import turning, words

Paint = Callable[[str, str], str]
Packet = Mapping[str, Any]

PAGE_ONE = ("asks", "answers", "signatures", "waivers", "shadows", "look_back", "missing")
APPENDIX = ("exhibits", "findings", "evidence")
ROLES: dict[str, tuple[str, ...]] = {
    "all": (*PAGE_ONE, *APPENDIX),
    "cfo": ("asks", "signatures", "waivers", "shadows", "look_back", "answers", "missing", *APPENDIX),
    "product": ("answers", "asks", "look_back", "missing", "signatures", "waivers", "shadows", *APPENDIX),
    "engineering": (
        "answers", "exhibits", "findings", "evidence", "asks", "missing", "signatures", "waivers", "shadows",
        "look_back",
    ),
    "sales": ("asks", "answers", "look_back", "missing", "signatures", "waivers", "shadows", *APPENDIX),
    "city": ("answers", "asks", "missing", "look_back", "signatures", "waivers", "shadows", *APPENDIX),
}  # fmt: skip
"""The same numbers for each chair, the questions of that chair first; the tables stand in the appendix."""

FIRST: dict[str, tuple[str, ...]] = {
    "cfo": (
        "outlook.simulate", "outlook.flip", "outlook.portfolio", "capacity.cancel_cost", "capacity.coverage",
        "capacity.ladder", "markets.margin_for_growth",
    ),
    "product": (
        "pricing.unit_cost", "pricing.floor", "pricing.subsidised_accounts", "pricing.margin_bridge", "pricing.bundle",
        "adoption.attach", "markets.kill",
    ),
    "engineering": (
        "capacity.ladder", "capacity.activity_fields", "capacity.position", "allocation.admit",
        "allocation.turned_away", "allocation.shadow_price",
    ),
    "sales": ("adoption.targets", "adoption.sales_hours", "adoption.attach", "capacity.coverage", "capacity.position"),
    "city": ("markets.city_pnl", "markets.payback", "markets.subsidy", "markets.growth_quality", "markets.kill"),
}  # fmt: skip
"""Which exhibits a chair sees first; the rest follow by name."""


def _unpainted(text: str, kind: str) -> str:  # noqa: ARG001  the signature of a painter
    return text


def render(packet: Packet, role: str = "all", paint: Paint = _unpainted) -> str:
    """Return the packet as text for one role."""
    parts: dict[str, Callable[[Packet, Paint], Iterator[str]]] = {
        "asks": _asks,
        "answers": lambda whole, _: _answers(whole, role),
        "missing": _missing,
        "signatures": _signatures,
        "waivers": _waivers,
        "shadows": _shadows,
        "look_back": _look_back,
        "findings": _findings,
        "evidence": _evidence,
    }
    head = f"Capacity review as of {packet['as_of']}, amounts in {packet['currency']}"
    lines = [f"{head}, intervals at {100 * packet['confidence']:.0f} %"]
    for name in ROLES[role]:
        body = _exhibits(packet, role) if name == "exhibits" else parts[name](packet, paint)
        lines += body
    return "\n".join([*lines, "", summary_line(packet), f"repeat: {packet['repeat']}"]) + "\n"


def _asks(packet: Packet, paint: Paint) -> Iterator[str]:
    if not packet["evidence"]:
        yield ""
        yield f"No evidence was known by {packet['as_of']}: bring files with `hardgate ingest`"
    if not packet["asks"]:
        yield ""
        yield "Nobody asks for anything: bring capacity_plan, or write an ask with `hardgate ask`"
    for ask in packet["asks"]:
        yield ""
        amount = short(Decimal(ask["amount"]), ask["currency"]) if ask["amount"] is not None else "no amount"
        date = f"decide by {ask['decide_by']}" if ask["decide_by"] else "no date"
        yield f"{paint(ask['state'].ljust(9), ask['state'])} {ask['action']:<8} {ask['label']}   {amount}   {date}"
        for verdict in ask["verdicts"]:
            yield from _verdict(verdict, ask, packet["currency"], paint)
        yield f"  {ask['because']}"
        if ask["verdicts"]:
            yield f"  {turning.head(ask)}: {turning.line(ask['turns'], packet['currency'])}"


def _verdict(verdict: Mapping[str, Any], ask: Mapping[str, Any], currency: str, paint: Paint) -> Iterator[str]:
    word = verdict["outcome"]
    waiver = next((one for one in ask["waivers"] if one["gate"] == verdict["gate"]), None)
    tail = f"  (waived until {waiver['expires']})" if waiver else ""
    mode = "" if verdict["mode"] == "block" else f"  [{verdict['mode']}: holds nothing]"
    head = f"  {paint(word.ljust(8), word)} {verdict['gate']:<26}"
    shown = verdict["conditions"]
    if not shown:
        yield f"{head} {verdict['because']}{tail}{mode}"
    for index, judged in enumerate(shown):
        line = words.condition(judged, currency)
        flip = words.flips(judged, currency)
        start = head if index == 0 else f"  {'':8} {'':<26}"
        yield f"{start} {line}{'   ' + flip if flip else ''}{(tail + mode) if index == 0 else ''}"
        if judged["because"]:
            yield f"  {'':8} {'':<26} {judged['because']}"
        for gap in words.unsaid(judged):
            yield f"  {'':8} {'':<26} missing: {gap}"
    for part in verdict["parts"]:
        yield f"  {'':8} {'':<26} {part['label']}: {part['outcome']}, {part['because']}"
    for signal in verdict.get("heard", ()):
        yield f"  {'':8} {'':<26} {words.fired(signal)}"


def _answers(packet: Packet, role: str) -> Iterator[str]:
    """Yield what each exhibit says in one sentence; its table stands in the appendix."""
    found = in_order(packet, role)
    if found:
        yield ""
        yield "What the evidence says"
    width = max((len(one["name"]) for one in found), default=0)
    for one in found:
        yield f"  {one['name']:<{width}}  {one['sentence'] or 'not available: ' + one['missing']}"


def _exhibits(packet: Packet, role: str) -> Iterator[str]:
    for exhibit in in_order(packet, role):
        yield ""
        yield from exhibit_lines(exhibit, packet["currency"])


def in_order(packet: Packet, role: str) -> list[Mapping[str, Any]]:
    """Return the exhibits with those of a role's chair first."""
    first = FIRST.get(role, ())
    rank = {name: position for position, name in enumerate(first)}
    return sorted(packet["exhibits"], key=lambda one: (rank.get(one["name"], len(first)), one["name"]))


def exhibit_lines(exhibit: Mapping[str, Any], currency: str) -> Iterator[str]:
    """Yield the lines of one exhibit: the question, the sentence, the table, the closing line and the notes."""
    yield f"{exhibit['name']}: {exhibit['question']}"
    if exhibit["missing"]:
        yield f"  not available: {exhibit['missing']}"
        return
    yield f"  {exhibit['sentence']}"
    if exhibit["rows"]:
        yield from table_lines(exhibit["headings"], exhibit["rows"], currency)
    if exhibit["closing"]:
        yield f"  {exhibit['closing']}"
    for note in exhibit["notes"]:
        yield f"  {note}"


def table_lines(headings: Sequence[Mapping[str, Any]], rows: Sequence[Sequence[Any]], currency: str) -> Iterator[str]:
    """Yield a table with every column as wide as it needs; numbers stand at the right."""
    heads = [words.heading(one, currency) for one in headings]
    body = [[words.cell(v, h["unit"], h["digits"]) for v, h in zip(row, headings, strict=True)] for row in rows]
    right = [words.is_numeric(rows, i, one["unit"]) for i, one in enumerate(headings)]
    widths = [max(len(heads[i]), *(len(row[i]) for row in body)) for i in range(len(heads))]
    for row in (heads, ["-" * width for width in widths], *body):
        cells = [text.rjust(w) if r else text.ljust(w) for text, w, r in zip(row, widths, right, strict=True)]
        yield "  " + "  ".join(cells).rstrip()


def _missing(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    yield ""
    for one in packet["not_available"]:
        yield f"{one['part']}: not available: needs {one['needs']}"
    for line in packet["not_judged"]:
        yield f"not judged: {line}"


def _signatures(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    yield ""
    yield "Who signs"
    for ask in packet["asks"]:
        need = ", ".join(f"{one['count']} x {one['role']}" for one in ask["needed"]) or "nobody more"
        yield f"  {ask['id']}: needs {need}; the packet to sign is {ask['digest'][:16]}"
        for one in ask["signatures"]:
            standing = "valid" if one["valid"] else f"not counted: {one['because']}"
            yield f"    {one['verdict']} by {one['by']} as {one['role']} at {one['at']}, {standing}"


def _waivers(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    yield ""
    debt = short(Decimal(packet["waiver_debt"]), packet["currency"])
    yield f"Open waivers: {len(packet['waivers'])}, exposure {debt}"
    for one in packet["waivers"]:
        scope = " / ".join(one["scope"].values())
        yield f"  {one['gate']} {scope}: {one['category']} by {one['by']} until {one['expires']}"
        yield f"    because {one['reason']}; control: {one['control']}"
    held = (
        f"  hardgate waive {verdict['gate']} {ask['id']}"
        for ask in packet["asks"]
        for verdict in ask["verdicts"]
        if verdict["mode"] == "block" and verdict["outcome"] != "pass"
        if verdict["gate"] not in {waiver["gate"] for waiver in ask["waivers"]}
    )
    if first := next(held, None):
        yield "  to grant one:"
        yield f'{first} --as NAME --key FILE --owner NAME --reason "..." --control "..." --until DATE'


def _shadows(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    if packet["shadows"]:
        yield ""
        yield "What gates that do not block yet would have held"
    for one in packet["shadows"]:
        yield f"  {one['gate']}: {short(Decimal(one['amount']), one['currency'])} in {', '.join(one['asks'])}"


def _look_back(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    yield ""
    yield "Look-back"
    if not packet["look_back"]:
        yield "  no earlier packet is in the ledger"
    for one in packet["look_back"]:
        yield f"  {one['as_of']} {one['ask']}: said {one['said']}; {one['came']}"


def _findings(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    if packet["findings"]:
        yield ""
        yield "What to know of the evidence"
    for line in packet["findings"]:
        yield f"  {line}"


def _evidence(packet: Packet, paint: Paint) -> Iterator[str]:  # noqa: ARG001
    yield ""
    tables: dict[str, list[Mapping[str, Any]]] = {}
    for batch in packet["evidence"]:
        tables.setdefault(batch["table"], []).append(batch)
    yield "Evidence"
    for table, batches in tables.items():
        rows = sum(one["rows"] for one in batches)
        rejected = sum(one["rejected"] for one in batches)
        last = max((one["last_day"] for one in batches if one["last_day"]), default="no day")
        yield f"  {table:<22} {len(batches):>4} batches {rows:>12,} rows {rejected:>6,} rejected   to {last}"


def summary_line(packet: Packet) -> str:
    """Return the last line: asks by state and gate rows by outcome, waivers counted."""
    s = packet["summary"]
    states = ", ".join(f"{s[name]} {name}" for name in ("released", "awaiting", "held", "refused"))
    asks = f"{s['asks']} asks: {states}"
    gates = f"{s['pass']} pass, {s['hold']} hold, {s['fail']} fail, {s['unknown']} unknown, {s['waived']} waived"
    return f"{asks} | gates: {gates}"
