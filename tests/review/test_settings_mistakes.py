"""What is said of a hardgate.toml with mistakes: the exact text.

Each docstring is a file, a line of dashes, and what is said of it.
"""

from hardgate.review.settings import Settings, parse
from tests.review.told import expected, said

__all__ = ["expected", "said"]


def read(text: str) -> Settings:
    return parse("hardgate.toml", text.encode())


def test_no_currency_is_a_mistake(said: str, expected: str) -> None:
    r"""
    fiscal_year_start = 4
    ---
    hardgate.toml:1:1: 'currency' is missing
        fiscal_year_start = 4
        ^
        add currency = ...
    """
    assert said == expected


def test_an_unknown_section_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [enginee]
    threads = 2
    ---
    hardgate.toml:2:2: unknown key 'enginee'
        [enginee]
         ^
        did you mean 'engine'?
    """
    assert said == expected


def test_an_unknown_key_of_a_section_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [engine]
    thread = 2
    ---
    hardgate.toml:3:1: unknown key 'thread'
        thread = 2
        ^
        did you mean 'threads'?
    """
    assert said == expected


def test_a_number_of_a_wrong_type_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [engine]
    threads = "2"
    memory = 4
    ---
    hardgate.toml:3:11: expected a whole number of at least 1, found '2'
        threads = "2"
                  ^
        write it like 4

    hardgate.toml:4:10: expected an amount of memory, found 4
        memory = 4
                 ^
        write it like "4GB"
    """
    assert said == expected


def test_a_date_as_text_that_is_none_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    as_of = "7 September"
    ---
    hardgate.toml:2:9: expected a date, found '7 September'
        as_of = "7 September"
                ^
        write it like 2026-12-01
    """
    assert said == expected


def test_a_month_that_does_not_exist_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    fiscal_year_start = 13
    ---
    hardgate.toml:2:21: expected a month from 1 to 12, found 13
        fiscal_year_start = 13
                            ^
        write it like 4 for April
    """
    assert said == expected


def test_an_unknown_cost_source_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    cost_source = "ledger"
    ---
    hardgate.toml:2:15: no cost source is called 'ledger'
        cost_source = "ledger"
                      ^
        did you mean 'general_ledger'?
    """
    assert said == expected


def test_a_share_over_one_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [telemetry]
    enough = 50
    ---
    hardgate.toml:3:10: a share lies between 0 and 1, found 50
        enough = 50
                 ^
        did you mean "50%"?
    """
    assert said == expected


def test_an_unknown_source_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focs"
    files = ["a.csv"]
    ---
    hardgate.toml:3:10: no source is called 'focs'
        source = "focs"
                 ^
        did you mean 'focus'?
    """
    assert said == expected


def test_an_input_without_files_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focus"
    ---
    hardgate.toml:2:1: an input is read from files or by a select
        [[inputs]]
        ^
        add files = ["data/*.csv"]
    """
    assert said == expected


def test_an_input_of_both_kinds_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "table"
    table = "sales"
    files = ["a.csv"]
    select = "select 1"
    ---
    hardgate.toml:2:1: an input is read from files or by a select
        [[inputs]]
        ^
        remove one of the two
    """
    assert said == expected


