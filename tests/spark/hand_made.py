"""The tables that the tests of tests/rollups write in their docstrings, all of them in one lake: late, restated, with nulls.

Tests use equal keys for their own rows, so that in one lake they restate each other, too.
"""

import ast
from pathlib import Path

from hardgate.lake.identities import Rule
from hardgate.rollups.owners import KEYS
from hardgate.rollups.settings import Pool, RollupSettings
from tests.rollups import test_cohorts_by_hand
from tests.rollups.conftest import HandMade, Statement, read

TESTS = Path(__file__).parents[1] / "rollups"
ALSO = """
disclosures @ 2026-05-10
company  document  sentence_no  topic  sentence  said_on     document_digest  filed
ours     q1        3            a/b    it's_so   2026-03-31  -                2026-05-09
ours     q1        0            all    -         2026-03-31  abc              2026-05-09

estimates @ 2026-06-01
company  item     period  period_end  on_day      value    unit    prior_value  analysts  source
ours     revenue  fy2026  2026-12-31  2026-05-31  1000.25  RMB_mn  -            12        s
ours     eps      ntm     -           2026-05-31  1.05     RMB     0.95         -         -

estimates @ 2026-06-08
company  item     period  period_end  on_day      value    unit    prior_value  analysts  source
ours     revenue  fy2026  2026-12-31  2026-05-31  990.5    RMB_mn  -            12        s

promises @ 2026-05-10
company  promise  measure  segment  sense     target  unit    denominator  due         said_on     document  sentence
ours     margin   ebita    -        at_least  0.15    ratio   revenue      2027-12-31  2026-05-09  q1        -

quotes @ 2026-06-01
name  kind     price   currency  market_value      forward_ps  industry  sector  on_day
ours  company  101.25  RMB       1234567890123.45  2.75        i         -       2026-05-29
i     industry 2500    -         -                 -           -         s       2026-05-29

ratings @ 2026-06-01
company  provider  kind   on_day      rating
ours     p         value  2026-05-29  B
"""
"""Rows for the rollups of which those tests have none."""
POOLS = (Pool("p1", "north", "H20"), Pool("p2", "south", "B200"))


def statements() -> list[Statement]:
    """Return what is stated in the docstrings, but identities: keys are given to pools by rule here."""
    texts = [
        ast.get_docstring(node) or ""
        for path in sorted(TESTS.glob("test_*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    return [one for text in [*texts, ALSO] for one in read(text) if one.table != "identities"]


def lake() -> HandMade:
    """Return the lake of all hand-made tables, and of orders some of which come weeks late or are told anew."""
    return HandMade([*statements(), *test_cohorts_by_hand.lake(3, 30).statements])


def settings(made: HandMade) -> RollupSettings:
    """Return settings under which every second foreign key is one pool's and every other the other's."""
    rules: list[Rule] = []
    for table, column in KEYS.items():
        found = {row.get(column) for one in made.statements if one.table == table for row in one.rows}
        keys = sorted(str(key) for key in found - {None})
        rules += [Rule(table, column, "exact", key, POOLS[at % 2].pool) for at, key in enumerate(keys)]
    return RollupSettings(pools=POOLS, samples_per_hour=4, rules=tuple(rules))
