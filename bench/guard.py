"""How long the guard takes on the worst inputs of 100 kB, as a share of the second that it may take.

    python -m bench.guard

Each input is made to come near to many rules at once: endless domains, escapes, encodings, digits and captions.
"""

import time

from kb.core.safety import MAX_BYTES, find_rule

LIMIT = 1.0
PIECES = (
    "a.", "a", " ", "a dot ", "a (dot) b slash ", "http", "://", "%25", "&amp;", "\\x5c", "&#46;", "1.", "192.168.", "0x7f.",
    "deadbeef ", "deadbeef", "QUJD", "caption ", '"a" ', "row 1 ", "row ", "aged ", "from ", "site like ", "threshold 0.", "a-",
    "a_b.", "\u200b", "\u0301", "\u3002", "\ufdfa", "A1b2C3d4", "magnet:", "item ", "\n", "@a", "a@b.c ", ".jpg", "img_1.", "(",
    "[.]", "<b>", "<!--", "a**", "aged-", "the model is ", "shard ", "twelfth ", "a.hosts ", "a.com hosts ", "search-term-",
    "telegram group ", "p n g ", "rows from 1", "d4 ",
)  # fmt: skip


def filled(piece: str) -> str:
    """A text of the greatest size that is made of one piece."""
    size = len(piece.encode())
    return piece * (MAX_BYTES // size)


def seconds(text: str) -> float:
    """How much of a processor the strict guard takes for a text."""
    start = time.process_time()
    find_rule(text, hazard=True)
    return time.process_time() - start


def main() -> None:
    """Print the share of each piece, the worst first."""
    taken = sorted(((seconds(filled(piece)), piece) for piece in PIECES), reverse=True)
    for time_taken, piece in taken[:10]:
        print(f"{time_taken / LIMIT:6.1%} of the limit  {piece!r}")
    print(f"worst of {len(taken)}: {taken[0][0] / LIMIT:.1%} of one second for 100 kB")


if __name__ == "__main__":
    main()
