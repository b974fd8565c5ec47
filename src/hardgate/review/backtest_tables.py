"""A back-test as tables, in the shape of exhibits: the past asks, how each rule did, the forecasts, the thresholds.

The command line prints them, a page shows them and the JSON holds them; nothing is computed twice.
"""

from collections.abc import Iterator, Sequence
from statistics import mean

from hardgate.core.money import short
from hardgate.core.terms import Cell, Chart, Exhibit, Heading, Outcome, Table
from hardgate.review.calibrate import Threshold, by_condition, cheapest
from hardgate.review.replay import ALWAYS, NEVER, WHOLE, Backtest, Past, Score

ASKS = "What did each past ask get told, and what came of it?"
RULES = "Would the gates have been right, and what did each rule lose?"
FORECASTS = "Did demand come as it was forecast?"
THRESHOLDS = "What would each threshold have cost?"
Row = tuple[Cell, ...]


def tables(backtest: Backtest, thresholds: Sequence[Threshold] = ()) -> list[tuple[Exhibit, Table]]:
    """Return the tables of a back-test, each with the question that it answers."""
    made = [
        (_named("backtest.asks", ASKS), asks(backtest)),
        (_named("backtest.rules", RULES, Chart("bars", "rule", ("regret",))), rules(backtest)),
        (_named("backtest.forecasts", FORECASTS), forecasts(backtest)),
    ]
    if thresholds and any(one.worth for one in backtest.pasts):
        made.append((_named("backtest.thresholds", THRESHOLDS), calibrated(backtest, thresholds)))
    return made


def _named(name: str, question: str, chart: Chart | None = None) -> Exhibit:
    return Exhibit(name, question, lambda _evidence: Table("", missing="a back-test is no exhibit of one date"), chart)


def asks(backtest: Backtest) -> Table:
    """Return each past ask with its last verdict, what was done, and what going was worth since."""
    if not backtest.pasts:
        return Table("", missing="; ".join([NO_PAST, *backtest.not_replayed]))
    valued = [one for one in backtest.pasts if one.worth]
    return Table(
        sentence=_hindsights(backtest.pasts, valued),
        headings=(
            Heading("ask"), Heading("decided"), Heading("gates then"), Heading("stopped by"), Heading("done"),
            Heading("hindsight"), Heading("live so far", "months", 0), Heading("used", "GPUs"),
            Heading("of", "GPUs", 0),
            Heading("margin earned", "currency", 0), Heading("cost of owning", "currency", 0),
            Heading("going on the last date", "currency", 0),
        ),
        rows=tuple(_ask(one) for one in backtest.pasts),
        notes=(*_not_valued(backtest.pasts), *backtest.not_replayed, *_undecided(backtest), NOT_DISCOUNTED),
    )  # fmt: skip


def _hindsights(pasts: Sequence[Past], valued: Sequence[Past]) -> str:
    """Say how many asks can be valued, and in how many of them waiting was right."""
    said = f"{len(pasts)} asks are past their decision date; {len(valued)} can be valued on what came"
    if not valued:
        return f"{said}."
    wrong = sum(max(one.worth) > 0 for one in valued)
    return f"{said}: waiting was right in {len(valued) - wrong} and wrong in {wrong}."


NO_PAST = "no ask whose decision date has passed: bring capacity_plan of the past, or asks with proposed_on"
FEW = 2
"""How many gates are named beside an ask."""
NOT_DISCOUNTED = "margin and cost are sums of the months seen; the last column is their difference, discounted"


def _ask(past: Past) -> Row:
    last = past.looks[-1]
    stopped = [name for name, one in last.verdicts.items() if one.outcome is not Outcome.PASS and one.mode == "block"]
    months, used, earned, owned = past.came.used(last.day)
    known = bool(past.worth)
    return (
        past.ask.id, str(last.day), last.whole().value, _few(stopped), "built" if past.done else "not built",
        _hindsight(past), months if known else None, round(used, 1) if known else None,
        past.came.order.size if past.came.order else None, round(earned) if known else None,
        round(owned) if known else None, round(past.worth[-1]) if known else None,
    )  # fmt: skip


