"""An address names a public host over http(s), and nothing that hides where it leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.core.errors import InvalidInput
from kb.core.web import check_address


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://a-b.example.co.uk/path?x=1#y",
        "https://example.org:8443/",
        "https://müller.de/",
        "https://example.org./",
    ]
    + ["https://doi.org/10.1002/(SICI)1097-0258", "https://xn--mller-kva.de/", "https://1.example.org/"],
)
def test_an_address_of_a_public_host_may_stand(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "//example.org", "ftp://example.org", "javascript:alert(1)", "data:text/html,x", "https://", "https://localhost/"]
    + ["https://user@example.org", "https://@example.org", "https://user:word@example.org", "https://exa mple.org", "https://example.org/\n"]
    + ["https://127.0.0.1/", "https://127.1/", "https://0177.0.0.1/", "https://0x7f.1/", "https://１２７.0.0.1/", "https://2130706433/"]
    + ["https://[::1]/", "https://[::1", "https://x.onion/", "https://x.ONION./", "https://ｘ.ｏｎｉｏｎ/", "https://x.i2p/"]
    + ["https://./", "https://a..b/", "https://-a.org/", "https://a_.org/", "https://example.org:99999/", "https://example.org:port/"],
)  # fmt: skip
def test_an_address_that_hides_its_host_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_address(url)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://["]))
def test_any_text_is_taken_or_refused_and_nothing_else(text: str, scheme: str) -> None:
    try:
        check_address(scheme + text)
    except InvalidInput:
        return
    assert scheme == "https://" or text.lower().startswith("http")
