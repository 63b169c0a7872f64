"""The admin: one menu entry for the search."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from search import admin_documents  # noqa: F401 - registers the report on files
from search.admin.index import IndexViewSet
from search.admin.promoted import PromotedViewSet
from search.admin.questions import QuestionsViewSet
from search.admin.shipped import ShippedViewSet
from search.admin.words import WordsViewSet


class SearchGroup(ViewSetGroup):
    """What people ask, the words of the search, what stands first, the index."""

    items = (QuestionsViewSet, WordsViewSet, ShippedViewSet, PromotedViewSet, IndexViewSet)
    menu_label = _("Search box")
    menu_icon = "search"
    menu_order = 260
    menu_name = "office-search"


@hooks.register("register_admin_viewset")
def search_group() -> SearchGroup:
    """Register the screens."""
    return SearchGroup()
