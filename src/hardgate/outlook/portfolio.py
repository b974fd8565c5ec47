"""Which open tranches to take when the budget is smaller than what they ask for, and what the others lack.

Each tranche is worth what it earns on the draws that outlook.shift uses, at the hurdle rate: on average what its gate
values it at, and capacity.waiting. What it adds within its programme, where all vintages serve one demand at eroding
prices after tax, answers another question: where the signs differ a note gives both. The best set is an integer
programme under the budget, the power and the risk that policy states. Tranches of one pool stand on those before them.
Wrong when a tranche is only worth taking together with another: ask for them as one.

Source: METHODS, glossary "CVaR"; Rockafellar & Uryasev 2000.

>>> exhibit.question
'Which tranches, when the budget does not reach for all?'
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import short
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.columns import cells
from hardgate.metrics.planned import Planned, open_tranches
from hardgate.metrics.programme_flips import within
from hardgate.metrics.shift_options import Going, going

WINDOW = "4w"
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Candidate:
    """One tranche that can be valued: its money, its power in kW (None unknown), and its terms for the model."""

    planned: Planned
    amount: float
    power: float | None
    terms: Mapping[str, Any]
    batches: tuple[str, ...]


def build(evidence: Evidence) -> Table:
    """Build the best set."""
    budget = evidence.assumption("capex_budget")
    plan = open_tranches(evidence)
    if not plan or budget is None:
        lack = "no open tranche: bring capacity_plan" if not plan else "no budget: bring capex_budget under assumptions"
        return Table("", missing=lack)
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    found = [(one, scope, going(evidence, scope, window)) for one, scope in plan]
    able = [_candidate(evidence, scope, one, each) for one, scope, each in found if not each.missing]
    left_out = [
        f"{one.tranche} cannot be valued, and is left: {each.missing}" for one, _, each in found if each.missing
    ]
    if not able:
        return Table("", missing=f"no tranche can be valued: {'; '.join(left_out)}; bring what is missing")
    limits, terms, amounts = _limits(evidence, able), [one.terms for one in able], [one.amount for one in able]
    answer = evidence.kept("portfolio", [terms, amounts, limits], lambda: _chosen(terms, amounts, limits))
    return _table(evidence, able, answer, limits, left_out)


def _candidate(evidence: Evidence, scope: Scope, planned: Planned, now: Going) -> Candidate:
    batches = tuple(batch for one in now.inputs for batch in one.batches)
    return Candidate(planned, now.amount, _power(evidence, scope, planned), now.terms, batches)


def _power(evidence: Evidence, scope: Scope, planned: Planned) -> float | None:
    """Return the power of a tranche with the site's own use, by what a GPU of its kind draws in the inventory."""
    rows = evidence.rows("inventory", scope.narrowed(("accelerator",)))
    pue = evidence.assumption("pue", scope)
    known = [
        (float(kw), float(n)) for kw, n in zip(cells(rows, "kilowatts"), cells(rows, "gpus"), strict=True) if kw and n
    ]
    if pue is None or not known:
        return None
    return planned.gpus * pue.value * sum(kw for kw, _ in known) / sum(n for _, n in known)


def _limits(evidence: Evidence, able: Sequence[Candidate]) -> dict[str, Any]:
    """Return what bounds the set; a bound that policy does not state is no bound."""
    stated = {name: evidence.assumption(name) for name in ("capex_budget", "power_budget", "risk_budget", "risk_level")}
    found: dict[str, Any] = {name: None if one is None else one.value for name, one in stated.items()}
    found["risk_level"] = found["risk_level"] or LEVEL
    bounded = found["power_budget"] is not None and all(one.power is not None for one in able)
    found["power"] = [one.power for one in able] if bounded else None
    return found


def _chosen(terms: Sequence[Mapping[str, Any]], amounts: Sequence[float], limits: Mapping[str, Any]) -> dict[str, Any]:
    """Return the best set, and what each tranche is worth by itself."""
    import numpy as np

    from hardgate.metrics.shift_options import on_draws
    from hardgate.models.portfolio import best_set
    from hardgate.models.shift import tail_mean

    worth = np.array(on_draws(terms))
    bounds = {
        "power": limits["power"],
        "power_budget": inf if limits["power"] is None else limits["power_budget"],
        "risk_budget": inf if limits["risk_budget"] is None else limits["risk_budget"],
        "level": limits["risk_level"],
    }
    best = best_set(worth, amounts, budget=limits["capex_budget"], **bounds)
    every = best_set(worth, amounts, budget=sum(amounts) + 1.0, **bounds)
    return {
        "taken": list(best.taken), "value": best.value, "tail": best.tail, "shadow_price": best.shadow_price,
        "without_budget": every.value, "means": worth.mean(axis=1).tolist(),
        "tails": [tail_mean(one, limits["risk_level"]) for one in worth],
    }  # fmt: skip


