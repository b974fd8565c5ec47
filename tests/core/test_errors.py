from hardgate.core.errors import BadInput, HardgateError, Misconfigured, Mistake, NotFound, nearest


def test_a_mistake_shows_its_place_its_line_a_caret_and_what_to_write() -> None:
    mistake = Mistake("unknown key 'wndow'", "policy.yaml", 7, 5, "    wndow: 8w", "did you mean 'window'?")
    assert str(mistake) == (
        "policy.yaml:7:5: unknown key 'wndow'\n        wndow: 8w\n        ^\n    did you mean 'window'?"
    )


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    error = Misconfigured([Mistake("one"), Mistake("two")])
    assert str(error) == "one\n\ntwo"
    assert (error.exit_code, len(error.mistakes)) == (2, 2)


def test_each_error_is_also_a_builtin() -> None:
    assert issubclass(BadInput, ValueError)
    assert issubclass(NotFound, LookupError)
    assert issubclass(NotFound, HardgateError)


def test_the_nearest_name_is_suggested_and_otherwise_all_are() -> None:
    assert nearest("utilisation", ["utilization", "trigger"]) == "did you mean 'utilization'?"
    assert nearest("zzz", ["b", "a"]) == "expected one of: a, b"
