"""Undoing the packing of bodies: whole, in pieces, and no further than somebody reads."""

import gzip
import random
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.unpack import BadPacking, end, unpacked, unpackers

WORDS = b"".join(b"<item>%d</item>" % number for number in range(20_000))


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress), "deflate": ("deflate", zlib.compress), "raw deflate": ("deflate", raw_deflate),
    "brotli": ("br", brotli.compress), "twice": ("br, gzip", lambda body: gzip.compress(brotli.compress(body))),
}  # fmt: skip


def read(packed: bytes, encoding: str, size: int = 65_536) -> bytes:
    undo = unpackers(encoding)
    found = b"".join(piece for data in pieces(packed, size) for piece in unpacked(data, undo))
    end(undo)
    return found


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=PACKERS)
@pytest.mark.parametrize("size", [1, 1_000, 10**6])
def test_a_body_is_the_same_in_whatever_pieces_it_comes(encoding: str, pack: Callable[[bytes], bytes], size: int) -> None:
    assert read(pack(WORDS), encoding, size) == WORDS


@pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=PACKERS)
def test_a_body_that_is_cut_off_anywhere_is_not_taken_for_whole(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(WORDS[:5_000])
    for length in {1, 2, 12, len(packed) // 3, len(packed) // 2, len(packed) - 1}:
        with pytest.raises(BadPacking):
            read(packed[:length], encoding)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "br, gzip"])
def test_a_body_of_no_bytes_is_whole(encoding: str) -> None:
    assert read(b"", encoding) == b""


def test_what_is_repeated_up_to_the_last_byte_is_read_to_the_last_byte() -> None:
    chance = random.Random(3)
    for more in range(300):
        body = chance.randbytes(more % 50) + b"a" * (65_536 + more)
        assert read(raw_deflate(body), "deflate") == body


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6), st.integers(1, 50))
def test_all_members_of_a_gzip_body_are_read(members: list[bytes], size: int) -> None:
    assert read(b"".join(map(gzip.compress, members)), "gzip", size) == b"".join(members)


def test_a_member_that_is_cut_off_makes_the_whole_cut_off() -> None:
    first, second = gzip.compress(b"one"), gzip.compress(b"two")
    for length in range(1, len(second)):
        with pytest.raises(BadPacking):
            read(first + second[:length], "gzip")


@pytest.mark.parametrize("size", [1, 10**6])
@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)])
def test_zeros_and_line_ends_behind_the_end_are_passed_over_and_anything_else_is_told(
    encoding: str, pack: Callable[[bytes], bytes], size: int
) -> None:
    packed = pack(b"one")
    assert read(packed + b"\0" * 512, encoding, size) == read(packed + b"\r\n", encoding, size) == b"one"
    assert encoding == "deflate" or read(packed + b"\0\0" + packed, encoding, size) == b"oneone"
    with pytest.raises(BadPacking):
        read(packed + b"\0<html>", encoding, size)


def test_a_gzip_body_has_so_many_members_and_no_more() -> None:
    with pytest.raises(BadPacking):
        read(gzip.compress(b"") * 1_001, "gzip")


@pytest.mark.parametrize(("encoding", "pack"), PACKERS.values(), ids=PACKERS)
def test_what_unfolds_far_comes_in_pieces_that_stay_small(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    largest = max(len(piece) for piece in unpacked(pack(b"a" * 20_000_000), unpackers(encoding)))
    assert largest <= 4 * 65_536
