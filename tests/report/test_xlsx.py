"""The workbook: limits are live cells, text stays text, the same packet gives the same bytes."""

import io
from typing import Any

from openpyxl import load_workbook

from hardgate.report.xlsx import write


def gates(packet: dict[str, Any]) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(write(packet)))["Gates"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_the_verdict_is_a_formula_over_interval_and_limit(packet: dict[str, Any]) -> None:
    first = gates(packet)[0]
    assert first[6:9] == [0.649, 0.663, 0.676]
    assert first[10] == 0.75
    assert first[11] == '=IF(COUNT(G4,I4,K4)<3,"unknown",IF(G4>=K4,"pass",IF(I4<K4,"fail","hold")))'


def test_the_cached_verdict_is_what_the_formula_gives(packet: dict[str, Any]) -> None:
    sheet = load_workbook(io.BytesIO(write(packet)), data_only=True)["Gates"]
    assert [row[11].value for row in sheet.iter_rows(min_row=4)] == ["fail", "unknown", "fail", "pass"]


def test_what_is_unknown_is_a_word_and_never_zero(packet: dict[str, Any]) -> None:
    assert gates(packet)[1][6:9] == ["unknown", "unknown", "unknown"]


def test_text_never_becomes_a_formula(packet: dict[str, Any]) -> None:
    sheet = load_workbook(io.BytesIO(write(packet)))["ladder"]
    cell = sheet["A6"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_same_packet_gives_the_same_bytes(packet: dict[str, Any]) -> None:
    assert write(packet) == write(packet)