def _few(names: Sequence[str]) -> str:
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")


def _hindsight(past: Past) -> str:
    if not past.worth:
        return "not known"
    best = max(past.worth)
    return f"go on {past.looks[past.worth.index(best)].day}" if best > 0 else "hold"


def _not_valued(pasts: Sequence[Past]) -> Iterator[str]:
    for one in pasts:
        if not one.worth:
            yield f"{one.ask.id} cannot be valued: {one.came.missing}"


def _undecided(backtest: Backtest) -> Iterator[str]:
    if backtest.undecided:
        yield f"{backtest.undecided} asks are not past their decision date yet"


def rules(backtest: Backtest) -> Table:
    """Return how every gate, all of them together and the simple rules did, and what each lost."""
    valued = [one for one in backtest.pasts if one.worth]
    if not valued:
        return Table("", missing="no past ask can be valued: bring demand, sales and capacity since it would be live")
    return Table(
        sentence=_verdict(backtest),
        headings=(
            Heading("rule"), Heading("went", "asks", 0), Heading("held", "asks", 0),
            Heading("of them unknown", "asks", 0),
            Heading("wrong goes", "asks", 0), Heading("lost by going", "currency", 0),
            Heading("wrong holds", "asks", 0), Heading("lost by holding", "currency", 0),
            Heading("regret", "currency", 0), Heading("value", "currency", 0), Heading("regret of the best"),
        ),
        rows=tuple(_rule(one) for one in backtest.scores),
        closing=_closing(backtest.scores),
        closes=all(abs(one.value + one.regret - one.best) < 1 for one in backtest.scores),
        notes=(
            "a rule goes on the first date on which it says so; what is unknown holds",
            f"regret of the best: its {100 * backtest.confidence:.0f} % interval draws asks anew, and is wide with few",
        ),
    )  # fmt: skip


def _rule(score: Score) -> Row:
    return (
        score.rule, score.went, score.held, score.unknown, score.wrong_goes, round(score.wrong_go),
        score.wrong_holds, round(score.wrong_hold), round(score.regret), round(score.value), _share(score),
    )  # fmt: skip


def _share(score: Score) -> str:
    if score.share is None:
        return "nothing would have paid"
    low, share, high = (100 * one for one in score.share)
    return f"{share:.0f} % [{low:.0f}, {high:.0f}]"


def _verdict(backtest: Backtest) -> str:
    """Say how the review did against going always and holding always, whoever wins."""
    by_name = {one.rule: one for one in backtest.scores}
    ours = by_name[WHOLE]
    words = [f"The review's gates lost {short(round(ours.regret), backtest.currency)} against hindsight"]
    for name in (ALWAYS, NEVER):
        other = by_name[name]
        better = (
            "less than" if ours.regret < other.regret else "as much as" if ours.regret == other.regret else "more than"
        )
        words.append(f"{better} {name} ({short(round(other.regret), backtest.currency)})")
    return f"{words[0]}: {', '.join(words[1:])}."


def _closing(scores: Sequence[Score]) -> str:
    first = scores[0]
    return f"value {first.value:,.0f} + regret {first.regret:,.0f} = {first.best:,.0f}, the best value with hindsight"


