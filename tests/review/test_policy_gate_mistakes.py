"""What is said of gates, scopes, assumptions and own gates that cannot be: the exact text.

Each docstring is a file, a line of dashes, and what is said of it.
"""

from tests.review.told import expected, said

__all__ = ["expected", "said"]


def test_an_unknown_section_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gatess: {}
    ---
    policy.yaml:1:1: unknown key 'gatess'
        gatess: {}
        ^
        did you mean 'gates'?
    """
    assert said == expected


def test_an_unknown_gate_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fil: {mode: block}
    ---
    policy.yaml:2:3: no gate is called 'capacity.fil'
          capacity.fil: {mode: block}
          ^
        did you mean 'capacity.fill'?
    """
    assert said == expected


def test_an_unknown_limit_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {ful: 70%}
    ---
    policy.yaml:2:19: unknown key 'ful'
          capacity.fill: {ful: 70%}
                          ^
        did you mean 'full'?
    """
    assert said == expected


def test_an_unknown_rule_in_a_scope_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {region: cn-north, hold_for: 4}
    ---
    policy.yaml:4:28: unknown key 'hold_for'
              - {region: cn-north, hold_for: 4}
                                   ^
        did you mean 'held_for'?
    """
    assert said == expected


def test_a_share_over_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        full: 75
    ---
    policy.yaml:3:11: a share lies between 0 and 1, found 75
            full: 75
                  ^
        did you mean 75%?
    """
    assert said == expected


def test_a_share_of_a_wrong_type_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        full: high
    ---
    policy.yaml:3:11: expected a share, found 'high'
            full: high
                  ^
        write it like 72% or 0.72
    """
    assert said == expected


def test_a_negative_share_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {full: -5%}
    ---
    policy.yaml:2:25: a share lies between 0 and 1, found '-5%'
          capacity.fill: {full: -5%}
                                ^
        write it like 72% or 0.72
    """
    assert said == expected


def test_a_number_of_a_wrong_type_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.covered: {cover: [1.1]}
    ---
    policy.yaml:2:29: expected a number, found a list
          capacity.covered: {cover: [1.1]}
                                    ^
        write it like 1.10 or 72%
    """
    assert said == expected


def test_a_count_with_a_fraction_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.covered: {top: 2.5}
    ---
    policy.yaml:2:27: expected a whole number of at least 0, found 2.5
          capacity.covered: {top: 2.5}
                                  ^
        write it like 4
    """
    assert said == expected


def test_a_flag_in_words_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.covered: {strict: yes}
    ---
    policy.yaml:2:30: expected true or false, found 'yes'
          capacity.covered: {strict: yes}
                                     ^
        write true or false
    """
    assert said == expected


def test_a_choice_that_does_not_exist_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {rung: busy}
      capacity.covered: {basis: Hair-cut}
    ---
    policy.yaml:2:25: no rung is called 'busy'
          capacity.fill: {rung: busy}
                                ^
        expected one of: full, sold

    policy.yaml:3:29: no basis is called 'Hair-cut'
          capacity.covered: {basis: Hair-cut}
                                    ^
        did you mean 'haircut'?
    """
    assert said == expected


def test_an_unknown_mode_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {mode: blocking}
    ---
    policy.yaml:2:25: no mode is called 'blocking'
          capacity.fill: {mode: blocking}
                                ^
        did you mean 'block'?
    """
    assert said == expected


def test_an_unknown_rule_value_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {on_fail: reject, unknown: waiveable}
    ---
    policy.yaml:2:28: no outcome is called 'reject'
          capacity.fill: {on_fail: reject, unknown: waiveable}
                                   ^
        expected one of: hold, refuse

    policy.yaml:2:45: no rule is called 'waiveable'
          capacity.fill: {on_fail: reject, unknown: waiveable}
                                                    ^
        did you mean 'waivable'?
    """
    assert said == expected


def test_held_for_nothing_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {held_for: 0}
    ---
    policy.yaml:2:29: expected a whole number of at least 1, found 0
          capacity.fill: {held_for: 0}
                                    ^
        write it like 4
    """
    assert said == expected


def test_a_cool_down_of_days_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {cool_down: 10 days}
    ---
    policy.yaml:2:30: gates are judged weekly and '10 days' is no whole number of weeks
          capacity.fill: {cool_down: 10 days}
                                     ^
        write it like 4w
    """
    assert said == expected


def test_a_negative_band_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {band: -2%}
    ---
    policy.yaml:2:25: a distance is not negative, found '-2%'
          capacity.fill: {band: -2%}
                                ^
        write it like 2 points, 2% or 0.02
    """
    assert said == expected


def test_an_unknown_dimension_of_per_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {per: [region, rack]}
    ---
    policy.yaml:2:33: no dimension is called 'rack'
          capacity.fill: {per: [region, rack]}
                                        ^
        expected one of: accelerator, account, city, customer, feature, pool, product, provider, region, tenant, tranche, workload
    """
    assert said == expected


def test_a_window_without_unit_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill: {window: 8}
    ---
    policy.yaml:2:27: expected a text, found 8
          capacity.fill: {window: 8}
                                  ^
        write it like 8w
    """
    assert said == expected


def test_a_dimension_the_gate_is_not_judged_on_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {customer: acme, full: 70%}
    ---
    policy.yaml:4:10: capacity.fill is not judged on customer
              - {customer: acme, full: 70%}
                 ^
        it is judged on region, accelerator, pool
    """
    assert said == expected


def test_a_scope_that_says_nowhere_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {full: 70%}
    ---
    policy.yaml:4:9: this row does not say where it holds
              - {full: 70%}
                ^
        add one of: region, accelerator, pool
    """
    assert said == expected


