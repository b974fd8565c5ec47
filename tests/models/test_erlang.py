import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.models import erlang


def test_eighteen_lines_for_ten_callers_lose_one_in_140() -> None:
    assert erlang.blocking(18, 10) == pytest.approx(0.00714, abs=5e-6)


def test_twelve_servers_for_ten_keep_45_percent_waiting() -> None:
    assert erlang.waiting(12, 10) == pytest.approx(0.4494, abs=5e-5)


def test_one_server_keeps_waiting_who_finds_it_busy() -> None:
    assert erlang.waiting(1, 0.3) == pytest.approx(0.3)


def test_servers_that_the_load_fills_keep_everyone_waiting() -> None:
    assert erlang.waiting(10, 10) == 1.0


def test_ten_of_load_need_sixteen_servers_for_one_wait_in_ten() -> None:
    """C(15, 10) = .1020, C(16, 10) = .0573."""
    assert erlang.servers_for(10, 0.10) == 16
    assert erlang.waiting(15, 10) == pytest.approx(0.1020, abs=5e-5)
    assert erlang.waiting(16, 10) == pytest.approx(0.0573, abs=5e-5)


@given(st.integers(1, 60), st.floats(0.01, 50))
def test_one_server_more_makes_fewer_wait(servers: int, load: float) -> None:
    assert erlang.waiting(servers + 1, load) <= erlang.waiting(servers, load)
    assert erlang.blocking(servers + 1, load) < erlang.blocking(servers, load) < erlang.waiting(servers, load) + 1e-12