def _table(
    evidence: Evidence,
    able: Sequence[Candidate],
    answer: Mapping[str, Any],
    limits: Mapping[str, Any],
    left_out: list[str],
) -> Table:
    asked = sum(one.amount for one in able)
    spent = sum(one.amount for one, taken in zip(able, answer["taken"], strict=True) if taken)
    budget = limits["capex_budget"]
    rows = [
        (
            one.planned.tranche, round(one.amount), None if one.power is None else round(one.power, 1), round(mean),
            round(-tail), round(mean / one.amount, 4), "take" if taken else "leave",
            "" if taken else _why(one, mean, budget - spent, limits, able, answer),
        )
        for one, mean, tail, taken in zip(able, answer["means"], answer["tails"], answer["taken"], strict=True)
    ]  # fmt: skip
    return Table(
        sentence=_sentence(evidence, asked, budget, answer),
        headings=(
            Heading("tranche"), Heading("amount", "currency", 0), Heading("power", "kW"),
            Heading("worth", "currency", 0),
            Heading(f"worst {100 * (1 - limits['risk_level']):.0f} %", "currency", 0),
            Heading("worth of the amount", "share"), Heading("choice"), Heading("why not"),
        ),
        rows=tuple(rows),
        closing=f"taken {spent:,.0f} + left {asked - spent:,.0f} = asked {asked:,.0f} {evidence.currency}",
        closes=abs(sum(row[1] for row in rows) - asked) < len(rows),
        notes=(*_notes(evidence, answer, limits, able), *_otherwise(evidence, able, answer["means"]), *left_out),
        batches=tuple(sorted({batch for one in able for batch in one.batches} | set(evidence.batches("tranche")))),
    )  # fmt: skip


def _why(  # noqa: PLR0913  what a set is bounded by
    one: Candidate,
    mean: float,
    left: float,
    limits: Mapping[str, Any],
    able: Sequence[Candidate],
    answer: Mapping[str, Any],
) -> Cell:
    """Say why a tranche is left: by itself, or for what it would push out."""
    if mean <= 0:
        return "costs more than it brings at the hurdle rate" if mean < 0 else "is worth nothing at the hurdle rate"
    if one.amount > left:
        return f"{one.amount - left:,.0f} more than the budget has left; what is taken is worth more"
    if limits["power"] is not None and one.power is not None:
        used = sum(each.power or 0.0 for each, taken in zip(able, answer["taken"], strict=True) if taken)
        if used + one.power > limits["power_budget"]:
            return f"{used + one.power - limits['power_budget']:,.0f} kW more than there is"
    return "its worst draws would break the risk budget"


def _sentence(evidence: Evidence, asked: float, budget: float, answer: Mapping[str, Any]) -> str:
    count, all_ = sum(answer["taken"]), len(answer["taken"])
    worth = short(round(answer["value"]), evidence.currency)
    if budget >= asked:
        return f"The budget reaches for all {all_} tranches; {count} of them are worth taking, for {worth}."
    given, wanted = (short(round(one), evidence.currency) for one in (budget, asked))
    return f"{given} do not reach for {wanted}: the best set takes {count} of {all_} tranches and is worth {worth}."


def _notes(
    evidence: Evidence, answer: Mapping[str, Any], limits: Mapping[str, Any], able: Sequence[Candidate]
) -> Iterator[str]:
    price = answer["shadow_price"]
    yield f"one more {evidence.currency} of budget would be worth {price:.2f}, if a part of a tranche could be taken"
    lost = short(round(answer["without_budget"] - answer["value"]), evidence.currency)
    yield f"the budget costs {lost} of value against one that reaches for all"
    for name in ("power_budget", "risk_budget"):
        if limits[name] is None:
            yield f"no {name} is stated: it bounds nothing"
    if limits["power_budget"] is not None and limits["power"] is None:
        lacking = ", ".join(one.planned.tranche for one in able if one.power is None)
        yield f"power is not bounded: kilowatts or pue of {lacking} are not known"


def _otherwise(evidence: Evidence, able: Sequence[Candidate], means: Sequence[float]) -> Iterator[str]:
    """Say where the programme of a tranche has another sign for it."""
    inside = within(evidence)
    for one, mean in zip(able, means, strict=True):
        programme, gain = inside.get(one.planned.tranche, ("", mean))
        if (mean >= 0) is not (gain >= 0):
            here, there = (short(round(amount), evidence.currency) for amount in (mean, gain))
            yield (
                f"{one.planned.tranche}: {here} here and to its gate, on the demand of its own pool at the margin of "
                f"today, before tax; {there} within {programme}, on one demand for all vintages, eroding and after tax"
            )


exhibit = Exhibit(
    name="outlook.portfolio",
    question="Which tranches, when the budget does not reach for all?",
    build=build,
    chart=Chart("bars", "tranche", ("worth",)),
)
