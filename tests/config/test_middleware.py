"""What every answer gets: the language of its path, a content security policy, the site of a developer's port."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from wagtail.models import Page, Site

from config.middleware import ContentSecurityPolicyMiddleware, PathLocaleMiddleware, SitePortMiddleware


@pytest.fixture(autouse=True)
def vietnamese_again() -> object:
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "vi"), ("/tin-tuc/", "vi"), ("/en/", "en"), ("/en/tin-tuc/", "en"), ("/environment/", "vi")],
)
def test_the_path_alone_chooses_the_language(path: str, language: str) -> None:
    seen = []

    def view(request: object) -> HttpResponse:
        seen.append(translation.get_language())
        return HttpResponse()

    request = RequestFactory().get(path, headers={"accept-language": "en-US,en;q=0.9"})
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = PathLocaleMiddleware(view)(request)
    assert seen == [language]
    assert response["Content-Language"] == language
    assert "Accept-Language" not in response.get("Vary", "")


def test_public_pages_may_load_nothing_from_elsewhere(rf: RequestFactory) -> None:
    policy = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(rf.get("/"))[
        "Content-Security-Policy"
    ]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["object-src"] == "'none'"
    # A video or a 360° view of another host shows only after a click; the page's scripts hold to that.
    assert directives["frame-src"] == "'self' https:"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/{settings.ADMIN_PATH}pages/", "script-src 'self' 'unsafe-inline'"),
        ("/media/images/a.svg", "sandbox"),
    ],
)
def test_staff_area_and_uploaded_files_have_policies_of_their_own(
    rf: RequestFactory, path: str, words: str
) -> None:
    response = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(rf.get(path))
    assert words in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_port_of_a_developers_machine_can_stand_for_a_site(rf: RequestFactory, settings: object) -> None:
    settings.SITE_PORTS = {8001: "da-kia.localhost"}
    root = Page.objects.get(depth=1)
    commune = Site.objects.create(hostname="da-kia.localhost", root_page=root)
    found = []
    middleware = SitePortMiddleware(
        lambda request: found.append(Site.find_for_request(request)) or HttpResponse()
    )
    middleware(rf.get("/", headers={"host": "localhost:8001"}))
    middleware(rf.get("/", headers={"host": "da-kia.localhost:8000"}))
    middleware(rf.get("/", headers={"host": "localhost:8000"}))
    assert found[:2] == [commune, commune]
    assert found[2] != commune


@pytest.mark.django_db
def test_health_and_robots_answer_machines(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    robots = client.get("/robots.txt", headers={"host": "da-kia.localhost:8000"}).content.decode()
    assert f"Disallow: /{settings.ADMIN_PATH}\n" in robots
    assert "Sitemap: http://da-kia.localhost:8000/sitemap.xml\n" in robots
    assert client.post("/healthz").status_code == 405
