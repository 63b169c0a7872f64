"""What staff of one office see and may do ends at their own office."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, WorkflowPage
from wagtail_localize.models import TranslationSource

from core.models import HelpPoint, OfficeSettings
from home.offices import let_choose_from, set_up_staff
from tests.admin.conftest import Office
from tests.factories.core import home_of, make_locale, make_topic

#: How the titles of the other office's things end; its mere name stands in filters by website.
OTHER = re.compile(r"(Bài đã đăng|Bài nháp|Lớp|Hình|Tờ rơi|Điểm|Kho|UBND) Tỉnh Mẫu")


def shut(client: Client, url: str) -> bool:
    """Tell whether ``url`` is refused: 403, 404, or Wagtail's way back to the first page."""
    answer = client.get(url)
    return answer.status_code in (403, 404) or (
        answer.status_code == 302 and answer["Location"] == reverse("wagtailadmin_home")
    )


def text_of(client: Client, url: str, **data: str) -> str:
    """Return what a page says; it must be open."""
    answer = client.get(url, data)
    assert answer.status_code == 200, (url, answer.status_code)
    is_chooser = answer["Content-Type"].startswith("application/json")
    return str(answer.json()["html"]) if is_chooser else answer.content.decode()


def test_pages_of_the_other_office_are_shut(editor: Client, commune: Office, province: Office) -> None:
    for page in (province.article, province.draft, province.event):
        for view in ("edit", "history", "delete", "copy", "move"):
            assert shut(editor, reverse(f"wagtailadmin_pages:{view}", args=[page.pk])), (view, page)
    add = reverse("wagtailadmin_pages:add", args=["news", "articlepage", province.news.pk])
    assert shut(editor, add)
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[commune.draft.pk])).status_code == 200


def test_the_explorer_and_the_search_show_own_pages(
    editor: Client, commune: Office, province: Office
) -> None:
    own = text_of(editor, reverse("wagtailadmin_explore", args=[commune.news.pk]))
    assert "Bài nháp Xã Thử" in own
    assert not OTHER.search(own)
    other = editor.get(reverse("wagtailadmin_explore", args=[province.news.pk]), follow=True)
    assert "Bài nháp Tỉnh Mẫu" not in other.content.decode()
    found = text_of(editor, reverse("wagtailadmin_pages:search"), q="Bài")
    assert "Xã Thử" in found
    assert not OTHER.search(found)


def test_the_page_chooser_offers_own_pages(editor: Client, commune: Office, province: Office) -> None:
    browse = reverse("wagtailadmin_choose_page_child", args=[province.news.pk])
    assert "Bài đã đăng Tỉnh Mẫu" not in text_of(editor, browse)
    assert "Bài nháp Xã Thử" in text_of(
        editor, reverse("wagtailadmin_choose_page_child", args=[commune.news.pk])
    )
    assert not OTHER.search(text_of(editor, reverse("wagtailadmin_choose_page_search"), q="Bài"))


def test_the_page_chooser_offers_what_the_superior_office_publishes(
    editor: Client, commune: Office, province: Office
) -> None:
    OfficeSettings.objects.filter(site=commune.site).update(shares_from=province.site)
    shown = text_of(editor, reverse("wagtailadmin_choose_page_child", args=[province.news.pk]))
    assert "Bài đã đăng Tỉnh Mẫu" in shown
    assert "Bài nháp Tỉnh Mẫu" not in shown


@pytest.mark.parametrize(
    "name",
    [
        "wagtailimages:index",
        "wagtailimages_chooser:choose",
        "wagtaildocs:index",
        "wagtaildocs_chooser:choose",
    ],
)
def test_images_and_documents_of_the_own_collection(editor: Client, commune: Office, name: str) -> None:
    shown = text_of(editor, reverse(name))
    assert "Xã Thử" in shown
    assert not OTHER.search(shown)


def test_a_shared_collection_can_be_used_but_not_changed(
    editor: Client, commune: Office, province: Office
) -> None:
    let_choose_from(commune.groups, province.collection)
    assert "Hình Tỉnh Mẫu" in text_of(editor, reverse("wagtailimages_chooser:choose"))
    assert shut(editor, reverse("wagtailimages:edit", args=[province.image.pk]))


