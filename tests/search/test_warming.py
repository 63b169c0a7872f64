"""A process reads ahead what its first question would wait for, and serves all the same where that fails."""

from typing import Any, cast

import pytest
from django.core.wsgi import get_wsgi_application
from django.template import engines

from search import vocabulary, warming
from search.models import AskedQuestion
from tests.factories.core import make_office
from tests.search.helpers import add

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("open_connection")
def test_the_first_reader_waits_for_nothing_that_can_be_read_ahead() -> None:
    site = make_office(hostname="testserver")
    add(site, "Dịch vụ công trực tuyến")
    vocabulary.forget()
    loaders: list[Any] = cast("Any", engines["django"]).engine.template_loaders
    for loader in loaders:
        loader.reset()
    assert warming.warm(get_wsgi_application()) > 0
    kept = {str(key) for loader in loaders for key in loader.get_template_cache}
    assert {"search/search.html", "components/search_box.html", "base.html"} <= kept
    assert vocabulary._kept is not None
    # nobody has asked anything
    assert not AskedQuestion.objects.exists()


def test_without_an_office_nothing_is_asked() -> None:
    from wagtail.models import Site

    Site.objects.all().delete()
    assert warming.warm(get_wsgi_application()) == 0.0


def test_a_failure_is_a_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fails(_application: object) -> float:
        raise RuntimeError("no database yet")

    monkeypatch.setattr(warming, "warm", fails)
    monkeypatch.setattr(warming.connections, "close_all", lambda: None)
    warming.warm_in_background(get_wsgi_application()).join(10)
    assert "no database yet" in capfd.readouterr().err
