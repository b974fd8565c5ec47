"""Where a webhook may go."""

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.notify.address import permitted, target

WORLD = "93.184.215.14"


def leads_to(*addresses: str) -> object:
    return lambda _host, _port: addresses


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",  # noqa: S104
     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "nonsense"],
)  # fmt: skip
def test_an_address_that_is_not_global_is_not_called(address: str) -> None:
    assert not permitted(address)
    with pytest.raises(Misconfigured, match="only global addresses are called"):
        target("https://hooks.example/x", leads_to(WORLD, address))  # type: ignore[arg-type]


def test_a_global_https_address_is_called_at_the_address_that_was_looked_at() -> None:
    found = target("https://hooks.example:8443/in?team=cap", leads_to(WORLD))  # type: ignore[arg-type]
    assert (found.host, found.port, found.path, found.address) == ("hooks.example", 8443, "/in?team=cap", WORLD)


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/x", "ftp://hooks.example", "https://", "https://u:p@hooks.example/x", "hooks.example/x",
     "https://hooks.example/x#part", "https://hooks.example/a b", "https://hooks.example:99999/", "https://hooks.example/\r\nX: 1"],
)  # fmt: skip
def test_an_address_of_another_kind_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(Misconfigured):
        target(url, leads_to(WORLD))  # type: ignore[arg-type]


def test_a_host_without_an_address_is_a_wrong_setting() -> None:
    with pytest.raises(Misconfigured, match="leads to no address"):
        target("https://hooks.example/x", leads_to())  # type: ignore[arg-type]
