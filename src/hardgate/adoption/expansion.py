"""Does adopting AI features make accounts grow, by how much, and what would have to be true for it to be nothing.

One row for each design that the data allow, over everything and by segment. A row whose check fails is labelled
associational: no gate may use it. What a dashboard would say stands beside: growth of adopters less that of the rest,
which holds their own earlier growth, too. Wrong when accounts adopt just as their own business turns up.

Source: METHODS 8. Net and gross revenue retention: SaaS Metrics Standards Board.

>>> exhibit.question
'Does adopting AI features cause expansion, and what would erase it?'
"""

from collections.abc import Iterator
from datetime import timedelta

from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.account_base import BRING_ACCOUNTS
from hardgate.metrics.cohort_movement import Closed, closed
from hardgate.metrics.columns import cells
from hardgate.metrics.expansion import Effect, effects, panel, part
from hardgate.models.account_retention import gross, net

CAUSAL, ASSOCIATIONAL = "causal", "associational"


def build(evidence: Evidence) -> Table:
    """Build one row for each scope and design."""
    tables = ("account", "feature_usage_day", "revenue_month")
    end = min(evidence.last_complete(name) for name in tables) + timedelta(days=1)
    known = panel(evidence, EVERYTHING, end)
    if isinstance(known, str):
        return Table("", missing=known)
    whole = effects(evidence, known)
    if isinstance(whole, str):
        return Table("", missing=f"{whole}: {BRING_ACCOUNTS} with more history")
    segments = sorted({str(one) for one in cells(evidence.rows("account"), "segment") if one is not None})
    parts = [(one, effects(evidence, part(known, one))) for one in segments]
    found = [("everything", one) for one in whole]
    found += [(f"segment {name}", one) for name, said in parts if not isinstance(said, str) for one in said]
    notes = [f"segment {name}: {said}" for name, said in parts if isinstance(said, str)]
    moved = closed(evidence, EVERYTHING, end)
    return Table(
        sentence=_sentence(whole[0]),
        headings=_headings(),
        rows=tuple(_row(name, one) for name, one in found),
        closing=_closing(evidence, moved),
        closes=None if moved.why else moved.closes,
        notes=(*(note for name, one in found for note in _checks(name, one)), *notes),
        batches=tuple(sorted({batch for name in tables for batch in evidence.batches(name)})),
    )


def _row(name: str, effect: Effect) -> tuple[Cell, ...]:
    return (
        name,
        effect.method,
        CAUSAL if effect.causal else ASSOCIATIONAL,
        effect.value,
        f"[{100 * effect.low:.1f}, {100 * effect.high:.1f}]",
        effect.treated,
        effect.controls,
        effect.naive,
        effect.erased_by,
        effect.placebo_bend,
    )


def _checks(name: str, effect: Effect) -> Iterator[str]:
    for said, held in effect.checks:
        yield f"{name}, {effect.method}: {said}: {'held' if held else 'FAILED, the number is associational'}"
    if effect.left:
        yield (
            f"{name}, {effect.method}: {effect.left} that paid before have no base revenue any more: the effect is "
            "that on those who stayed, and net retention above holds the others"
        )
    if effect.erased_by is not None and effect.doubted_by is not None:
        doubted = (
            f"and one of {100 * effect.doubted_by:.2f} would bring its interval to nothing"
            if effect.doubted_by > 0
            else "and its interval holds nothing already"
        )
        yield (
            f"{name}, {effect.method}: a bend of {100 * effect.erased_by:.2f} % a month in adopters' own slope at the "
            f"adoption would erase the effect, {doubted}"
        )


def _sentence(effect: Effect) -> str:
    ends = f"{100 * effect.value:+.1f} % [{100 * effect.low:.1f}, {100 * effect.high:.1f}]"
    if not effect.causal:
        return f"Adopters' base revenue moved by {ends} beside others; a check failed, so that this is an association."
    if effect.low <= 0 <= effect.high:
        return f"Adopting moved base revenue by {ends}: nothing that can be told from nothing."
    return f"Adopting moved the base revenue of accounts by {ends} ({effect.method})."


def _closing(evidence: Evidence, moved: Closed) -> str:
    """Return how the closed cohort moved, start to end, with net and gross retention."""
    if moved.why:
        return f"net and gross retention: {moved.why}"
    one = moved.moved
    kept = net(one.start, one.expansion, one.contraction, one.churn), gross(one.start, one.contraction, one.churn)
    return (
        f"closed cohort of {moved.accounts} accounts, {evidence.currency} a month: "
        f"{one.start:,.0f} + {one.expansion:,.0f} expansion - {one.contraction:,.0f} contraction "
        f"- {one.churn:,.0f} churn = {one.end:,.0f}; net retention {100 * kept[0]:.1f} %, gross {100 * kept[1]:.1f} %"
    )


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("where"),
        Heading("design"),
        Heading("reads as"),
        Heading("effect on base revenue", "share"),
        Heading("effect's interval"),
        Heading("adopters or offered", "accounts", 0),
        Heading("controls", "accounts", 0),
        Heading("a dashboard would say", "share"),
        Heading("bend that erases it, a month", "share", 2),
        Heading("bend in the placebo, a month", "share", 2),
    )


exhibit = Exhibit(
    name="adoption.expansion",
    question="Does adopting AI features cause expansion, and what would erase it?",
    build=build,
)
