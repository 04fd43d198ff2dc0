"""No digest, file, row or other address hides behind the host of an address, whole or in pieces."""

import pytest

from kb.core.behind_host import check_behind_host
from kb.core.safety import UnsafeText


@pytest.mark.parametrize(
    "behind",
    [
        "redirect?to=https://example.net/list",
        "https://example.net/abc/def",
        "example.net/abc/def",
        "#example.net/abc",
        "a?b=example.net/x&c=1",
        "%65xample%2Enet%2Fabc",
        "a?row=12345",
        "shard/12",
        "row/12345678",
        "d41d8cd98f00b204/e9800998ecf8427e",
        "d41d8cd9/8f00b204/e9800998/ecf8427e",
        "d41d8cd9~8f00b204~e9800998~ecf8427e",
        f"{'a1' * 32}/part-00012.parquet",
        "a?q=girl+7yo",
        "magnet:?xt=urn:btih:abc",
    ],
)
def test_nothing_leads_on_behind_a_host(behind: str) -> None:
    with pytest.raises(UnsafeText):
        check_behind_host(f"https://doi.org/{behind}")


@pytest.mark.parametrize(
    "url",
    [
        "https://doi.org/10.25740/kh752sm9123",
        "https://doi.org/10.1016/S0140-6736(20)30183-5",
        "https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O",
        "https://arxiv.org/abs/2110.01963v1",
        "https://arxiv.org/pdf/cs.CV/0601001.pdf",
        "https://stacks.stanford.edu/file/druid:kh752sm9123/ml_training_data_csam_report-2023-12-23.pdf",
        "https://leginfo.legislature.ca.gov/faces/billTextClient.xhtml?bill_id=202320240AB2013",
        "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32024R1689",
        "https://www.courtlistener.com/?q=%22stable+diffusion%22&type=r&order_by=score%20desc",
        "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=4524513",
        "https://www.klobuchar.senate.gov/public/index.cfm/2025/4/a-bipartisan-act",
        "https://www.ag.ny.gov/sites/pages/letter.aspx?id=12345",
        "https://example.gov/file/1234/sites/default/files/2023-08/Position%20Statement%20-%20August%202023.pdf",
        "https://hudoc.echr.coe.int/eng#{%22itemid%22:[%22001-225814%22]}",
        "https://example.gov",
    ],
)
def test_what_courts_laws_and_papers_are_found_at_may_stand(url: str) -> None:
    check_behind_host(url)
