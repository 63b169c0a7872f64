"""manage.py set_up_staff: an office's groups after it was added, and again after an upgrade."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from tests.factories.core import make_office

pytestmark = pytest.mark.django_db


def test_a_new_office_gets_its_groups_and_a_second_run_only_completes() -> None:
    site = make_office(hostname="xa.localhost", short_name="Xã Mẫu")
    call_command("set_up_staff", site="xa.localhost", verbosity=0)
    publishers = Group.objects.get(name="Phụ trách – Xã Mẫu")
    rights = GroupPagePermission.objects.filter(group=publishers, page=site.root_page)
    assert rights.filter(permission__codename="publish_page").exists()

    # what an administrator has given besides stays, what an older version did not know comes
    own = Permission.objects.get(codename="change_user")
    publishers.permissions.add(own)
    rights.delete()
    collections = Collection.objects.count()
    call_command("set_up_staff", verbosity=0)
    assert rights.filter(permission__codename="publish_page").exists()
    assert own in publishers.permissions.all()
    assert Collection.objects.count() == collections


def test_the_collection_that_editors_use_is_kept_whatever_its_name() -> None:
    make_office(hostname="xa.localhost", short_name="Xã Mẫu")
    call_command("set_up_staff", verbosity=0)
    used = Collection.objects.get(name="Xã Mẫu")
    used.name = "Ảnh của xã"
    used.save()
    call_command("set_up_staff", verbosity=0)
    assert not Collection.objects.filter(name="Xã Mẫu").exists()
    groups = GroupCollectionPermission.objects.filter(collection=used).values_list("group__name", flat=True)
    assert set(groups) == {"Biên tập – Xã Mẫu", "Phụ trách – Xã Mẫu"}


def test_an_unknown_host_is_named() -> None:
    make_office(hostname="xa.localhost")
    with pytest.raises(CommandError, match=r"xa\.localhost"):
        call_command("set_up_staff", site="khong-co.localhost", verbosity=0)
