"""The front page of an office."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Site
from wagtail.search import index

from core import structured_data
from core.blocks import BodyBlock
from core.blocks.data import FiguresBlock
from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StreamField
from core.models import ContentPage
from home import sections


class HomePage(ContentPage):
    """Answers on the first screen: what is new, what can I learn or do, when is the next class, whom do I call."""

    lead_page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("lead story"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", help_text=_("Shown large on top. The newest article when left empty."),
    )  # fmt: skip
    pillars_intro = models.CharField(_("sentence above the pillars"), max_length=255, blank=True)
    figures = StreamField(
        [("figures", FiguresBlock())], verbose_name=_("headline figures"), blank=True, max_num=1
    )
    call_title = models.CharField(_("title of the help box"), max_length=120, blank=True)
    call_text = RichTextField(_("text of the help box"), features=RICH_TEXT_FEATURES, blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("further content"), blank=True)

    kind_label = _("Home page")
    schema_type = "WebPage"
    template = "home/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.StandardPage",
        "home.LeadersPage",
        "home.OfficialChannelsPage",
        "home.HelpPointsPage",
        "home.DocumentLibraryPage",
        "news.NewsIndexPage",
        "guides.GuideIndexPage",
        "training_events.EventIndexPage",
    ]
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [
        *ContentPage.content_panels,
        PageChooserPanel("lead_page"),
        MultiFieldPanel(
            [FieldPanel("pillars_intro"), InlinePanel("popular_guides", label=_("guide"), max_num=6)],
            heading=_("Pillars and popular guides"),
        ),
        FieldPanel("figures"),
        MultiFieldPanel([FieldPanel("call_title"), FieldPanel("call_text")], heading=_("Help box")),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the sections of the front page."""
        context = super().get_context(request, *args, **kwargs)
        site = Site.find_for_request(request)
        fresh = bool(getattr(request, "is_preview", False))
        context["front"] = sections.front_page(self, request, site, fresh=fresh) if site else None
        return context

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Return nothing: the front page is made of links already."""
        return []

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Describe the website and the office that publishes it."""
        data = super().get_structured_data(request)
        data["@type"] = "WebSite"
        data["about"] = structured_data.organisation(request)
        return data


class PopularGuide(Orderable):
    """A guide that editors show on the front page."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="popular_guides")
    guide = models.ForeignKey(
        "guides.GuidePage", verbose_name=_("guide"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("guide", "guides.GuidePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("popular guide")
