"""The admin: shared vocabulary, slugs, the office's colours, and the pages that staff may link to."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from core import staff
from core.help_points import HelpPointViewSet
from core.models import Audience, Pillar, Place, SkillGroup, Topic
from core.rich_text import PageLinkHandler


class PillarViewSet(SnippetViewSet):
    """Pillars."""

    model = Pillar
    icon = "tag"
    list_display = ["name", "slug"]


class TopicViewSet(SnippetViewSet):
    """Topics."""

    model = Topic
    icon = "tag"
    list_display = ["name", "slug"]


class PlaceViewSet(SnippetViewSet):
    """Places."""

    model = Place
    icon = "site"
    list_display = ["name", "kind", "valid_from", "valid_to"]
    list_filter = ["kind"]


class AudienceViewSet(SnippetViewSet):
    """Audiences."""

    model = Audience
    icon = "group"


class SkillGroupViewSet(SnippetViewSet):
    """Groups of the digital literacy framework."""

    model = SkillGroup
    icon = "list-ol"
    list_display = ["number", "name"]


class VocabularyGroup(SnippetViewSetGroup):
    """One menu entry for everything by which content is classified."""

    items = (TopicViewSet, PlaceViewSet, AudienceViewSet, PillarViewSet, SkillGroupViewSet)
    menu_label = _("Classification")
    menu_icon = "tag"
    menu_order = 300


register_snippet(VocabularyGroup)
register_snippet(HelpPointViewSet)


@hooks.register("register_rich_text_features", order=100)
def page_links(features: Any) -> None:
    """Follow links to pages with one query for a whole text."""
    features.register_link_type(PageLinkHandler)


@hooks.register("insert_global_admin_js")
def slug_script() -> SafeString:
    """Fold Vietnamese titles before Wagtail's own script turns them into slugs."""
    return format_html('<script src="{}" defer></script>', static("js/admin_slug.js"))


@hooks.register("insert_editor_js")
def saving_script() -> SafeString:
    """Let a pressed button wait for the draft that is being saved."""
    return format_html('<script type="module" src="{}"></script>', static("js/admin_saving.js"))


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """Load the office's typeface and colours in the admin."""
    return format_html(
        '<link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}">',
        static("css/fonts.css"),
        static("css/admin.css"),
    )


@hooks.register("construct_page_chooser_queryset")
def pages_to_link_to(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Offer the pages of the own office and what is published by the office that shares with it."""
    return staff.choosable_pages(pages, request.user)
