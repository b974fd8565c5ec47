"""A company of our own and two peers, with something in every rollup that watching reads."""

from hardgate.core.terms import Rows, Scope
from tests.capacity import world as capacity
from tests.evidence import table

SCOPE = Scope.of(company="Own")
ASSUMPTIONS: dict[str, float] = {}
HEAD = (
    "day company measure concept segment period_start value unit currency denominator definition method rounding "
    "document document_digest table_name row_name column_name form filed"
)
ENDS = ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30")
STARTS = ("2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01")
FILED = ("2025-05-15", "2025-08-14", "2025-11-13", "2026-02-12", "2026-05-14", "2026-08-13")
QUARTERLY = {
    "revenue": (1000, 1040, 1080, 1120, 1160, 1200),
    "cloud_revenue": (100, 106, 113, 121, 130, 143),
    "cloud_adjusted_ebita": (8, 9, 10, 11, 12, 16),
    "customer_management_revenue": (300, 310, 320, 330, 330, 345),
    "commerce_adjusted_ebita": (90, 92, 94, 96, 97, 101),
    "operating_income": (110, 112, 115, 120, 124, 130),
    "adjusted_ebita": (130, 133, 135, 141, 146, 152),
    "operating_cash_flow": (150, 155, 160, 165, 170, 175),
    "capex": (100, 105, 110, 115, 120, 90),
    "depreciation": (40, 41, 43, 45, 48, 52),
    "ai_revenue": (5, 8, 12, 16, 22, 30),
    "ai_cloud_revenue": (10, 14, 18, 22, 27, 33),
    "external_cloud_revenue": (80, 84, 89, 95, 102, 112),
}


def facts() -> Rows:
    lines = [HEAD]
    for company, scale in (("Own", 1), ("Peer", 3)):
        for measure, values in QUARTERLY.items():
            for start, end, filed, value in zip(STARTS, ENDS, FILED, values, strict=True):
                lines.append(_line(end, company, measure, start, value * scale, filed))
        for measure, count in (("cities", 20), ("cities_at_breakeven", 13)):
            lines.append(_line("2026-06-30", company, measure, "2026-04-01", count, FILED[-1], unit="count"))
        lines.append(_line("2026-06-30", company, "backlog", "-", 900 * scale, FILED[-1]))
        lines.append(_line("2026-12-31", company, "capex_guidance", "2026-01-01", 480 * scale, "2026-02-12"))
        lines.append(_line("2026-12-31", company, "capex_guidance", "2026-01-01", 420 * scale, "2026-08-13"))
        for segment, value in (("Cloud", 143), ("Commerce", 900), ("unallocated", 170), ("eliminations", -13)):
            lines.append(_line("2026-06-30", company, "revenue", "2026-04-01", value * scale, FILED[-1], segment))
        lines.append(_line("2026-06-30", company, "cloud_revenue_yoy", "2026-04-01", "0.35", FILED[-1], unit="ratio"))
    return table("\n".join(lines))


def _line(
    end: str, company: str, measure: str, start: str, value: object, filed: str, segment: str = "consolidated",
    unit: str = "RMBmn",
) -> str:  # fmt: skip
    rounding = "0.01" if unit == "ratio" else "1"
    return (
        f"{end} {company} {measure} {measure} {segment} {start} {value} {unit} - - - reported {rounding} "
        f"release-{filed} d1 t1 r1 c1 6-K {filed}"
    )


OTHERS = {
    "filed_document": """
        day         company document            form document_digest filed       figures named
        2026-06-30  Own     release-2026-08-13  6-K  d1              2026-08-13  20      -
        2026-06-30  Peer    release-2026-08-13  6-K  d2              2026-08-13  20      3
    """,
    "disclosure": """
        day         company document            sentence_no topic             sentence                 document_digest filed
        2026-08-13  Own     release-2026-08-13  0           document          120_sentences            d1              2026-08-13
        2026-08-13  Own     release-2026-08-13  7           supply_constraint Demand_exceeds_supply.   d1              2026-08-13
        2026-08-13  Peer    release-2026-08-13  0           document          90_sentences             d2              2026-08-13
    """,
    "estimate": """
        day         company item    period period_end value unit         prior_value analysts source
        2026-05-01  Own     eps     fy2026 2026-12-31 2.10  RMBpershare  2.00        12       survey
        2026-08-20  Own     eps     fy2026 2026-12-31 1.90  RMBpershare  2.00        12       survey
        2026-08-20  Own     revenue ntm    -          5000  RMBmn        4560        12       survey
    """,
    "quote": """
        day         name     kind     price currency market_value forward_ps industry  sector source
        2026-03-02  Own      company  100   RMB      10000000000  -          internet  retail exchange
        2026-03-02  internet industry 1000  -        -            2.00       -         -      exchange
        2026-03-02  retail   sector   500   -        -            -          -         -      exchange
        2026-08-31  Own      company  134   RMB      13400000000  -          internet  retail exchange
        2026-08-31  internet industry 1055  -        -            2.11       -         -      exchange
        2026-08-31  retail   sector   530   -        -            -          -         -      exchange
    """,
    "rating": """
        day         company provider  kind        rating
        2026-08-20  Own     agency    value_score D
    """,
    "promise": """
        day         company promise       measure         segment target unit  denominator sense said_on     document sentence
        2026-06-30  Own     margin        cloud_adjusted_ebita - 0.12   ratio cloud_revenue at_least 2025-11-13 release said
        2026-06-30  Own     capex         capex           -       100    RMBmn -           at_most  2025-11-13 release said
        2026-12-31  Own     revenue       revenue         -       1300   RMBmn -           at_least 2026-02-12 release said
    """,
}  # fmt: skip


def others() -> dict[str, Rows]:
    found = {name: table(text) for name, text in OTHERS.items()}
    for name, column in (("promise", "sense"), ("estimate", "unit")):
        columns = dict(found[name].columns)
        columns[column] = [str(one).replace("_", " ").replace("pershare", " per share") for one in columns[column]]
        found[name] = Rows(columns, found[name].count)
    return found


TABLES = {**capacity.TABLES, "published": facts(), **others()}
