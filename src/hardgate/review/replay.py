"""The ordinary review on past dates, with only what was known then: what each gate would have said, and what came.

Every tranche whose decision date has passed is reviewed again on each date on which it asked, by today's gates and
limits; so is every ask for capacity of asks/*.yaml, from the day on which it was raised. A gate's choice is to go on
the first of these dates on which it passes, else to hold; what is UNKNOWN holds, and is counted apart. Each choice is
valued on what came since. Wrong when today's policy would not have been written without having seen the past: then
calibrate on one half of the asks and judge on the other.

Source: METHODS 14; DESIGN 1, law 5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hardgate.core.days import add_months, month_of, week_of, window_ending
from hardgate.core.terms import Ask, Evidence, Mode, Outcome, Rows, Scope, Verdict
from hardgate.metrics.allocated_utilization import metric as allocated_share
from hardgate.metrics.planned import Planned, meant, tranches
from hardgate.review.came import PLACE, Came, came
from hardgate.review.evidence import Archive, WorkspaceEvidence
from hardgate.review.gate_modes import Modes
from hardgate.review.hearing import judged
from hardgate.review.policy import Policy
from hardgate.review.raised import Raised, asked, not_replayed, wanted

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.regret import Loss

Progress = Callable[[str, int, int], None]
EVERY = ("1w", "1m")
WHOLE = "review"
"""The name under which all blocking gates together choose."""
RULE_OF_THUMB = 0.80
"""The share allocated at which the rule of thumb builds."""
ALWAYS, NEVER, THUMB, DONE = "always go", "always hold", "80 % allocated", "as it was done"


@dataclass(frozen=True, slots=True)
class Look:
    """One review of one ask on a past date: its verdicts by gate, and how much of the pool was allocated."""

    day: date
    ask: Ask
    asks: tuple[Ask, ...]
    """All asks of that date, this one among them."""
    verdicts: Mapping[str, Verdict]
    allocated: float | None

    def whole(self) -> Outcome:
        """Return the outcome of all gates that block: PASS where all of them do."""
        from hardgate.gates.fold import worst

        return worst(one.outcome for one in self.verdicts.values() if one.mode is Mode.BLOCK)

    def outcome(self, gate: str) -> Outcome | None:
        """Return what one gate said, or all that block; None where the gate does not guard the ask."""
        if gate == WHOLE:
            return self.whole()
        return self.verdicts[gate].outcome if gate in self.verdicts else None


@dataclass(frozen=True, slots=True)
class Past:
    """One past ask: its reviews by date, what came of it, and what going on each of the dates would have earned."""

    ask: Ask
    looks: tuple[Look, ...]
    came: Came
    worth: tuple[float, ...]
    done: bool
    """Whether the tranche was committed to in fact."""

    def choice(self, gate: str) -> int | None:
        """Return the first date, by position, on which a gate passes; None where it holds on all."""
        return next((i for i, look in enumerate(self.looks) if look.outcome(gate) is Outcome.PASS), None)

    def allocated_at(self, share: float) -> int | None:
        """Return the first date on which at least this share of the pool was allocated."""
        found = (i for i, look in enumerate(self.looks) if look.allocated is not None and look.allocated >= share)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Score:
    """What one rule chose over the past asks that can be valued, and what that lost against hindsight."""

    rule: str
    went: int
    held: int
    unknown: int
    wrong_go: float
    wrong_hold: float
    wrong_goes: int
    wrong_holds: int
    value: float
    best: float
    share: tuple[float, float, float] | None
    """Regret over the best value: low, share, high of the bootstrap over asks; None where nothing would have paid."""

    @property
    def regret(self) -> float:
        """The best value of all asks less that of what was chosen."""
        return self.wrong_go + self.wrong_hold


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast of a pool's demand made on a past date for a month since over, and what came."""

    scope: Scope
    made: date
    due: date
    value: float
    low: float
    high: float
    came: float
    score: float

    @property
    def inside(self) -> bool:
        """Tell whether the interval held what came."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True, slots=True)
class Backtest:
    """The past asks, how each rule did on them, and the forecasts that have come due."""

    as_of: date
    start: date
    end: date
    every: str
    currency: str
    confidence: float
    pasts: tuple[Past, ...]
    scores: tuple[Score, ...]
    forecasts: tuple[Forecast, ...]
    undecided: int
    raised: tuple[Raised, ...] = ()
    """The asks of people, each with the day on which it was raised."""
    not_replayed: tuple[str, ...] = ()
    """Which of them could not be replayed, and why."""


def replay(  # noqa: PLR0913  what, when, by which rules
    archive: Archive,
    policy: Policy,
    modes: Modes,
    *,
    as_of: date,
    start: date | None = None,
    end: date | None = None,
    every: str = "1m",
    raised: Sequence[Raised] = (),
    progress: Progress | None = None,
) -> Backtest:
    """Review every past ask again between two dates (of its decision), and value what each rule would have chosen."""
    now = archive.at(as_of)
    final = {one.tranche: one for one in tranches(now, Scope())}
    final |= wanted(now, asked(now, policy.gates(), policy.horizon, raised))
    last = as_of if end is None else min(end, as_of)
    decided = {name: one for name, one in final.items() if (start or date.min) <= one.commit_date <= last}
    looked = _looks(archive, policy, modes, decided, raised, every, last, progress or silent)
    pasts = tuple(_past(archive, now, final[name], looks) for name, looks in sorted(looked.items()))
    begun = min((one.looks[0].day for one in pasts), default=last)
    return Backtest(
        as_of=as_of,
        start=begun,
        end=last,
        every=every,
        currency=archive.currency,
        confidence=policy.confidence,
        pasts=tuple(sorted(pasts, key=lambda one: (one.ask.decide_by or last, one.ask.id))),
        scores=scores(pasts, policy.confidence),
        forecasts=tuple(_forecasts(archive, now, pasts)),
        undecided=sum(one.commit_date > last for one in final.values()),
        raised=tuple(raised),
        not_replayed=tuple(not_replayed(raised, last)),
    )


def dates(first: date, last: date, every: str) -> list[date]:
    """Return the review dates from the first to the last: every Monday, or the first day of every month, and the last.

    >>> [str(one) for one in dates(date(2026, 1, 20), date(2026, 3, 5), "1m")]
    ['2026-02-01', '2026-03-01', '2026-03-05']
    """
    found, day = [], week_of(first) if every == "1w" else month_of(first)
    while day < last:
        if day >= first:
            found.append(day)
        day = day + timedelta(weeks=1) if every == "1w" else add_months(day, 1)
    return [*found, last]


def _looks(  # noqa: PLR0913  as `replay`
    archive: Archive,
    policy: Policy,
    modes: Modes,
    decided: Mapping[str, Planned],
    raised: Sequence[Raised],
    every: str,
    last: date,
    progress: Progress,
) -> dict[str, list[Look]]:
    """Hold the review of every date on which a past ask asked, and keep what was said of those asks."""
    first = min([_first_known(archive.versions("tranche"), last), *(one.on for one in raised if one.on is not None)])
    days = set(dates(first, last, every)) | {one.commit_date for one in decided.values()}
    looked: dict[str, list[Look]] = {}
    for at, day in enumerate(sorted(days)):
        progress(str(day), at, len(days))
        plain = archive.at(day)
        asks = asked(plain, policy.gates(), policy.horizon, raised)
        mine = [one for one in asks if one.id in decided and day <= (one.decide_by or day)]
        if not mine:
            continue
        verdicts = judged(archive, day, asks, policy, modes, silent, mine)
        for ask in mine:
            by_gate = {one.gate: one for one in verdicts[ask.id]}
            look = Look(day, ask, asks, by_gate, _allocated(plain.of(asks), ask.scope))
            looked.setdefault(ask.id, []).append(look)
    return looked


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


def _first_known(plan: Rows, last: date) -> date:
    return min((one.item() for one in plan.columns.get("known", ())), default=last)


def _allocated(evidence: Evidence, scope: Scope) -> float | None:
    window = window_ending("4w", evidence.last_complete("pool_day") + timedelta(days=1))
    return evidence.reading(allocated_share, scope.narrowed(PLACE), window).value


def _past(archive: Archive, now: WorkspaceEvidence, final: Planned, looks: Sequence[Look]) -> Past:
    newest = looks[-1]
    then = archive.at(newest.day).of([newest.ask])
    planned = meant(then, newest.ask.scope) or final
    found = came(now, then, planned, final, newest.ask.scope, looks[0].day)
    worth = found.worth([one.day for one in looks])
    return Past(newest.ask, tuple(looks), found, worth, done=final.released_share > 0)


def scores(pasts: Sequence[Past], confidence: float) -> tuple[Score, ...]:
    """Return how every gate, all of them together and the simple rules did on the asks that can be valued."""
    valued = [one for one in pasts if one.worth]
    names = sorted({gate for one in valued for look in one.looks for gate in look.verdicts})
    rules: dict[str, Callable[[Past], int | None]] = {
        WHOLE: lambda past: past.choice(WHOLE),
        ALWAYS: lambda _past: 0,
        NEVER: lambda _past: None,
        THUMB: lambda past: past.allocated_at(RULE_OF_THUMB),
        DONE: lambda past: len(past.looks) - 1 if past.done else None,
    }
    found = [score(WHOLE, valued, rules.pop(WHOLE), confidence)]
    for name in names:
        guarded = [one for one in valued if one.looks[-1].outcome(name) is not None]
        found.append(score(name, guarded, lambda past, name=name: past.choice(name), confidence))  # type: ignore[misc]
    return (*found, *(score(name, valued, rule, confidence) for name, rule in rules.items()))


def score(rule: str, pasts: Sequence[Past], choose: Callable[[Past], int | None], confidence: float) -> Score:
    """Return how one rule did: `choose` gives the date, by position, on which it goes."""
    from hardgate.models.regret import lost, share_lost

    chosen = [(one, choose(one)) for one in pasts]
    losses: list[Loss] = [lost(one.worth, at) for one, at in chosen]
    went = sum(at is not None for _, at in chosen)
    return Score(
        rule=rule,
        went=went,
        held=len(chosen) - went,
        unknown=sum(at is None and one.looks[-1].outcome(rule) is Outcome.UNKNOWN for one, at in chosen),
        wrong_go=sum(one.wrong_go for one in losses),
        wrong_hold=sum(one.wrong_hold for one in losses),
        wrong_goes=sum(one.wrong_go > 0 for one in losses),
        wrong_holds=sum(one.wrong_hold > 0 for one in losses),
        value=sum(one.value for one in losses),
        best=sum(one.best for one in losses),
        share=share_lost(losses, confidence),
    )


def _forecasts(archive: Archive, now: WorkspaceEvidence, pasts: Sequence[Past]) -> Iterator[Forecast]:
    """Yield what demand was forecast to be when each tranche would have gone live, where that month is over."""
    from hardgate.metrics import demand
    from hardgate.metrics.demand_ahead import forecast

    seen: set[tuple[Scope, date, date]] = set()
    for past in pasts:
        place = past.ask.scope.narrowed(PLACE)
        known = dict(demand.months(now, place, now.last_complete("pool_day") + timedelta(days=1)))
        for look in past.looks:
            then = archive.at(look.day)
            due = add_months(look.day, past.came.order.lead_months if past.came.order else 0)
            if (place, look.day, due) in seen or due not in known or due <= month_of(look.day):
                continue
            seen.add((place, look.day, due))
            said = forecast(then, place, due)
            if said is not None:
                low, high = said.interval(then.confidence)
                yield Forecast(place, look.day, due, said.median, low, high, known[due], said.score(known[due]))