def forecasts(backtest: Backtest) -> Table:
    """Return how many forecasts of demand held what came, by pool."""
    if not backtest.forecasts:
        return Table("", missing="no forecast of demand has come due: bring usage of the months after")
    places = sorted({one.scope for one in backtest.forecasts})
    inside = sum(one.inside for one in backtest.forecasts)
    count = len(backtest.forecasts)
    rows = []
    for place in places:
        mine = [one for one in backtest.forecasts if one.scope == place]
        rows.append((
            str(place), len(mine), sum(one.inside for one in mine), round(mean(one.value for one in mine), 1),
            round(mean(one.came for one in mine), 1), round(mean(one.score for one in mine), 2),
        ))  # fmt: skip
    return Table(
        sentence=f"{inside} of {count} forecasts of demand at the live date held what came in their "
        f"{100 * backtest.confidence:.0f} % interval.",
        headings=(
            Heading("pool"), Heading("forecasts", "", 0), Heading("held what came", "", 0), Heading("forecast", "GPUs"),
            Heading("came", "GPUs"), Heading("CRPS", "GPUs", 2),
        ),
        rows=tuple(rows),
        notes=("forecasts of one pool overlap, and miss together",),
    )  # fmt: skip


def calibrated(backtest: Backtest, thresholds: Sequence[Threshold]) -> Table:
    """Return the cost of each threshold, the one in force and the cheapest of each condition marked."""
    rows: list[Row] = []
    idle: list[str] = []
    moving: list[Threshold] = []
    for (gate, metric), found in by_condition(thresholds).items():
        if len({round(one.score.regret, 2) for one in found}) == 1:
            idle.append(f"{gate}, {metric}")
            continue
        best = cheapest(found)
        moving += found
        rows += _thresholds(found, best)
    return Table(
        sentence=_cheapest(moving, backtest.currency),
        headings=(
            Heading("gate"), Heading("condition"), Heading("limit"), Heading("went", "asks", 0),
            Heading("lost by going", "currency", 0), Heading("lost by holding", "currency", 0),
            Heading("cost", "currency", 0), Heading("mark"),
        ),
        rows=tuple(rows),
        notes=(
            *([f"no threshold changes what these cost: {'; '.join(idle)}"] if idle else []),
            "each row is that gate alone, one limit moved; policy.yaml is not changed",
            "tuned on the asks that it is judged on: a cheapest threshold is a hint, not a finding",
        ),
    )  # fmt: skip


def _cheapest(thresholds: Sequence[Threshold], currency: str) -> str:
    """Say which threshold cost least; one at which nothing goes is no threshold, but holding always."""
    best, going = cheapest(thresholds), cheapest([one for one in thresholds if one.score.went])
    if best is None:
        return "No threshold changes what anything costs."
    cost = short(round(best.score.regret), currency)
    if best.score.went:
        return f"The cheapest single threshold on this past is {_named_limit(best)}: it would have lost {cost}."
    said = f"No threshold cost less than holding always, {cost}"
    if going is None:
        return f"{said}."
    return f"{said}; of those that go, {_named_limit(going)} cost least, {short(round(going.score.regret), currency)}."


def _thresholds(found: Sequence[Threshold], best: Threshold | None) -> Iterator[Row]:
    """Yield a row for each threshold; neighbours that cost the same, none of them marked, share one."""
    alike: list[Threshold] = []
    for one in [*found, None]:
        marks = [] if one is None else [*(["in force"] if one.in_force else []), *(["cheapest"] if one is best else [])]
        if alike and (one is None or marks or one.score != alike[-1].score or one.limit is None):
            yield _threshold(alike, "")
            alike = []
        if one is not None and marks:
            yield _threshold([one], ", ".join(marks))
        elif one is not None:
            alike.append(one)


def _threshold(alike: Sequence[Threshold], mark: str) -> Row:
    first, last = alike[0], alike[-1]
    limits = _limit(first) if first is last else f"{_limit(first)} to {_limit(last)}"
    return (
        first.gate, first.metric, f"{first.sense} {limits}", first.score.went, round(first.score.wrong_go),
        round(first.score.wrong_hold), round(first.score.regret), mark,
    )  # fmt: skip


def _named_limit(one: Threshold) -> str:
    return f"{one.gate}, {one.metric} {one.sense} {_limit(one)}"


def _limit(one: Threshold) -> str:
    if one.limit is None:
        return "computed"
    return f"{100 * one.limit:.0f} %" if one.unit == "share" else f"{one.limit:,.4g} {one.unit}".rstrip()
