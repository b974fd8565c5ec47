"""What is said of sign-off, waivers and signers that cannot be: the exact text.

Each docstring is a file, a line of dashes, and what is said of it.
"""

from tests.review.told import expected, said

__all__ = ["expected", "said"]


def test_a_matrix_without_top_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, up_to: 10 m, roles: [finance]}
    ---
    policy.yaml:2:5: nobody may sign BUILD above 10,000,000
          - {action: BUILD, up_to: 10 m, roles: [finance]}
            ^
        add a row for BUILD without up_to
    """
    assert said == expected


def test_a_matrix_with_two_tops_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, roles: [finance]}
      - {action: BUILD, roles: [cfo]}
    ---
    policy.yaml:3:5: BUILD already has a row without up_to
          - {action: BUILD, roles: [cfo]}
            ^
        give one of them up_to
    """
    assert said == expected


def test_a_matrix_with_an_amount_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, up_to: 10 m, roles: [finance]}
      - {action: BUILD, up_to: 10000000, roles: [cfo]}
      - {action: BUILD, roles: [cfo]}
    ---
    policy.yaml:3:28: BUILD up to 10,000,000 is already said in line 2
          - {action: BUILD, up_to: 10000000, roles: [cfo]}
                                   ^
        keep one of the two
    """
    assert said == expected


def test_a_matrix_row_without_roles_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, roles: []}
    ---
    policy.yaml:2:28: a row of sign_off names at least one role
          - {action: BUILD, roles: []}
                                   ^
        add who must sign
    """
    assert said == expected


def test_a_matrix_of_an_unknown_action_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BY, roles: [cfo]}
    ---
    policy.yaml:2:14: no action is called 'BY'
          - {action: BY, roles: [cfo]}
                     ^
        expected one of: BUILD, CHASE, GRANT, KEEP, RELEASE, SELL, SHIFT, SUBSIDIZE
    """
    assert said == expected


def test_a_matrix_with_a_single_role_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, roles: cfo}
    ---
    policy.yaml:2:28: expected a list, found 'cfo'
          - {action: BUILD, roles: cfo}
                                   ^
        write it like [cfo]
    """
    assert said == expected


def test_matrices_that_overlap_are_mistakes(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, region: cn-north, roles: [cfo]}
      - {action: BUILD, accelerator: H20, roles: [cfo]}
    ---
    policy.yaml:3:5: cn-north and H20 both have rows for BUILD, and an ask can lie in both
          - {action: BUILD, accelerator: H20, roles: [cfo]}
            ^
        name one inside the other
    """
    assert said == expected


def test_an_amount_that_is_none_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, up_to: ten, roles: [cfo]}
      - {action: BUILD, roles: [cfo]}
    ---
    policy.yaml:2:28: expected an amount of at least 0, found 'ten'
          - {action: BUILD, up_to: ten, roles: [cfo]}
                                   ^
        write it like 12000000 or 12 m
    """
    assert said == expected


def test_a_role_that_is_not_declared_is_a_mistake(said: str, expected: str) -> None:
    r"""
    roles: [finance, cfo]
    sign_off:
      - {action: BUILD, roles: [finanze]}
    ---
    policy.yaml:3:29: no role is called 'finanze'
          - {action: BUILD, roles: [finanze]}
                                    ^
        did you mean 'finance'?
    """
    assert said == expected


def test_a_signer_of_an_unknown_role_is_a_mistake(said: str, expected: str) -> None:
    r"""
    sign_off:
      - {action: BUILD, roles: [cfo]}
    signers:
      - {name: li.wei, roles: [cof], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
    ---
    policy.yaml:4:28: no role is called 'cof'
          - {name: li.wei, roles: [cof], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
                                   ^
        did you mean 'cfo'?
    """
    assert said == expected


def test_a_signer_without_role_is_a_mistake(said: str, expected: str) -> None:
    r"""
    signers:
      - {name: li.wei, roles: [], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
    ---
    policy.yaml:2:27: li.wei has no role
          - {name: li.wei, roles: [], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
                                  ^
        name at least one role
    """
    assert said == expected


def test_a_signer_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    roles: [cfo]
    signers:
      - {name: li.wei, roles: [cfo], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
      - {name: li.wei, roles: [cfo], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
    ---
    policy.yaml:4:12: name of signer 1 again; each signer has a name and a key of their own
          - {name: li.wei, roles: [cfo], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
                   ^
        keep one of the two

    policy.yaml:4:39: key of signer 1 again; each signer has a name and a key of their own
          - {name: li.wei, roles: [cfo], key: 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}
                                              ^
        keep one of the two
    """
    assert said == expected


def test_a_key_that_is_none_is_a_mistake(said: str, expected: str) -> None:
    r"""
    roles: [cfo]
    signers:
      - {name: li.wei, roles: [cfo], key: 'ed25519:abc'}
    ---
    policy.yaml:3:39: this is not an Ed25519 public key
          - {name: li.wei, roles: [cfo], key: 'ed25519:abc'}
                                              ^
        paste what hardgate keys new printed: ed25519:...
    """
    assert said == expected


def test_a_waiver_for_an_unknown_gate_is_a_mistake(said: str, expected: str) -> None:
    r"""
    waivers: {roles: [cfo], not_for: [capacity.cover]}
    ---
    policy.yaml:1:35: no gate is called 'capacity.cover'
        waivers: {roles: [cfo], not_for: [capacity.cover]}
                                          ^
        did you mean 'capacity.covered'?
    """
    assert said == expected


def test_a_waiver_of_nobody_is_a_mistake(said: str, expected: str) -> None:
    r"""
    waivers: {roles: []}
    ---
    policy.yaml:1:18: somebody must sign a waiver
        waivers: {roles: []}
                         ^
        name at least one role
    """
    assert said == expected


def test_a_waiver_that_contradicts_itself_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {unknown: never}
    waivers: {roles: [cfo], not_for: [capacity.fill], unknown: [capacity.fill]}
    ---
    policy.yaml:3:61: capacity.fill says unknown: never in line 2
        waivers: {roles: [cfo], not_for: [capacity.fill], unknown: [capacity.fill]}
                                                                    ^
        keep one of the two

    policy.yaml:3:61: capacity.fill stands under not_for too
        waivers: {roles: [cfo], not_for: [capacity.fill], unknown: [capacity.fill]}
                                                                    ^
        keep one of the two
    """
    assert said == expected


def test_a_waiver_for_no_days_is_a_mistake(said: str, expected: str) -> None:
    r"""
    waivers: {roles: [cfo], max_days: 0}
    ---
    policy.yaml:1:35: expected a whole number of at least 1, found 0
        waivers: {roles: [cfo], max_days: 0}
                                          ^
        write it like 4
    """
    assert said == expected
