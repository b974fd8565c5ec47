"""What is said of an ask with mistakes: the exact text.

Each docstring is a file, a line of dashes, and what is said of it.
"""

from hardgate.core.terms import Ask
from hardgate.review.ask_files import parse
from tests.review.told import expected, said

__all__ = ["expected", "said"]


def read(text: str) -> tuple[Ask, ...]:
    return parse("asks/hall-4.yaml", text.encode(), "RMB")


def test_an_ask_without_action_is_a_mistake(said: str, expected: str) -> None:
    r"""
    region: cn-north
    by: wang.fang
    ---
    asks/hall-4.yaml:1:1: 'action' is missing
        region: cn-north
        ^
        add action:
    """
    assert said == expected


def test_an_ask_of_nobody_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    ---
    asks/hall-4.yaml:1:1: 'by' is missing
        action: BUILD
        ^
        add by:
    """
    assert said == expected


def test_an_ask_for_nowhere_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    by: wang.fang
    ---
    asks/hall-4.yaml:1:1: an ask says where it would act
        action: BUILD
        ^
        add one of: region, accelerator, pool, tranche, tenant, workload, account, customer, product, provider, city, feature
    """
    assert said == expected


def test_an_unknown_action_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BILD
    region: cn-north
    by: wang.fang
    ---
    asks/hall-4.yaml:1:9: no action is called 'BILD'
        action: BILD
                ^
        did you mean 'BUILD'?
    """
    assert said == expected


def test_a_slip_of_a_key_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    decide-by: 2026-12-01
    regoin: eu
    ammount: 3
    ---
    asks/hall-4.yaml:4:1: unknown key 'decide-by'
        decide-by: 2026-12-01
        ^
        did you mean 'decide_by'?

    asks/hall-4.yaml:5:1: unknown key 'regoin'
        regoin: eu
        ^
        did you mean 'region'?

    asks/hall-4.yaml:6:1: unknown key 'ammount'
        ammount: 3
        ^
        did you mean 'amount'?
    """
    assert said == expected


def test_an_amount_without_currency_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    amount: 1.2 bn
    ---
    asks/hall-4.yaml:4:9: money needs a currency
        amount: 1.2 bn
                ^
        add currency: RMB
    """
    assert said == expected


def test_a_negative_amount_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    amount: -3
    currency: RMB
    ---
    asks/hall-4.yaml:4:9: expected an amount of at least 0, found -3
        amount: -3
                ^
        write it like 12000000 or 12 m
    """
    assert said == expected


def test_an_amount_in_words_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    amount: a lot
    currency: RMB
    ---
    asks/hall-4.yaml:4:9: expected an amount of at least 0, found 'a lot'
        amount: a lot
                ^
        write it like 12000000 or 12 m
    """
    assert said == expected


def test_a_date_that_is_none_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    decide_by: soon
    ---
    asks/hall-4.yaml:4:12: expected a date, found 'soon'
        decide_by: soon
                   ^
        write it like 2026-12-01
    """
    assert said == expected


def test_a_term_with_several_values_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    halls: [3, 4]
    ---
    asks/hall-4.yaml:4:8: a term holds one value, found a list
        halls: [3, 4]
               ^
        write a text, a number or a date
    """
    assert said == expected


def test_gpus_that_are_no_number_are_mistakes(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    gpus: many
    ---
    asks/hall-4.yaml:4:7: expected a whole number of at least 1, found 'many'
        gpus: many
              ^
        write it like 4
    """
    assert said == expected


def test_a_key_without_value_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    amount:
    ---
    asks/hall-4.yaml:4:1: 'amount' has no value
        amount:
        ^
        write a value, or remove the line
    """
    assert said == expected


def test_a_key_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    by: li.wei
    ---
    asks/hall-4.yaml:4:1: the key 'by' stands here again; it is already in line 3
        by: li.wei
        ^
        keep one of the two
    """
    assert said == expected


def test_an_id_that_names_no_file_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: cn-north
    by: wang.fang
    id: ../policy
    ---
    asks/hall-4.yaml:4:5: an id has letters, digits, '.', '_' and '-', found '../policy'
        id: ../policy
            ^
        write it like hall-4
    """
    assert said == expected


def test_a_region_that_is_a_number_is_a_mistake(said: str, expected: str) -> None:
    r"""
    action: BUILD
    region: 1
    by: wang.fang
    ---
    asks/hall-4.yaml:2:9: expected a text, found 1
        region: 1
                ^
        write it in quotes: "1"
    """
    assert said == expected


def test_a_list_is_a_mistake(said: str, expected: str) -> None:
    r"""
    - action: BUILD
    ---
    asks/hall-4.yaml:1:1: expected a mapping of keys and values, found a list
        - action: BUILD
        ^
    """
    assert said == expected
