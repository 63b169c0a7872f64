"""Bulletins: numbered issues with items that are read, printed and read out over loudspeakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Site
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core import dates
from core.cards import Card
from core.fields import StreamField
from core.images import fetch_renditions
from core.offices import remember
from news import loudspeaker, routes
from news.blocks import BulletinItemsBlock
from news.forms import BulletinPageForm
from news.gathering import visible_pages
from news.models.base import NewsPage
from news.querysets import BulletinManager

#: Other issues beside an issue.
OTHER_ISSUES = 4


@dataclass(frozen=True, slots=True)
class _Around:
    """What an issue leads to: addresses of its items' pages by primary key, other issues."""

    links: dict[int, str]
    issues: list[Card]


class BulletinPage(NewsPage):
    """An issue of the bulletin."""

    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1)], help_text=_("Counts from 1 again every year.")
    )
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)
    items = StreamField(BulletinItemsBlock(), verbose_name=_("items"), blank=True)
    loudspeaker_script = models.TextField(
        _("loudspeaker script"),
        blank=True,
        help_text=_(
            "Short sentences to be read aloud. An empty line makes a new paragraph, that is, a pause."
        ),
    )

    objects = BulletinManager()
    base_form_class = BulletinPageForm

    kind_label = _("Bulletin")
    schema_type = "NewsArticle"

    search_fields = [
        *NewsPage.search_fields,
        index.SearchField("items"),
        index.SearchField("loudspeaker_script"),
        index.FilterField("number"),
    ]
    override_translatable_fields = [
        *NewsPage.override_translatable_fields,
        *(SynchronizedField(name, overridable=False) for name in ("number", "period_start", "period_end")),
    ]
    content_panels = [
        *NewsPage.content_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("number"), FieldPanel("period_start"), FieldPanel("period_end")])],
            heading=_("Issue"),
        ),
        FieldPanel("items"),
        FieldPanel("loudspeaker_script"),
    ]

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        indexes: list[models.Index] = []

    @property
    def year(self) -> int:
        """The year in which the number counts: that of the period's first day, otherwise of the publication."""
        return (self.period_start or self.published_on).year

    @property
    def number_label(self) -> str:
        """The number as people quote it: ``số 05/2026``."""
        if not self.number:  # a preview of a bulletin that has none yet
            return ""
        return gettext("no. %(number)02d/%(year)d") % {"number": self.number, "year": self.year}

    @property
    def period_label(self) -> str:
        """The period in words, empty where none is given."""
        first = self.period_start or self.period_end
        return dates.date_range(first, self.period_end) if first else ""

    @property
    def script_paragraphs(self) -> list[str]:
        """The loudspeaker script's paragraphs."""
        return loudspeaker.paragraphs(self.loudspeaker_script)

    @property
    def reading_label(self) -> str:
        """How long it takes to read the script aloud, in words."""
        return loudspeaker.reading_label(self.loudspeaker_script)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the items with their ways on, other issues and the address of the script's text file.

        Pictures, pages and issues are read at once, however many items there are.
        """
        context = super().get_context(request, *args, **kwargs)
        images = [block.value["image"] for block in self.items if block.value.get("image")]
        fetch_renditions(images)
        around = self._around(request)
        context["entries"] = [
            {
                "value": block.value,
                "address": around.links.get(getattr(block.value.get("page"), "pk", 0), ""),
            }
            for block in self.items
        ]
        address = self.get_url(request)
        context["script_url"] = f"{address}{routes.LOUDSPEAKER_FILE}" if address else ""
        context["earlier_cards"] = around.issues
        return context

    def _around(self, request: HttpRequest) -> _Around:
        """Return what the issue leads to; what readers see is kept for a minute, a preview never is."""
        if not self.pk or getattr(request, "is_preview", False):
            return self._read_around(request)
        key = ("bulletin", self.pk, get_language(), request.get_host())
        found: _Around = remember(*key, make=lambda: self._read_around(request))
        return found

    def _read_around(self, request: HttpRequest) -> _Around:
        site = Site.find_for_request(request)
        chosen = [block.value["page"] for block in self.items if block.value.get("page")]
        visible = visible_pages([page.translation_key for page in chosen], site)
        links = {
            page.pk: visible[page.translation_key].get_url(request) or ""
            for page in chosen
            if page.translation_key in visible
        }
        others = (
            BulletinPage.objects.for_site(site).exclude(pk=self.pk).newest().with_card_data() if site else []
        )
        return _Around(links, [page.get_card(request) for page in others[:OTHER_ISSUES]])

    def card_extras(self) -> dict[str, Any]:
        """Show number and period."""
        return {"meta": [text for text in (capfirst(self.number_label), self.period_label) if text]}

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Say which issue it is."""
        data = super().get_structured_data(request)
        data["isPartOf"] = {
            "@type": "PublicationIssue",
            "issueNumber": f"{self.number:02d}/{self.year}" if self.number else "",
            "datePublished": self.published_on.isoformat(),
        }
        return data
