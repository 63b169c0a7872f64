"""Panel lists that page types share, so that every edit form looks the same."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel

from core.widgets import VietnameseSlugInput

CONTENT_PANELS = [
    TitleFieldPanel("title"),
    FieldPanel("intro"),
    FieldPanel("cover_image"),
]

CLASSIFICATION_PANELS = [
    FieldPanel("pillar"),
    FieldPanel("topics"),
    FieldPanel("places"),
    FieldPanel("audiences"),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("published_on"), FieldPanel("last_reviewed_on")]),
            FieldPanel("responsible_unit"),
        ],
        heading=_("Dates and responsibility"),
    ),
    InlinePanel("related_pages", heading=_("Related pages"), label=_("related page")),
]

PROMOTE_PANELS = [
    MultiFieldPanel(
        [FieldPanel("slug", widget=VietnameseSlugInput), FieldPanel("show_in_menus")],
        heading=_("Web address and menu"),
    ),
    MultiFieldPanel(
        [FieldPanel("seo_title"), FieldPanel("search_description")],
        heading=_("For search engines"),
    ),
    MultiFieldPanel(
        [FieldPanel("share_text"), FieldPanel("share_image"), FieldPanel("shared")],
        heading=_("Sharing"),
    ),
]