def test_a_scope_that_sets_nothing_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {region: cn-north}
    ---
    policy.yaml:4:9: this row sets nothing
              - {region: cn-north}
                ^
        add what it sets, or remove it
    """
    assert said == expected


def test_a_scope_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {region: cn-north, full: 70%}
          - {region: cn-north, full: 60%}
    ---
    policy.yaml:5:9: full of cn-north is already set in line 4
              - {region: cn-north, full: 60%}
                ^
        keep one of the two
    """
    assert said == expected


def test_scopes_that_overlap_are_mistakes(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.fill:
        scopes:
          - {region: cn-north, full: 70%}
          - {accelerator: H20, full: 60%}
    ---
    policy.yaml:5:9: cn-north and H20 both set full, and cn-north / H20 is in both (line 4)
              - {accelerator: H20, full: 60%}
                ^
        add a row for {region: cn-north, accelerator: H20} that sets full
    """
    assert said == expected


def test_a_blocking_signal_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      capacity.signal: {mode: block}
    ---
    policy.yaml:2:27: capacity.signal is a signal and cannot block: it guards no action
          capacity.signal: {mode: block}
                                  ^
        write advise or shadow
    """
    assert said == expected


def test_an_unknown_assumption_is_a_mistake(said: str, expected: str) -> None:
    r"""
    assumptions:
      discount: 12%
    ---
    policy.yaml:2:3: no assumption is called 'discount'
          discount: 12%
          ^
        did you mean 'discount_rate'?
    """
    assert said == expected


def test_an_assumption_over_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    assumptions:
      discount_rate: 12
    ---
    policy.yaml:2:18: a share lies between 0 and 1, found 12
          discount_rate: 12
                         ^
        did you mean 12%?
    """
    assert said == expected


def test_a_haircut_over_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    assumptions:
      haircut.A: 95
    ---
    policy.yaml:2:14: a share lies between 0 and 1, found 95
          haircut.A: 95
                     ^
        did you mean 95%?
    """
    assert said == expected


def test_a_nested_haircut_is_a_mistake(said: str, expected: str) -> None:
    r"""
    assumptions:
      haircut: {A: 95%}
    ---
    policy.yaml:2:12: an assumption is a number, or a value with its source
          haircut: {A: 95%}
                   ^
        one of a family is written with a dot, like haircut.A: 90%
    """
    assert said == expected


def test_an_own_gate_of_an_unknown_metric_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: fulll, at_least: 80%}
    ---
    policy.yaml:2:27: no metric is called 'fulll'
          - {name: own.x, metric: fulll, at_least: 80%}
                                  ^
        did you mean 'full'?
    """
    assert said == expected


def test_an_own_gate_without_limit_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full}
    ---
    policy.yaml:2:5: an own gate has one limit: at_least or at_most
          - {name: own.x, metric: full}
            ^
        add at_least:
    """
    assert said == expected


def test_an_own_gate_with_both_limits_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80%, at_most: 90%}
    ---
    policy.yaml:2:5: an own gate has one limit: at_least or at_most
          - {name: own.x, metric: full, at_least: 80%, at_most: 90%}
            ^
        keep one of the two
    """
    assert said == expected


def test_an_own_gate_without_metric_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, at_least: 80%}
    ---
    policy.yaml:2:5: 'metric' is missing
          - {name: own.x, at_least: 80%}
            ^
        add metric:
    """
    assert said == expected


def test_an_own_gate_of_a_foreign_name_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: fuller, metric: full, at_least: 80%}
    ---
    policy.yaml:2:12: an own gate is called own.something, found 'fuller'
          - {name: fuller, metric: full, at_least: 80%}
                   ^
        write own.fuller
    """
    assert said == expected


def test_an_own_gate_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80%}
      - {name: own.x, metric: sold, at_least: 80%}
    ---
    policy.yaml:3:12: 'own.x' stands here again
          - {name: own.x, metric: sold, at_least: 80%}
                   ^
        give each own gate its own name
    """
    assert said == expected


def test_an_own_share_over_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80}
    ---
    policy.yaml:2:43: a share lies between 0 and 1, found 80
          - {name: own.x, metric: full, at_least: 80}
                                                  ^
        did you mean 80%?
    """
    assert said == expected


def test_an_own_scope_of_the_other_side_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80%, scopes: [{region: a, at_most: 70%}]}
    ---
    policy.yaml:2:69: own.x has the limit at_least
          - {name: own.x, metric: full, at_least: 80%, scopes: [{region: a, at_most: 70%}]}
                                                                            ^
        write at_least:
    """
    assert said == expected


def test_an_own_gate_of_an_unknown_action_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80%, opens: BILD}
    ---
    policy.yaml:2:55: no action is called 'BILD'
          - {name: own.x, metric: full, at_least: 80%, opens: BILD}
                                                              ^
        did you mean 'BUILD'?
    """
    assert said == expected


def test_a_blocking_own_signal_is_a_mistake(said: str, expected: str) -> None:
    r"""
    own_gates:
      - {name: own.x, metric: full, at_least: 80%, mode: block}
    ---
    policy.yaml:2:54: own.x is a signal and cannot block: it guards no action
          - {name: own.x, metric: full, at_least: 80%, mode: block}
                                                             ^
        write advise or shadow
    """
    assert said == expected


def test_own_gates_that_stand_below_gates_is_a_mistake(said: str, expected: str) -> None:
    r"""
    gates:
      own.x: {at_least: 3}
    ---
    policy.yaml:2:3: no gate is called 'own.x'
          own.x: {at_least: 3}
          ^
        expected one of: capacity.covered, capacity.fill, capacity.signal
    """
    assert said == expected
