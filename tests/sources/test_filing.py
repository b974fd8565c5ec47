"""Filings with tags, releases without, and pages that are neither."""

from datetime import date
from decimal import Decimal

import pytest

from hardgate.lake.ingest import Report
from tests.sources.conftest import Read

VALUES = {"facts": "measure, segment, period_start, period_end, value, unit, currency"}
HEAD = """
<html><body><p>SELECTED FIGURES (in millions, except percentages)</p><table>
<tr><td></td><td colspan="3">Three months ended September 30,</td><td></td></tr>
<tr><td></td><td>2024</td><td colspan="2">2025</td><td></td></tr>
<tr><td></td><td>RMB</td><td>RMB</td><td>US$</td><td>YoY % Change</td></tr>
"""
RELEASE = (
    HEAD
    + """
<tr><td>Revenue</td><td>236,503</td><td>247,795</td><td>34,808</td><td>5%</td></tr>
<tr><td>Income from operations</td><td>35,246</td><td>5,365</td><td>754</td><td>(85)%</td></tr>
<tr><td>Free cash flow</td><td>13,735</td><td>(21,840)</td><td>(3,068)</td><td>N/M</td></tr>
</table><p>Demand for GPU compute exceeds our supply. The weather was fine.</p></body></html>
"""
)


def release(read: Read, text: str, **options: str) -> tuple[list[tuple[object, ...]], Report]:
    given = {"company": "Alibaba", "filed": "2025-11-25", **options}
    found, report = read("filing", text, VALUES, name="release.html", **given)
    return found["facts"], report


def problem(report: Report) -> str:
    return report.problems[0].message


def test_a_printed_table_gives_figures_in_their_currency_with_their_period(read: Read) -> None:
    facts, report = release(read, RELEASE)
    assert (report.problems, report.rejected) == ((), 0)
    quarter = (date(2025, 7, 1), date(2025, 9, 30))
    assert ("revenue", None, *quarter, Decimal(247_795_000_000), "currency", "RMB") in facts
    assert ("revenue", None, *quarter, Decimal(34_808_000_000), "currency", "USD") in facts
    assert ("free_cash_flow", None, *quarter, Decimal(-21_840_000_000), "currency", "RMB") in facts
    assert ("revenue_yoy", None, *quarter, Decimal("0.05"), "ratio", None) in facts
    assert ("operating_income_yoy", None, *quarter, Decimal("-0.85"), "ratio", None) in facts
    assert len(facts) == 11