def test_files_that_are_one_text_are_mistakes(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focus"
    files = "a.csv"
    ---
    hardgate.toml:4:9: expected a list, found 'a.csv'
        files = "a.csv"
                ^
        write it like ["a.csv"]
    """
    assert said == expected


def test_a_table_that_does_not_exist_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "table"
    table = "sale"
    files = ["a.csv"]
    ---
    hardgate.toml:4:9: no table is called 'sale'
        table = "sale"
                ^
        did you mean 'sales'?
    """
    assert said == expected


def test_a_column_that_does_not_exist_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "table"
    table = "sales"
    files = ["a.csv"]
    columns = {acount = "x", month = "m"}
    ---
    hardgate.toml:6:12: sales has no column 'acount'
        columns = {acount = "x", month = "m"}
                   ^
        did you mean 'account'?
    """
    assert said == expected


def test_a_table_source_without_table_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "table"
    files = ["a.csv"]
    ---
    hardgate.toml:2:1: the source table fills the table that is named
        [[inputs]]
        ^
        add table = "sales"
    """
    assert said == expected


def test_a_table_for_a_source_that_knows_its_own_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focus"
    table = "sales"
    files = ["a.csv"]
    ---
    hardgate.toml:4:1: the source focus knows its own table
        table = "sales"
        ^
        remove it, or write source = "table"
    """
    assert said == expected


def test_an_unknown_option_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "kubernetes"
    files = ["a.csv"]
    epok = 2020-01-01
    ---
    hardgate.toml:5:1: unknown key 'epok'
        epok = 2020-01-01
        ^
        did you mean 'epoch'?
    """
    assert said == expected


def test_an_option_of_another_source_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focus"
    files = ["a.csv"]
    epoch = 2020-01-01
    ---
    hardgate.toml:5:1: unknown key 'epoch'
        epoch = 2020-01-01
        ^
        expected one of: columns, currency, dates, files, select, source, table
    """
    assert said == expected


def test_an_option_with_several_values_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[inputs]]
    source = "focus"
    files = ["a.csv"]
    currency = ["RMB", "USD"]
    ---
    hardgate.toml:5:12: expected one value, found a list
        currency = ["RMB", "USD"]
                   ^
        write a text or a number
    """
    assert said == expected


def test_known_after_without_unit_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [tables.sales]
    known_after = 35
    ---
    hardgate.toml:3:15: expected a text, found 35
        known_after = 35
                      ^
        write it like "35 days" or "5w"
    """
    assert said == expected


def test_known_after_of_an_unknown_table_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [tables.sale]
    known_after = "35 days"
    ---
    hardgate.toml:2:9: no table is called 'sale'
        [tables.sale]
                ^
        did you mean 'sales'?
    """
    assert said == expected


def test_a_pool_without_region_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[pools]]
    pool = "a"
    accelerator = "H20"
    ---
    hardgate.toml:2:1: 'region' is missing
        [[pools]]
        ^
        add region = ...
    """
    assert said == expected


def test_a_pool_twice_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[pools]]
    pool = "a"
    region = "n"
    accelerator = "H20"
    [[pools]]
    pool = "a"
    region = "m"
    accelerator = "H20"
    from = 2026-01-01
    ---
    hardgate.toml:6:1: 'a' stands here again for the same days
        [[pools]]
        ^
        give the first a to and this one a from, or keep one
    """
    assert said == expected


def test_a_pool_that_ends_before_it_begins_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[pools]]
    pool = "a"
    region = "n"
    accelerator = "H20"
    from = 2026-01-01
    to = 2025-01-01
    ---
    hardgate.toml:7:6: it begins on 2026-01-01 and ends on 2025-01-01: it holds on no day
        to = 2025-01-01
             ^
        to is the day after the last
    """
    assert said == expected


def test_a_rule_of_an_unknown_sort_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "sales"
    column = "pool"
    rule = "glob"
    match = "a*"
    pool = "a"
    ---
    hardgate.toml:5:8: no rule is called 'glob'
        rule = "glob"
               ^
        expected one of: exact, prefix, regex, tag
    """
    assert said == expected


def test_a_rule_of_an_unknown_column_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "sales"
    column = "pol"
    rule = "exact"
    match = "a"
    pool = "a"
    ---
    hardgate.toml:4:10: sales has no column 'pol'
        column = "pol"
                 ^
        did you mean 'pool'?
    """
    assert said == expected


def test_a_rule_for_nobody_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "sales"
    column = "pool"
    rule = "exact"
    match = "a"
    ---
    hardgate.toml:2:1: a rule names one entity: pool, product, account
        [[identities]]
        ^
        add pool = "..."
    """
    assert said == expected


def test_a_rule_for_two_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "sales"
    column = "pool"
    rule = "exact"
    match = "a"
    pool = "a"
    account = "b"
    ---
    hardgate.toml:2:1: a rule names one entity: pool, product, account
        [[identities]]
        ^
        keep one of them
    """
    assert said == expected


def test_a_rule_of_an_unknown_table_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "bills"
    column = "pool"
    rule = "exact"
    match = "a"
    pool = "a"
    ---
    hardgate.toml:3:9: no table is called 'bills'
        table = "bills"
                ^
        expected one of: accelerator_samples, asset_register, cancel_fees, capacity, capacity_plan, contracts, cost_and_usage, exchange_rates, general_ledger, identities, pool_usage, pools, products, sales, tenant_floors, workload_allocations, workload_requests
    """
    assert said == expected


def test_a_regular_expression_that_is_none_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "sales"
    column = "pool"
    rule = "regex"
    match = "(a"
    pool = "a"
    ---
    hardgate.toml:6:9: this is no regular expression: missing ), unterminated subpattern at position 0
        match = "(a"
                ^
        see the syntax of Python's re
    """
    assert said == expected


def test_a_tag_without_value_is_a_mistake(said: str, expected: str) -> None:
    r"""
    currency = "RMB"
    [[identities]]
    table = "cost_and_usage"
    column = "tags"
    rule = "tag"
    match = "infra"
    pool = "a"
    ---
    hardgate.toml:6:9: a tag has a key and a value, found 'infra'
        match = "infra"
                ^
        write it like "team=infra"
    """
    assert said == expected
