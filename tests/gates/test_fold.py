from itertools import product

import pytest

from hardgate.core.terms import Outcome
from hardgate.gates.fold import ORDER, Evaluation, Standing, Terms, fold, settled, start, worst

P, H, U, F = Outcome.PASS, Outcome.HOLD, Outcome.UNKNOWN, Outcome.FAIL
STEPS = [
    Evaluation((P,), (P,)),
    Evaluation((H,), (P,)),  # inside the band: would not enter, may stay
    Evaluation((H,), (H,)),
    Evaluation((U,), (U,)),
    Evaluation((F,), (F,)),
]


def slowly(history: tuple[Evaluation, ...], held_for: int, cool_down: int) -> Outcome:
    """The rule written down from its words, looking at the whole history at every evaluation; one condition."""
    inside: list[bool] = []  # was the condition passing after each evaluation?
    gate: list[Outcome] = []  # what did the gate say after each?
    for now in range(len(history)):
        run = 0
        for then in range(now, -1, -1):
            entered = history[then].entering[0] is P
            stayed = history[then].staying[0] is P and then > 0 and inside[then - 1]
            if not (entered or stayed):
                break
            run += 1
        inside.append(run >= held_for)
        said = P if inside[now] else (H if run else history[now].entering[0])
        left = [t for t in range(1, now + 1) if gate[t - 1] is P and (t == now or gate[t] is not P)]
        left = [t for t in left if t < now]
        if said is P and left and now - left[-1] < cool_down:
            said = H
        gate.append(said)
    return gate[-1] if gate else H


@pytest.mark.parametrize(("held_for", "cool_down"), [(1, 0), (2, 0), (3, 0), (1, 2), (2, 3)])
def test_every_history_of_up_to_six_evaluations_ends_as_the_words_say(held_for: int, cool_down: int) -> None:
    terms = Terms((held_for,), cool_down)
    differ = [
        history
        for length in range(7)
        for history in product(STEPS, repeat=length)
        if fold(history, terms).outcome is not slowly(history, held_for, cool_down)
    ]
    assert differ == []


@pytest.mark.parametrize(("held_for", "cool_down"), [(1, 0), (3, 0), (2, 2)])
def test_the_past_is_left_alone_only_where_it_cannot_matter(held_for: int, cool_down: int) -> None:
    terms = Terms((held_for,), cool_down)
    for length in range(1, 5):
        for history in product(STEPS, repeat=length):
            for start_at in range(length):
                short = settled(history[start_at:], terms)
                assert short is None or short == fold(history, terms)


def test_how_much_of_the_past_matters() -> None:
    one = Evaluation.of(P)
    assert settled([one] * 3, Terms((4,))) is None
    assert settled([one] * 4, Terms((4,))) == Standing(P, (P,), (4,))
    assert settled([one], Terms((1,))) == Standing(P, (P,), (1,))
    assert settled([Evaluation.of(F)], Terms((4,))) == Standing(F, (F,), (0,))
    assert settled([Evaluation((H,), (P,))] * 20, Terms((1,))) is None


def test_a_gate_starts_as_hold() -> None:
    assert start(Terms((4, 1))) == Standing(H, (H, H), (0, 0))
    assert fold([], Terms((1,))).outcome is H


def test_a_condition_holds_until_it_has_held_long_enough() -> None:
    said = [str(fold([Evaluation.of(P)] * n, Terms((4,))).outcome) for n in range(1, 6)]
    assert said == ["hold", "hold", "hold", "pass", "pass"]


def test_the_band_lets_a_pass_stay_and_no_hold_enter() -> None:
    inside = Evaluation((H,), (P,))
    assert fold([Evaluation.of(P), inside, inside], Terms((1,))).outcome is P
    assert fold([inside, inside, inside], Terms((1,))).outcome is H
    assert fold([Evaluation.of(P), inside, Evaluation.of(H), inside], Terms((1,))).outcome is H


def test_leaving_is_at_once_and_returning_waits_for_the_cool_down() -> None:
    history = [Evaluation.of(one) for one in (P, F, P, P, P, P, P)]
    said = [str(fold(history[:n], Terms((1,), cool_down=4)).outcome) for n in range(1, 8)]
    assert said == ["pass", "fail", "hold", "hold", "hold", "pass", "pass"]


def test_a_cool_down_hides_neither_a_failure_nor_a_gap() -> None:
    terms = Terms((1,), cool_down=4)
    assert fold([Evaluation.of(one) for one in (P, F, U)], terms).outcome is U
    assert fold([Evaluation.of(one) for one in (P, U, F)], terms).outcome is F


def test_the_worst_condition_decides_and_a_known_miss_needs_no_more_evidence() -> None:
    assert ORDER == (P, H, U, F)
    assert [worst(pair) for pair in [(P, H), (H, U), (U, F), (P, P)]] == [H, U, F, P]
    assert worst([]) is U
    assert fold([Evaluation.of(P, F)], Terms((1, 1))).outcome is F


def test_each_condition_keeps_its_own_run() -> None:
    standing = fold([Evaluation.of(P, P), Evaluation.of(P, H), Evaluation.of(P, P)], Terms((3, 1)))
    assert standing == Standing(P, (P, P), (3, 1))
