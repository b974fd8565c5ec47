"""The whole idea in one place: facts make readings, readings meet limits, verdicts and signatures make decisions.

Every noun is imported from here, and described in the file of its concept:

    scope      Scope: where a number holds
    schema     Schema, Column, Cell; Fact, a number that adds up over rows
    reading    Reading, with its Status
    evidence   Metric, and the Evidence that it is read of; Rows, Assumption, Better
    ask        Ask, with its Action
    gate       Gate, made of Conditions; Choice
    verdict    Verdict, made of what was Judged; Outcome, Mode
    decision   Decision with its State; Waiver, Signature, Needed; Entry, a line of the ledger
    exhibit    Exhibit, which builds a Table; Heading, Chart

Every value is frozen and built from the standard library alone. Absence is a state: a reading without evidence has no
value, a verdict without evidence is `Outcome.UNKNOWN`, and neither is ever replaced by zero.

>>> str(Scope.of(region="cn-north", accelerator="H20"))
'cn-north / H20'
"""

from hardgate.core.ask import CAPITAL, Action, Ask
from hardgate.core.decision import Decision, Entry, Needed, Signature, State, Waiver
from hardgate.core.evidence import Assumption, Better, Evidence, Metric, Rows
from hardgate.core.exhibit import Chart, Exhibit, Heading, Table
from hardgate.core.gate import Choice, Condition, Gate
from hardgate.core.reading import Reading, Status
from hardgate.core.schema import Cell, Column, Fact, Schema
from hardgate.core.scope import EVERYTHING, Scope
from hardgate.core.verdict import Judged, Mode, Outcome, Verdict

__all__ = (
    "CAPITAL",
    "EVERYTHING",
    "Action",
    "Ask",
    "Assumption",
    "Better",
    "Cell",
    "Chart",
    "Choice",
    "Column",
    "Condition",
    "Decision",
    "Entry",
    "Evidence",
    "Exhibit",
    "Fact",
    "Gate",
    "Heading",
    "Judged",
    "Metric",
    "Mode",
    "Needed",
    "Outcome",
    "Reading",
    "Rows",
    "Schema",
    "Scope",
    "Signature",
    "State",
    "Status",
    "Table",
    "Verdict",
    "Waiver",
)