def test_files_of_the_other_office_are_shut(editor: Client, commune: Office, province: Office) -> None:
    assert editor.get(reverse("wagtailimages:edit", args=[commune.image.pk])).status_code == 200
    assert editor.get(reverse("wagtaildocs:edit", args=[commune.document.pk])).status_code == 200
    assert shut(editor, reverse("wagtailimages:edit", args=[province.image.pk]))
    assert shut(editor, reverse("wagtaildocs:edit", args=[province.document.pk]))


def test_an_upload_goes_to_the_own_collection_only(editor: Client, commune: Office, province: Office) -> None:
    form = text_of(editor, reverse("wagtailimages:add"))
    assert not OTHER.search(form)
    assert "Mô tả hình ảnh" in form


def test_settings_of_the_own_website(publisher: Client, commune: Office, province: Office) -> None:
    own, other = (
        reverse("wagtailsettings:edit", args=["core", "officesettings", office.site.pk])
        for office in (commune, province)
    )
    assert "UBND Xã Thử" in text_of(publisher, own)
    assert shut(publisher, other)


def test_editors_do_not_change_settings(editor: Client, commune: Office) -> None:
    assert shut(editor, reverse("wagtailsettings:edit", args=["core", "officesettings", commune.site.pk]))


def test_registrations_of_the_own_classes(editor: Client, commune: Office, province: Office) -> None:
    for name in ("training_events_registrations", "training_events_registrations_csv"):
        assert editor.get(reverse(name, args=[commune.event.pk])).status_code == 200
        assert shut(editor, reverse(name, args=[province.event.pk]))


class TestTranslating:
    """Staff translate their own pages; wagtail-localize alone would let them translate any."""

    def test_own_pages(self, editor: Client, commune: Office, province: Office) -> None:
        home_of(commune.site).copy_for_translation(make_locale("en"))
        home_of(province.site).copy_for_translation(make_locale("en"))
        name = "wagtail_localize:submit_page_translation"
        assert "Bài đã đăng Xã Thử" in text_of(editor, reverse(name, args=[commune.article.pk]))
        assert shut(editor, reverse(name, args=[province.article.pk]))

    def test_a_new_translation_is_a_draft(self, publisher: Client, commune: Office) -> None:
        english = home_of(commune.site).copy_for_translation(make_locale("en"))
        url = reverse("wagtail_localize:submit_page_translation", args=[commune.article.pk])
        publisher.post(url, {"locales": [english.locale_id]})
        assert not commune.article.get_translation(english.locale).live

    def test_a_translation_that_exists(self, editor: Client, commune: Office, province: Office) -> None:
        for office, is_open in ((commune, True), (province, False)):
            source, _created = TranslationSource.update_or_create_from_instance(office.article)
            url = reverse("wagtail_localize:update_translations", args=[source.pk])
            assert shut(editor, url) is not is_open

    def test_the_vocabulary_stays_with_administrators(
        self, publisher: Client, sign_in: Callable[..., Client]
    ) -> None:
        make_locale("en")
        args = ["core", "topic", str(make_topic("Y tế số").pk)]
        url = reverse("wagtail_localize:submit_snippet_translation", args=args)
        assert shut(publisher, url)
        assert sign_in().get(url).status_code == 200

    def test_the_report_of_every_office_stays_with_administrators(self, publisher: Client) -> None:
        assert shut(publisher, reverse("wagtail_localize:translations_report"))


def test_schedule_and_comments_are_offered(publisher: Client, commune: Office) -> None:
    shown = text_of(publisher, reverse("wagtailadmin_pages:edit", args=[commune.article.pk]))
    assert 'name="go_live_at"' in shown
    assert 'data-side-panel-toggle="comments"' in shown


