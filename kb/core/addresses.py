"""Which hosts of the network may be asked at all: public ones, whatever way their address is written.

A program that fetches what others name must not become their way into the network it stands in. Pure: names are looked up
in `lookup.py`; what is asked and read is the business of `fetch.py`.
"""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
_PORTS = frozenset({80, 443, 8080, 8443})
_LOWEST_PORT = 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE = ipaddress.ip_network("::/96")
# Carriers' own addresses, those that networks keep for themselves, where some clouds answer, and those of documentation.
_OWN = tuple(map(ipaddress.ip_network, ("100.64.0.0/10", "192.0.0.0/24", "fec0::/10", "3fff::/20")))


def is_public(address: str) -> bool:
    """Whether an address is one of the public network, and embeds none that is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return "%" not in address and all(_is_public(one) for one in (ip, *_embedded(ip)))


def _is_public(ip: IP) -> bool:
    if any(ip in network for network in _OWN):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (ip in _NAT64 or _embedded(ip)):
        return True  # what it embeds is asked by itself
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _embedded(ip: IP) -> list[IP]:
    """The IPv4 addresses that an IPv6 address carries: mapped, compatible, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found: list[IP] = [one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None]
    if ip in _NAT64 or ip in _NAT64_LOCAL or (ip in _COMPATIBLE and int(ip) > 1):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found


def is_allowed(host: str, port: int, allowed: Sequence[str]) -> bool:
    """Whether an operator allows a host that is not public: `host`, `host:port` or a network such as 127.0.0.0/8."""
    return any(_allows(entry, host, port) for entry in allowed)


def _allows(entry: str, host: str, port: int) -> bool:
    if entry in {host, f"{host}:{port}"}:
        return True
    try:
        return "/" in entry and ipaddress.ip_address(host) in ipaddress.ip_network(entry)
    except ValueError:
        return False


def odd_notation(host: str) -> bool:
    """Whether a host is a number in a notation that some resolvers read as an address: 2130706433, 0x7f.1, 127.1."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2].lower()
        return last.isdigit() or last.startswith("0x") or not last
    return False


def usual_port(url: str) -> bool:
    """Whether an address names a port that web servers use."""
    port = urlsplit(url).port
    return port is None or port in _PORTS or port >= _LOWEST_PORT
