"""Undoing the packing of a body, piece by piece: a bomb never unfolds further than somebody reads. Pure.

What is cut off is told at the end; how much may be read at all is the business of `fetch.py`.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import brotli

_CHUNK = 65_536
_MOST_ENCODINGS = 2
_GZIP = 16 + zlib.MAX_WBITS
# Each member of a gzip body costs time of its own; those who write several make them of many kilobytes.
_MOST_MEMBERS = 1_000
# Behind the end of a packed body some servers fill up with zeros or end a line; like browsers we pass over it.
_PADDING = b"\0\r\n"


class BadPacking(Exception):
    """A body is not packed as it says, or in a way that is not known."""


class Unpacker(Protocol):
    """Undoes one packing."""

    def unpack(self, data: bytes) -> Iterable[bytes]:
        """Return what a piece unfolds to, in pieces that stay small. Raises BadPacking."""
        ...

    def end(self) -> None:
        """Say that nothing more comes. Raises BadPacking where something is missing; a body of no bytes is whole."""
        ...


def unpackers(encoding: str) -> list[Unpacker]:
    """Return what undoes an encoding, the outermost first. Raises BadPacking for one that is not known or nests too deep."""
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) and name != "identity"]
    if len(names) > _MOST_ENCODINGS or any(name not in _UNPACKERS for name in names):
        raise BadPacking(encoding[:40])
    return [_UNPACKERS[name]() for name in reversed(names)]


def unpacked(data: bytes, unpackers: Sequence[Unpacker]) -> Iterator[bytes]:
    """Undo all encodings of a piece, in pieces that stay small. Raises BadPacking."""
    if not unpackers:
        yield data
        return
    for piece in unpackers[0].unpack(data):
        yield from unpacked(piece, unpackers[1:])


def end(unpackers: Iterable[Unpacker]) -> None:
    """Say that a body is at its end. Raises BadPacking where it was cut off."""
    for one in unpackers:
        one.end()


class _Zlib:
    """Gzip with all its members, or deflate with and without its header."""

    def __init__(self, bits: int) -> None:
        self._object, self._bits, self._members = zlib.decompressobj(bits), bits, 1
        # Two bytes say whether there is a header: a first one that comes alone is held.
        self._held, self._begun = b"", False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        full, data = False, self._held + data
        self._held = b"" if self._begun or len(data) > 1 else data
        data = data[len(self._held) :]
        while data or full:
            if self._object.eof:
                full, data = False, data.lstrip(_PADDING)
                self._next_member(data)
                continue
            piece = self._step(data)
            # What fills a piece may leave more behind, even where all was taken in.
            full, data = len(piece) == _CHUNK, self._object.unused_data or self._object.unconsumed_tail
            if piece:
                yield piece

    def end(self) -> None:
        if self._held or (self._begun and not self._object.eof):
            raise BadPacking("cut off")

    def _next_member(self, data: bytes) -> None:
        """Go on with the next member where something stands behind the end of one. Raises BadPacking for what is none."""
        if not data:
            return
        self._members += 1
        if self._bits != _GZIP or self._members > _MOST_MEMBERS:
            raise BadPacking("more behind the end")
        self._object = zlib.decompressobj(self._bits)

    def _step(self, data: bytes) -> bytes:
        begun, self._begun = self._begun, True
        try:
            return self._object.decompress(data, _CHUNK)
        except zlib.error:
            if begun or self._bits != zlib.MAX_WBITS:
                raise BadPacking("zlib") from None
        return self._without_header(data)

    def _without_header(self, data: bytes) -> bytes:
        """Read deflate as some servers send it."""
        self._object = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._object.decompress(data, _CHUNK)
        except zlib.error:
            raise BadPacking("deflate") from None


class _Brotli:
    """Brotli in pieces; nothing may stand behind its end."""

    def __init__(self) -> None:
        self._object, self._begun = brotli.Decompressor(), False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        piece = self._step(data)
        while piece or not self._object.can_accept_more_data():
            if piece:
                yield piece
            piece = self._step(b"") if not self._object.is_finished() else b""

    def end(self) -> None:
        if self._begun and not self._object.is_finished():
            raise BadPacking("cut off")

    def _step(self, data: bytes) -> bytes:
        try:
            return bytes(self._object.process(data, output_buffer_limit=_CHUNK))
        except brotli.error:
            raise BadPacking("br") from None


_UNPACKERS: Mapping[str, Callable[[], Unpacker]] = {
    "gzip": lambda: _Zlib(_GZIP), "x-gzip": lambda: _Zlib(_GZIP), "deflate": lambda: _Zlib(zlib.MAX_WBITS), "br": _Brotli,
}  # fmt: skip