class TestHelpPoints:
    """Publishers keep the help points of their office."""

    def test_the_list_shows_the_own(self, publisher: Client) -> None:
        shown = text_of(publisher, reverse(HelpPoint.snippet_viewset.get_url_name("list")))
        assert "Điểm Xã Thử" in shown
        assert not OTHER.search(shown)

    @pytest.mark.parametrize("view", ["edit", "delete", "history", "usage", "copy"])
    def test_those_of_the_other_office_are_shut(
        self, publisher: Client, commune: Office, province: Office, view: str
    ) -> None:
        name = HelpPoint.snippet_viewset.get_url_name(view)
        assert publisher.get(reverse(name, args=[commune.help_point.pk])).status_code == 200
        assert shut(publisher, reverse(name, args=[province.help_point.pk]))

    def test_a_new_one_belongs_to_the_own_website(
        self, publisher: Client, commune: Office, province: Office
    ) -> None:
        url = reverse(HelpPoint.snippet_viewset.get_url_name("add"))
        assert not OTHER.search(text_of(publisher, url))
        data = {"name": "Điểm mới", "address": "Thôn 2", "sort_order": "0", "site": str(province.site.pk)}
        publisher.post(url, data)
        assert not HelpPoint.objects.filter(name="Điểm mới").exists()
        publisher.post(url, {**data, "site": str(commune.site.pk)})
        assert HelpPoint.objects.get(name="Điểm mới").site == commune.site

    def test_the_chooser_offers_the_own_to_editors(self, editor: Client) -> None:
        viewset = HelpPoint.snippet_viewset.chooser_viewset
        shown = text_of(editor, reverse(viewset.get_url_name("choose")))
        assert "Điểm Xã Thử" in shown
        assert not OTHER.search(shown)

    def test_editors_do_not_change_them(self, editor: Client, commune: Office) -> None:
        assert shut(editor, reverse(HelpPoint.snippet_viewset.get_url_name("list")))


@pytest.mark.parametrize("model", ["pillar", "topic", "place", "audience", "skillgroup"])
def test_the_vocabulary_is_kept_by_administrators(
    publisher: Client, sign_in: Callable[..., Client], model: str
) -> None:
    url = reverse(f"wagtailsnippets_core_{model}:list")
    assert shut(publisher, url)
    assert sign_in().get(url).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_home",
        "home_required_content",
        "home_review",
        "guides_opinion_report",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:locked_pages",
    ],
)
def test_reports_speak_of_the_own_office(publisher: Client, province: Office, name: str) -> None:
    assert not OTHER.search(text_of(publisher, reverse(name)))


def test_a_home_page_in_a_new_language_is_the_staffs_too(commune: Office) -> None:
    home = home_of(commune.site)
    english = home.copy_for_translation(make_locale("en"))
    codenames = {
        group.name: set(
            GroupPagePermission.objects.filter(group=group, page=english).values_list(
                "permission__codename", flat=True
            )
        )
        for group in (commune.groups.editors, commune.groups.publishers)
    }
    assert codenames == {
        commune.groups.editors.name: {"add_page", "change_page"},
        commune.groups.publishers.name: {
            "add_page",
            "change_page",
            "publish_page",
            "lock_page",
            "unlock_page",
        },
    }
    assert WorkflowPage.objects.get(page=english).workflow == home.get_workflow()


def test_what_editors_submit_waits_for_the_own_publishers(
    editor: Client, publisher: Client, sign_in: Callable[..., Client], commune: Office, province: Office
) -> None:
    page = Page.objects.get(pk=commune.draft.pk)
    workflow = page.get_workflow()
    task = GroupApprovalTask.objects.get(pk=workflow.tasks.get().pk)
    assert list(task.groups.all()) == [commune.groups.publishers]
    user = commune.groups.editors.user_set.get()
    page.specific.save_revision(user=user)
    workflow.start(page.specific, user)
    assert "Bài nháp Xã Thử" in text_of(publisher, reverse("wagtailadmin_home"))
    other = sign_in(province.groups.publishers)
    assert "Bài nháp Xã Thử" not in text_of(other, reverse("wagtailadmin_home"))


def test_setting_up_twice_changes_nothing(commune: Office) -> None:
    before = (Group.objects.count(), GroupPagePermission.objects.count(), WorkflowPage.objects.count())
    set_up_staff(commune.site, home_of(commune.site), "Xã Thử", commune.collection)
    after = (Group.objects.count(), GroupPagePermission.objects.count(), WorkflowPage.objects.count())
    assert after == before