def test_a_percentage_that_does_not_recompute_is_told_with_its_place_and_not_used(read: Read) -> None:
    facts, report = release(read, RELEASE.replace("<td>5%</td>", "<td>9%</td>"))
    assert report.rejected == 1
    assert not [one for one in facts if one[0] == "revenue_yoy"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("(in millions, except percentages)", "", id="no units"),
        pytest.param("<td>2024</td><td colspan", "<td>2025</td><td colspan", id="two columns claim one quarter"),
        pytest.param("<td>RMB</td><td>RMB</td><td>US$</td>", "<td>RMB</td><td>RMB or US$</td><td>US$</td>", id="currency mix"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_as_it_stands_gives_no_figure(read: Read, old: str, new: str) -> None:
    assert old in RELEASE
    facts, report = release(read, RELEASE.replace(old, new))
    assert facts == []
    assert report.rejected >= 1


def test_a_page_that_is_no_filing_is_refused(read: Read) -> None:
    page = "<html><body><h1>Menu</h1><table><tr><td>Tea</td><td>3.50</td></tr></table></body></html>"
    _, report = release(read, page)
    assert "not a filing: 1 tables, none of which names a period" in problem(report)


def test_a_release_whose_company_is_not_said_is_refused(read: Read) -> None:
    _, report = read("filing", RELEASE, {}, name="release.html")
    assert 'write company = "..." in its input' in problem(report)


def test_segments_with_unallocated_and_eliminations_are_told_apart(read: Read) -> None:
    text = """
    <html><body><p>Adjusted EBITA by segment (in millions)</p><table>
    <tr><td></td><td>Quarter ended June 30, 2025<br/>RMB</td></tr>
    <tr><td>Cloud Intelligence Group</td><td>2,954</td></tr>
    <tr><td>All others</td><td>(1,415)</td></tr>
    <tr><td>Unallocated</td><td>(410)</td></tr>
    <tr><td>Inter-segment elimination</td><td>(29)</td></tr>
    <tr><td>Consolidated adjusted EBITA</td><td>1,100</td></tr></table></body></html>
    """
    facts, report = release(read, text)
    assert report.rejected == 0
    found = {one[1]: Decimal(str(one[4])) for one in facts if one[0] == "adjusted_ebita"}
    assert found == {
        "Cloud Intelligence Group": Decimal(2_954_000_000), "All others": Decimal(-1_415_000_000),
        "unallocated": Decimal(-410_000_000), "eliminations": Decimal(-29_000_000), None: Decimal(1_100_000_000),
    }  # fmt: skip
    assert sum((value for name, value in found.items() if name), Decimal(0)) == found[None]


def test_sentences_on_capacity_are_kept_with_the_document_that_was_read(read: Read) -> None:
    found, _ = read(
        "filing", RELEASE, {"disclosures": "topic, sentence, said_on"}, name="r.html", company="A", filed="2025-11-25"
    )
    day = date(2025, 11, 25)
    assert found["disclosures"] == [
        ("document", "3 sentences", day),
        ("supply_constraint", "Demand for GPU compute exceeds our supply.", day),
    ]


TAGGED = """<?xml version="1.0"?>
<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><body><div style="display:none"><ix:header><ix:hidden>
<ix:nonNumeric contextRef="c" name="dei:EntityRegistrantName" id="n">ACME CORP</ix:nonNumeric>
<ix:nonNumeric contextRef="c" name="dei:DocumentType" id="t">10-Q</ix:nonNumeric></ix:hidden><ix:resources>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:context id="c"><xbrli:entity></xbrli:entity><xbrli:period><xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-03-31</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:context id="s1"><xbrli:entity><xbrli:segment><xbrldi:explicitMember dimension="us-gaap:StatementBusinessSegmentsAxis">acme:CloudMember</xbrldi:explicitMember></xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-03-31</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:context id="s2"><xbrli:entity><xbrli:segment><xbrldi:explicitMember dimension="us-gaap:StatementBusinessSegmentsAxis">acme:ShopMember</xbrldi:explicitMember></xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-03-31</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:context id="u"><xbrli:entity><xbrli:segment><xbrldi:explicitMember dimension="srt:ConsolidationItemsAxis">us-gaap:CorporateNonSegmentMember</xbrldi:explicitMember></xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2025-01-01</xbrli:startDate><xbrli:endDate>2025-03-31</xbrli:endDate></xbrli:period></xbrli:context>
</ix:resources></ix:header></div><table>
<tr><td>Cloud</td><td><ix:nonFraction unitRef="usd" contextRef="s1" decimals="-6" name="us-gaap:OperatingIncomeLoss" scale="6" id="a">70</ix:nonFraction></td></tr>
<tr><td>Shop</td><td>(<ix:nonFraction unitRef="usd" contextRef="s2" decimals="-6" name="us-gaap:OperatingIncomeLoss" scale="6" sign="-" id="b">20</ix:nonFraction>)</td></tr>
<tr><td>Share-based compensation</td><td>(<ix:nonFraction unitRef="usd" contextRef="u" decimals="-6" name="us-gaap:AllocatedShareBasedCompensationExpense" scale="6" id="d">15</ix:nonFraction>)</td></tr>
<tr><td>Interest</td><td><ix:nonFraction unitRef="usd" contextRef="u" decimals="-6" name="us-gaap:InvestmentIncomeInterest" scale="6" id="e">4</ix:nonFraction></td></tr>
<tr><td>Income from operations</td><td><ix:nonFraction unitRef="usd" contextRef="c" decimals="-6" name="us-gaap:OperatingIncomeLoss" scale="6" id="f">35</ix:nonFraction></td></tr>
</table></body></html>
"""


def test_a_tagged_filing_gives_segments_and_the_lines_that_reconcile_them(read: Read) -> None:
    """70 - 20 - 15 = 35: the interest below it belongs to another total."""
    columns = {"facts": "company, segment, value, form, filed, row_name"}
    found, report = read("auto", TAGGED, columns, name="acme-10-q-2025-05-01.html")
    assert (report.problems, report.rejected) == ((), 0)
    mine = [row for row in found["facts"] if row[1] in {"Cloud", "Shop", None}]
    day = date(2025, 5, 1)
    assert ("Acme Corp", "Cloud", Decimal(70_000_000), "10-Q", day, "Cloud") in mine
    assert ("Acme Corp", "Shop", Decimal(-20_000_000), "10-Q", day, "Shop") in mine
    assert ("Acme Corp", None, Decimal(35_000_000), "10-Q", day, "Income from operations") in mine
    lines, _ = read("auto", TAGGED, {"facts": "concept, value, measure"}, name="acme-10-q-2025-05-01.html")
    left_over = [(row[1], row[2]) for row in lines["facts"] if row[0].endswith("as a line of operating_income")]
    assert left_over == [(Decimal(-15_000_000), "operating_income")]


def test_one_figure_in_two_places_that_differ_is_told(read: Read) -> None:
    again = TAGGED.replace("</table>", '<tr><td>Again</td><td><ix:nonFraction unitRef="usd" contextRef="c" decimals="-6" '
                           'name="us-gaap:OperatingIncomeLoss" scale="6" id="g">39</ix:nonFraction></td></tr></table>')  # fmt: skip
    _, report = read("auto", again, {}, name="acme-10-q-2025-05-01.html")
    assert report.rejected == 1


def test_a_day_that_is_none_is_a_wrong_setting(read: Read) -> None:
    from hardgate.core.errors import Misconfigured

    with pytest.raises(Misconfigured, match="filed = 'soon' is not a day"):
        read("filing", RELEASE, {}, name="r.html", company="A", filed="soon")
