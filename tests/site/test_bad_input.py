"""Whatever stands in an address or a form, nobody sees an error of the program: a list, a way on, or a plain 404."""

import itertools
import unicodedata
from urllib.parse import quote

import pytest

from tests.site.kinds import full_event, office_client, open_event, other_addresses
from training_events.models import Registration

pytestmark = [pytest.mark.usefixtures("sample"), pytest.mark.django_db, pytest.mark.database]

DECOMPOSED = unicodedata.normalize("NFD", "Đắk Ơ")
#: Values that somebody types, a broken link holds or a scanner tries.
VALUES = (
    "", "0", "-1", "1.5", "99999", "9" * 400, "abc", "%00", "a%00b", "%ff%fe", "%F0%9F%98%80", "x" * 10_000, quote(DECOMPOSED),
    quote("'; DROP TABLE core_place; --"), quote('"'), quote("* OR NEAR("), quote("đ" * 300), quote("<script>alert(1)</script>"),
    "%E2%80%AE", "٣", "²", "None", "&", "..%2f..%2fetc", quote("​\n\t"),
)  # fmt: skip
PARAMETERS = ("trang", "linh-vuc", "dia-ban", "tru-cot", "doi-tuong", "thang", "q", "loai")
LISTINGS = (
    "/tin-tuc/",
    "/tin-tuc/ban-tin/",
    "/huong-dan/",
    "/tap-huan/",
    "/tap-huan/da-qua/",
    "/tai-lieu/",
    "/tim-kiem/",
    "/tin-tuc/feed.atom",
)
HUGE = "9" * 24
PLACES = (
    "/tin-tuc/khong-co/", "/tin-tuc/ban-tin/5/", "/tin-tuc/%00/", "/tin-tuc//", "//", "/%F0%9F%98%80/", f"/{'x' * 3000}/",
    "/en/xx/", "/tin-tuc/feed.xml", "/khong-co/feed.atom", "/tin-tuc/ban-doc-loa.txt", "/huong-dan/ban-doc-loa.txt",
    "/dang-ky/0/", f"/dang-ky/{HUGE}/", f"/dang-ky/{HUGE}/lich.ics", "/dang-ky/abc/", "/dang-ky/3/", "/dang-ky/3/lich.ics",
    "/dang-ky/xac-nhan/x/", "/dang-ky/xac-nhan/%00/", "/dang-ky/xac-nhan/%C4%91/", f"/dang-ky/xac-nhan/{'x' * 500}/",
    "/dang-ky/xac-nhan/x/huy/", "/huong-dan/y-kien/0/", f"/huong-dan/y-kien/{HUGE}/", "/huong-dan/y-kien/3/cam-on/",
    "/documents/0/x.pdf", f"/documents/{HUGE}/x.pdf", "/media/..%2f..%2fetc/passwd", "/media/khong-co.svg",
    "/static/khong-co.css", "/wp-login.php", "/.env", "/index.php?id=1", "/vi/", "/fr/", "/EN/", "/sitemap.xml?p=abc",
    "/sitemap.xml?p=99",
)  # fmt: skip
FINE = (200, 301, 302, 400, 404)


def failures(paths: list[str]) -> list[str]:
    """Visit every path and return the addresses that do not answer as they should."""
    client = office_client()
    client.raise_request_exception = False
    found = []
    for path in paths:
        response = client.get(path)
        if response.streaming:
            b"".join(response.streaming_content)
        if response.status_code not in FINE:
            found.append(f"{response.status_code} {path[:120]} {getattr(response, 'exc_info', '')}")
    return found


def test_any_value_in_any_filter_of_any_listing() -> None:
    paths = [
        f"{listing}?{name}={value}"
        for listing, name, value in itertools.product(LISTINGS, PARAMETERS, VALUES)
    ]
    # every value meets every parameter, and every listing meets every parameter; all three at once would take minutes
    chosen = [
        path
        for number, path in enumerate(paths)
        if number % len(LISTINGS) == number // len(VALUES) % len(LISTINGS)
    ]
    chosen += [f"{listing}?{name}=khong-co" for listing, name in itertools.product(LISTINGS, PARAMETERS)]
    assert len(chosen) > 200
    found = failures(chosen)
    assert not found, "\n".join(found)


def test_any_place_that_is_none() -> None:
    found = failures(list(PLACES))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "listing", ["/tin-tuc/", "/tin-tuc/ban-tin/", "/huong-dan/", "/tap-huan/", "/tim-kiem/"]
)
def test_a_page_that_does_not_exist_is_not_found(listing: str) -> None:
    client = office_client()
    for value in ("0", "-1", "abc", "99999", "%00", "1e3"):
        assert client.get(f"{listing}?trang={value}&q=vneid").status_code == 404, value


@pytest.mark.parametrize("name", ["linh-vuc", "dia-ban", "tru-cot", "thang"])
def test_an_unknown_filter_gives_an_empty_list_with_a_way_on(name: str) -> None:
    response = office_client().get(f"/tin-tuc/?{name}=khong-co")
    assert response.status_code == 200
    text = response.content.decode()
    assert "empty-state" in text
    assert 'href="/tin-tuc/"' in text


@pytest.mark.parametrize("value", [value for value in VALUES if "%00" not in value and value != "&"])
def test_any_value_in_every_field_of_the_forms(value: str) -> None:
    event = open_event()
    client = office_client()
    before = Registration.objects.count()
    names = (
        "name",
        "phone",
        "party_size",
        "other_names",
        "place",
        "email",
        "consent",
        "key",
        "again",
        "website",
    )
    for path in (f"/dang-ky/{event.pk}/", f"/dang-ky/{full_event().pk}/"):
        response = client.post(path, dict.fromkeys(names, value))
        assert response.status_code == 200
        assert "data-error-summary" in response.content.decode()
    assert client.post("/dang-ky/tra-cuu/", {"code": value, "digits": value}).status_code in (200, 429)
    assert Registration.objects.count() == before


def test_null_bytes_in_forms() -> None:
    client, event = office_client(), open_event()
    data = {
        "name": "a\x00b",
        "phone": "0900\x00",
        "other_names": "\x00",
        "consent": "on",
        "key": "\x00",
        "place": "\x00",
    }
    assert client.post(f"/dang-ky/{event.pk}/", data).status_code == 200
    assert client.post("/dang-ky/tra-cuu/", {"code": "\x00", "digits": "\x00"}).status_code == 200


def test_methods_that_a_page_does_not_know() -> None:
    client = office_client()
    client.raise_request_exception = False
    for name, path in other_addresses().items():
        for method in (client.put, client.delete, client.options, client.head, client.patch):
            response = method(path)
            assert response.status_code in (200, 302, 403, 404, 405), (name, method, response.status_code)


def test_an_unknown_host_meets_the_first_office_or_is_refused() -> None:
    client = office_client()
    client.raise_request_exception = False
    assert client.get("/", headers={"host": "xx.localhost:1"}).status_code in (200, 404)
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
