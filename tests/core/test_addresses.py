"""Which hosts may be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.addresses import is_allowed, is_public, odd_notation, usual_port


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.0.0.192",
     "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
     "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "2002:a00:1::",
     "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2001:0:7f00:1::", "2001:db8::1", "fec0::1", "feff:ffff::1",
     "3fff::1", "3fff:fff:ffff::1", "nonsense", ""],
)  # fmt: skip
def test_what_is_not_public_is_refused_however_it_is_embedded(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "3ffe::1"]
)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_is_judged_as_it_is(address: object) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "127.1", "017700000001", "127.0.0.0x1", "1.2.3.4.5", "a."]
)
def test_numbers_in_odd_notations_are_odd(host: str) -> None:
    assert odd_notation(host) == (host != "a.")


@pytest.mark.parametrize(
    ("host", "odd"), [("example.org", False), ("127.0.0.1", False), ("::1", False), ("4chan.example", False)]
)
def test_names_and_plain_addresses_are_not_odd(host: str, odd: bool) -> None:
    assert odd_notation(host) == odd


def test_an_operator_allows_hosts_ports_and_networks() -> None:
    allowed = ["127.0.0.1:8765", "10.0.0.0/8", "mirror.example"]
    assert is_allowed("127.0.0.1", 8765, allowed) and is_allowed("10.1.2.3", 80, allowed)
    assert is_allowed("mirror.example", 443, allowed)
    assert not is_allowed("127.0.0.1", 80, allowed) and not is_allowed("11.0.0.1", 80, allowed)


@pytest.mark.parametrize(
    ("url", "usual"),
    [("http://a.example/", True), ("https://a.example:8443/", True), ("http://a.example:9000/", True),
     ("http://a.example:22/", False), ("http://a.example:25/", False)],
)  # fmt: skip
def test_ports_of_other_services_are_not_asked(url: str, usual: bool) -> None:
    assert usual_port(url) == usual
