"""The packet for pipelines: counts hold, waivers are seen, cells are guarded."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

from hardgate.report.pipelines import guarded, write


def test_junit_counts_failures_and_skips_waivers(packet: dict[str, Any]) -> None:
    suite = ET.fromstring(write(packet, "junit"))  # noqa: S314  our own text
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "2", "1")
    assert [case.get("name") for case in suite if case.find("skipped") is not None] == ["capacity.backlog"]


def test_sarif_has_a_result_for_each_row_that_does_not_pass(packet: dict[str, Any]) -> None:
    run = json.loads(write(packet, "sarif"))["runs"][0]
    assert [one["ruleId"] for one in run["results"]] == [
        "capacity.utilization",
        "capacity.activation",
        "capacity.backlog",
    ]
    assert run["results"][2]["suppressions"][0]["status"] == "accepted"


def test_csv_has_a_line_for_each_condition(packet: dict[str, Any]) -> None:
    rows = list(csv.DictReader(io.StringIO(write(packet, "csv"))))
    assert [row["outcome"] for row in rows] == ["fail", "unknown", "fail", "pass"]
    assert (rows[0]["low"], rows[0]["limit"], rows[1]["low"]) == ("0.649", "0.75", "")


def test_a_cell_that_a_spreadsheet_would_run_is_guarded() -> None:
    assert [guarded(cell) for cell in ("=1", "+1", "-1", "@a", "a", -1)] == ["'=1", "'+1", "'-1", "'@a", "a", -1]


def test_markdown_has_a_row_for_each_gate(packet: dict[str, Any]) -> None:
    text = write(packet, "markdown")
    assert text.count("| HELD |") == 4
    assert "fail (waived)" in text
