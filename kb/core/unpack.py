"""Undoing the packing of a body, piece by piece: a bomb never unfolds further than somebody reads. Pure."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import brotli

_CHUNK = 65_536
_MOST_ENCODINGS = 2


class BadPacking(Exception):
    """A body is not packed as it says, or in a way that is not known."""


class Unpacker(Protocol):
    """Undoes one packing."""

    def unpack(self, data: bytes) -> Iterable[bytes]:
        """Return what a piece unfolds to, in pieces that stay small. Raises BadPacking."""
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


class _Zlib:
    """Gzip, or deflate with and without its header, in pieces: a bomb never unfolds further than somebody reads."""

    def __init__(self, bits: int) -> None:
        self._object, self._bits, self._begun = zlib.decompressobj(bits), bits, False

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                piece = self._object.decompress(data, _CHUNK)
            except zlib.error:
                piece = self._without_header(data)
            self._begun = True
            data = self._object.unconsumed_tail
            if piece:
                yield piece
            if self._object.eof:
                return

    def _without_header(self, data: bytes) -> bytes:
        """Read deflate as some servers send it, where nothing was read yet."""
        if self._begun or self._bits != zlib.MAX_WBITS:
            raise BadPacking("zlib")
        self._object = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._object.decompress(data, _CHUNK)
        except zlib.error:
            raise BadPacking("deflate") from None


class _Brotli:
    """Brotli in pieces."""

    def __init__(self) -> None:
        self._object = brotli.Decompressor()

    def unpack(self, data: bytes) -> Iterator[bytes]:
        piece = self._step(data)
        while piece or not self._object.can_accept_more_data():
            if piece:
                yield piece
            piece = self._step(b"")

    def _step(self, data: bytes) -> bytes:
        try:
            return bytes(self._object.process(data, output_buffer_limit=_CHUNK))
        except brotli.error:
            raise BadPacking("br") from None


_UNPACKERS: Mapping[str, Callable[[], Unpacker]] = {
    "gzip": lambda: _Zlib(31), "x-gzip": lambda: _Zlib(31), "deflate": lambda: _Zlib(zlib.MAX_WBITS), "br": _Brotli,
}  # fmt: skip
