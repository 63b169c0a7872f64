"""Whatever a test with real transactions leaves behind, the next one finds the rows of the migrations and nothing else."""

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import Locale, Page, Site

from tests.factories.core import make_office

pytestmark = pytest.mark.database


def check() -> None:
    """Fail unless the database is as the migrations leave it, then change it for good."""
    assert Page.get_first_root_node() is not None
    assert Locale.objects.exists()
    assert Permission.objects.filter(codename="access_admin").exists()
    assert not Site.objects.filter(hostname="xa.localhost").exists()
    make_office("xa.localhost")
    Permission.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_asked_for_by_mark(time: str) -> None:
    check()


@pytest.mark.usefixtures("transactional_db")
def test_asked_for_by_fixture() -> None:
    check()


@pytest.mark.django_db(transaction=True)
def test_after_a_fixture() -> None:
    check()
