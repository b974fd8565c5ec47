"""What is said of a policy.yaml that is not written as it must be: the exact text.

Each docstring is a file, a line of dashes, and what is said of it.
"""

from tests.review.told import expected, said

__all__ = ["expected", "said"]


def test_a_key_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    confidence: 90%
    horizon: 26w
    confidence: 95%
    ---
    policy.yaml:3:1: the key 'confidence' stands here again; it is already in line 1
        confidence: 95%
        ^
        keep one of the two
    """
    assert said == expected


def test_a_key_without_value_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        mode:
        full: 80%
    ---
    policy.yaml:3:5: 'mode' has no value
            mode:
            ^
        write a value, or remove the line
    """
    assert said == expected


def test_a_section_of_a_wrong_shape_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates: [capacity.fill]
    signers: li.wei
    waivers: cfo
    ---
    policy.yaml:1:8: expected a mapping of keys and values, found a list
        gates: [capacity.fill]
               ^

    policy.yaml:2:10: expected a list, found 'li.wei'
        signers: li.wei
                 ^
        write it like [li.wei]

    policy.yaml:3:10: expected a mapping of keys and values, found 'cfo'
        waivers: cfo
                 ^
    """
    assert said == expected


def test_a_confidence_of_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    confidence: 100%
    ---
    policy.yaml:1:13: expected a share above 0 and below 1, found '100%'
        confidence: 100%
                    ^
        write it like 90%
    """
    assert said == expected


def test_a_horizon_in_months_is_a_mistake(said: str, expected: str) -> None:
    r"""
    horizon: 6 months
    ---
    policy.yaml:1:10: duration '6 months' has no fixed number of days: use days or weeks
        horizon: 6 months
                 ^
        write it like 35 days or 5w
    """
    assert said == expected


def test_text_that_is_not_yaml_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {mode: block
    ---
    policy.yaml:2:30: not YAML: while parsing a flow mapping expected ',' or '}', but got '<stream end>'
          capacity.fill: {mode: block
                                     ^
        quote texts that hold ': ' or begin with one of % @ ` * & ! | >
    """
    assert said == expected


def test_a_percent_sign_first_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {full: %75}
    ---
    policy.yaml:2:25: not YAML: while scanning for the next token found character '%' that cannot start any token
          capacity.fill: {full: %75}
                                ^
        quote texts that hold ': ' or begin with one of % @ ` * & ! | >
    """
    assert said == expected


def test_a_list_instead_of_sections_is_a_mistake(said: str, expected: str) -> None:
    r"""
    - gates
    ---
    policy.yaml:1:1: expected a mapping of keys and values, found a list
        - gates
        ^
    """
    assert said == expected


def test_a_tag_is_a_mistake(said: str, expected: str) -> None:
    r"""
    confidence: !!binary aGk=
    ---
    policy.yaml:1:13: the tag tag:yaml.org,2002:binary is not understood
        confidence: !!binary aGk=
                    ^
        remove it
    """
    assert said == expected


def test_an_owner_that_is_a_number_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {owner: 7}
    ---
    policy.yaml:2:26: expected a text, found 7
          capacity.fill: {owner: 7}
                                 ^
        write it in quotes: "7"
    """
    assert said == expected


def test_a_name_that_is_no_name_is_a_mistake(said: str, expected: str) -> None:
    r"""
    ? [a, b]
    : 1
    ---
    policy.yaml:1:3: a key must be a name
        ? [a, b]
          ^
        quote it, or remove the brackets
    """
    assert said == expected


def test_an_alias_of_itself_is_a_mistake(said: str, expected: str) -> None:
    r"""
    roles: &all [*all]
    ---
    policy.yaml:1:8: an alias that holds itself
        roles: &all [*all]
               ^
        write the value out
    """
    assert said == expected
