"""Building the sample again changes nothing: neither what is there nor what editors made of it."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from home.demo.builder import DemoBuilder
from news.models import ArticlePage

pytestmark = [pytest.mark.usefixtures("sample_copy"), pytest.mark.database]

#: Look-up tables that saving and time renew.
_UNWATCHED = ("contenttypes", "sessions", "django_tasks_database", "wagtailsearch", "search")


def rows() -> dict[str, list[Any]]:
    """Return every row of every table that the sample fills, as the database holds it."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in _UNWATCHED and model._meta.managed:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                found[model._meta.label] = sorted(map(repr, cursor.fetchall()))
    return found


def test_building_twice_makes_nothing_and_changes_nothing() -> None:
    page = ArticlePage.objects.filter(locale__language_code="vi").first()
    assert page
    page.title = "Biên tập viên đã sửa"
    page.save_revision().publish()
    Group.objects.get(name__startswith="Biên tập – Xã").permissions.clear()
    before = rows()
    lines: list[str] = []
    assert DemoBuilder(say=lines.append).build() == 0
    after = rows()
    changed = {label for label in before if before[label] != after[label]}
    # the permissions that an office's staff needs are completed, as set_up_staff promises
    assert changed <= {"auth.Group_permissions"}, changed
    page.refresh_from_db()
    assert page.title == "Biên tập viên đã sửa"
    assert lines


def test_a_page_that_was_removed_comes_back_and_nothing_else_changes() -> None:
    page = ArticlePage.objects.get(slug="hop-tac-xa-mau-tap-ban-hat-dieu")
    others = ArticlePage.objects.exclude(pk=page.pk).count()
    for translation in page.get_translations(inclusive=True):
        translation.delete()
    assert DemoBuilder().build() == 1
    back = ArticlePage.objects.get(slug="hop-tac-xa-mau-tap-ban-hat-dieu")
    assert back.live
    assert back.body
    assert ArticlePage.objects.count() == others + 1
