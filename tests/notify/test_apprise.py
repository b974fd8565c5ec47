"""The extra names itself when it is missing, and says what it was not told."""

import sys
from types import SimpleNamespace

import pytest

from hardgate.core.errors import Fault, Misconfigured
from hardgate.notify.apprise import send


def library(*, knows: bool, takes: bool, told: list[tuple[str, str]]) -> SimpleNamespace:
    def notify(title: str, body: str) -> bool:
        told.append((title, body))
        return takes

    return SimpleNamespace(Apprise=lambda: SimpleNamespace(add=lambda _address: knows, notify=notify))


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(Misconfigured, match=r'pip install "hardgate\[notify\]"'):
        send(["mailto://x"], ["fired"])


def test_lines_are_told_under_one_title(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setitem(sys.modules, "apprise", library(knows=True, takes=True, told=told))
    send(["mailto://x"], ["one fired", "two cleared"])
    assert told == [("hardgate: 2 signals changed", "one fired\ntwo cleared")]


def test_an_address_that_is_not_understood_and_one_that_does_not_take_it_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", library(knows=False, takes=True, told=[]))
    with pytest.raises(Misconfigured, match="address 1 of 1 is not understood"):
        send(["?"], ["x"])
    monkeypatch.setitem(sys.modules, "apprise", library(knows=True, takes=False, told=[]))
    with pytest.raises(Fault, match="not all addresses took the message"):
        send(["mailto://x"], ["x"])
