"""The packet as a workbook: change a threshold in its yellow cell and the verdict beside it follows.

A verdict of the workbook is a formula over the interval and the limit, the same rule as `gates.judge` without the
fold: how long a condition has held is history and stands beside it as it was. Text never becomes a formula.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hardgate.report import words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

GATE_HEADS = (
    ("Ask", 18),
    ("State", 11),
    ("Gate", 26),
    ("Scope", 30),
    ("Reading of", 34),
    ("Unit", 10),
    ("Low", 12),
    ("Value", 12),
    ("High", 12),
    ("Sense", 10),
    ("Limit", 12),
    ("Verdict of the interval", 22),
    ("Verdict as judged", 18),
    ("Held for", 10),
    ("Because", 60),
)
LOW, HIGH, LIMIT = "G", "I", "K"


def write(packet: Mapping[str, Any]) -> bytes:
    """Return the workbook of a packet; the same packet gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"Capacity review as of {packet['as_of']}", "created": _day(packet["as_of"])})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _gates(book, head, packet)
        for exhibit in packet["exhibits"]:
            _exhibit(book, head, exhibit, packet["currency"])
        _evidence(book, head, packet)
    return buffer.getvalue()


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _gates(book: "Workbook", head: "Format", packet: Mapping[str, Any]) -> None:
    sheet = book.add_worksheet("Gates")
    formats = {unit: book.add_format({"num_format": shape}) for unit, shape in _shapes().items()}
    editable = {
        unit: book.add_format({"num_format": shape, "bg_color": "#FFF7C2", "border": 1, "locked": False})
        for unit, shape in _shapes().items()
    }
    sheet.write(0, 0, f"Capacity review as of {packet['as_of']}. Yellow cells are limits: change one and see.")
    for column, (name, width) in enumerate(GATE_HEADS):
        sheet.set_column(column, column, width)
        sheet.write(2, column, name, head)
    row = 3
    for ask in packet["asks"]:
        for verdict in ask["verdicts"]:
            for judged in verdict["conditions"] or [None]:
                _gate_row(sheet, row, (ask, verdict, judged), formats, editable)
                row += 1
    sheet.freeze_panes(3, 3)


def _shapes() -> dict[str, str]:
    return {"share": "0.0%", "x": '0.00"x"', "": "#,##0.00"}


def _gate_row(
    sheet: "Worksheet",
    row: int,
    what: tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any] | None],
    formats: Mapping[str, "Format"],
    editable: Mapping[str, "Format"],
) -> None:
    ask, verdict, judged = what
    for column, text in enumerate((ask["id"], ask["state"], verdict["gate"], verdict["label"])):
        sheet.write_string(row, column, text)
    sheet.write_string(row, 12, verdict["outcome"])
    sheet.write_string(row, 14, (judged or verdict)["because"] or verdict["because"])
    if judged is None:
        return
    reading, limit = judged["reading"], judged["limit"]
    shape = reading["unit"] if reading["unit"] in formats else ""
    sheet.write_string(row, 4, reading["meaning"] or reading["metric"].replace("_", " "))
    sheet.write_string(row, 5, reading["unit"])
    for column, name in ((6, "low"), (7, "value"), (8, "high")):
        _number(sheet, row, column, reading[name], formats[shape])
    sheet.write_string(row, 9, words.SIGNS[judged["sense"]])
    bound = limit["high"] if judged["sense"] == "at least" else limit["low"]
    _number(sheet, row, 10, bound, editable[shape])
    verdict_now = _cached(reading, bound, judged["sense"])
    sheet.write_formula(row, 11, _verdict_formula(row + 1, judged["sense"]), None, verdict_now)
    sheet.write_string(row, 13, f"{judged['run']} of {judged['held_for']}")


def _number(sheet: "Worksheet", row: int, column: int, value: float | str | None, shape: "Format") -> None:
    if value is None:
        sheet.write_string(row, column, "unknown", shape)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, shape)
    else:
        sheet.write_number(row, column, value, shape)


def _verdict_formula(row: int, sense: str) -> str:
    low, high, limit = f"{LOW}{row}", f"{HIGH}{row}", f"{LIMIT}{row}"
    clear, miss = (f"{low}>={limit}", f"{high}<{limit}")
    if sense == "at most":
        clear, miss = (f"{high}<={limit}", f"{low}>{limit}")
    return f'=IF(COUNT({low},{high},{limit})<3,"unknown",IF({clear},"pass",IF({miss},"fail","hold")))'


def _cached(reading: Mapping[str, Any], limit: float | str | None, sense: str) -> str:
    low, high = reading["low"], reading["high"]
    if any(not isinstance(value, int | float) for value in (low, high, limit)):
        return "unknown"
    clear, miss = (low >= limit, high < limit) if sense == "at least" else (high <= limit, low > limit)
    return "pass" if clear else "fail" if miss else "hold"


def _exhibit(book: "Workbook", head: "Format", exhibit: Mapping[str, Any], currency: str) -> None:
    sheet = book.add_worksheet(exhibit["name"].replace("capacity.", "")[:31])
    sheet.write_string(0, 0, exhibit["question"])
    sheet.write_string(1, 0, exhibit["sentence"] or f"not available: {exhibit['missing']}")
    for column, heading in enumerate(exhibit["headings"]):
        sheet.set_column(column, column, 18)
        sheet.write_string(3, column, words.heading(heading, currency), head)
    shapes = [_shape(book, one) for one in exhibit["headings"]]
    for i, cells in enumerate(exhibit["rows"]):
        for column, (value, shape) in enumerate(zip(cells, shapes, strict=True)):
            _cell(sheet, 4 + i, column, value, shape)
    last = 5 + len(exhibit["rows"])
    for offset, line in enumerate([exhibit["closing"], *exhibit["notes"]]):
        sheet.write_string(last + offset, 0, line)


def _shape(book: "Workbook", heading: Mapping[str, Any]) -> tuple["Format", bool]:
    decimals = "0" * heading["digits"]
    number = f"#,##0.{decimals}" if decimals else "#,##0"
    percent = f"0.{decimals}%" if decimals else "0%"
    shape = book.add_format({"num_format": percent if heading["unit"] == "share" else number})
    return shape, heading["unit"] not in {"", "share"}


def _cell(sheet: "Worksheet", row: int, column: int, value: Any, shape: tuple["Format", bool]) -> None:  # noqa: ANN401
    if value is None:
        sheet.write_string(row, column, "unknown")
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shape[0])
    elif shape[1] and words.is_amount(value):
        sheet.write_number(row, column, float(Decimal(value)), shape[0])
    else:
        sheet.write_string(row, column, str(value))


def _evidence(book: "Workbook", head: "Format", packet: Mapping[str, Any]) -> None:
    names: Sequence[str] = ("table", "file", "rows", "rejected", "first_day", "last_day", "known", "batch")
    sheet = book.add_worksheet("Evidence")
    for column, name in enumerate(names):
        sheet.write_string(0, column, name.replace("_", " "), head)
    for i, batch in enumerate(packet["evidence"]):
        for column, name in enumerate(names):
            sheet.write(1 + i, column, batch[name])
