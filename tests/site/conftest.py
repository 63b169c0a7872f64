"""The sample site, walked once."""

import pytest

from tests.site.crawler import Crawler


@pytest.fixture(scope="module")
def crawl(sample: None) -> Crawler:
    """Everything that can be reached from the home pages of both offices."""
    crawler = Crawler()
    crawler.walk()
    return crawler
