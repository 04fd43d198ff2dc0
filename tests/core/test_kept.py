"""Answers that a process keeps stay within their room."""

from kb.core.kept import Bodies, Body, etag_of


def body(text: bytes) -> Body:
    return Body(text, {})


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    bodies = Bodies(room=10)
    bodies.put("a", body(b"1234"))
    bodies.put("b", body(b"1234"))
    bodies.get("a")
    bodies.put("c", body(b"1234"))
    assert (bodies.get("a"), bodies.get("b"), bodies.get("c")) == (body(b"1234"), None, body(b"1234"))


def test_an_etag_tells_apart_what_differs_in_any_part() -> None:
    assert len({etag_of("one", "two"), etag_of("onetwo", ""), etag_of("one", "three"), etag_of("two", "one")}) == 4
    assert etag_of("one", "two") == etag_of("one", "two")
