"""Guides: how to do one thing, step by step."""

import datetime
import re
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import BodyBlock
from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StreamField
from core.images import fetch_renditions
from core.models import ContentPage
from core.offices import remember
from guides import structured_data
from guides.blocks import MistakesBlock, NeedsBlock, QuestionsBlock, StepsBlock
from guides.querysets import GuideManager
from guides.series import Place, place_in_series

_END_OF_CLAUSE = re.compile(r"(?<=[^\d])[.;,:(]\s*|\s[–—]\s")
#: After this many days without a review a guide says so: procedures change about once a year.
REVIEW_AFTER_DAYS = 365

#: Characters of a line on a card.
SHORT = 48


def in_short(text: str) -> str:
    """Return the first sentence or clause of ``text``, cut to the width of a card's line."""
    return Truncator(_END_OF_CLAUSE.split(text.strip(), maxsplit=1)[0].rstrip(".")).chars(SHORT)


class GuidePage(ContentPage):
    """How to do one thing.

    Official procedures are explained and linked, never retold as forms (Decree 224/2026/NĐ-CP art. 9(1)(a)).
    """

    for_whom = models.TextField(_("for whom"), max_length=400, blank=True)
    needs = StreamField(NeedsBlock(), verbose_name=_("what is needed"), blank=True)
    duration = models.CharField(
        _("time needed"), max_length=120, blank=True, help_text=_("For example “about 15 minutes”.")
    )
    fee = models.CharField(
        _("fee"), max_length=160, blank=True, help_text=_("Say “free” where it costs nothing.")
    )
    online_label = models.CharField(
        _("where to do it online"),
        max_length=160,
        blank=True,
        help_text=_("The name of the website or application."),
    )
    online_url = models.URLField(_("address online"), max_length=500, blank=True)
    in_person = RichTextField(_("where to do it in person"), features=RICH_TEXT_FEATURES, blank=True)
    procedure_code = models.CharField(
        _("code of the official procedure"),
        max_length=60,
        blank=True,
        help_text=_("As the National Public Service Portal gives it."),
    )
    procedure_url = models.URLField(_("address of the official procedure"), max_length=500, blank=True)
    steps = StreamField(StepsBlock(), verbose_name=_("steps"), blank=True)
    mistakes = StreamField(MistakesBlock(), verbose_name=_("common mistakes"), blank=True)
    questions = StreamField(QuestionsBlock(), verbose_name=_("questions and answers"), blank=True)
    scam_warning = RichTextField(
        _("scam warning"),
        features=RICH_TEXT_FEATURES,
        blank=True,
        help_text=_("What swindlers do in this matter and what the office never asks for."),
    )
    skill_groups = ParentalManyToManyField(
        "core.SkillGroup", verbose_name=_("digital literacy groups"), blank=True, related_name="guides"
    )
    body = StreamField(
        BodyBlock(),
        verbose_name=_("more content"),
        blank=True,
        help_text=_("Shown after the steps; often not needed."),
    )

    objects = GuideManager()

    kind_label = _("Guide")
    schema_type = "HowTo"
    parent_page_types = ["guides.GuideIndexPage", "guides.GuideSeriesPage"]
    subpage_types: list[str] = []

    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("for_whom"),
        index.SearchField("needs"),
        index.SearchField("steps"),
        index.SearchField("mistakes"),
        index.SearchField("questions"),
        index.SearchField("scam_warning"),
        index.SearchField("body"),
    ]
    override_translatable_fields = [
        *ContentPage.override_translatable_fields,
        SynchronizedField("procedure_code", overridable=False),
        SynchronizedField("procedure_url"),
        SynchronizedField("online_url"),
        SynchronizedField("skill_groups", overridable=False),
    ]
    content_panels = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("for_whom"),
                FieldPanel("needs"),
                FieldRowPanel([FieldPanel("duration"), FieldPanel("fee")]),
            ],
            heading=_("Before you start"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("online_label"), FieldPanel("online_url")]),
                FieldPanel("in_person"),
                FieldRowPanel([FieldPanel("procedure_code"), FieldPanel("procedure_url")]),
            ],
            heading=_("Where to do it"),
        ),
        FieldPanel("steps"),
        MultiFieldPanel(
            [FieldPanel("mistakes"), FieldPanel("questions"), FieldPanel("scam_warning")],
            heading=_("Help and warnings"),
        ),
        FieldPanel("body"),
    ]
    classification_panels = [*ContentPage.classification_panels, FieldPanel("skill_groups")]

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        indexes: list[models.Index] = []

    @property
    def review_is_old(self) -> bool:
        """Whether the last review lies more than twelve months back."""
        limit = timezone.localdate() - datetime.timedelta(days=REVIEW_AFTER_DAYS)
        return self.last_reviewed_on is not None and self.last_reviewed_on < limit

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Return related pages; the preview of a page that was never saved has none."""
        return super().related(request, limit) if self.pk else []

    def card_extras(self) -> dict[str, Any]:
        """Show how long it takes and what it costs, the first sentence of each."""
        return {"meta": [in_short(text) for text in (self.duration, self.fee) if text]}

    def place_in_series(self, request: HttpRequest) -> Place | None:
        """Return the guide's place in its series, None for a guide outside a series.

        What readers see is kept for a minute, as on the front page; a preview reads anew.
        """
        if not self.pk or getattr(request, "is_preview", False):
            return self._read_place(request)
        key = ("guide-place", self.pk, get_language(), request.get_host())
        # the cache would take None for "not there"
        found: tuple[Place | None] = remember(*key, make=lambda: (self._read_place(request),))
        return found[0]

    def _read_place(self, request: HttpRequest) -> Place | None:
        if self.depth is None or self.depth < 2:
            return None
        series_model = apps.get_model("guides", "GuideSeriesPage")
        series = (
            series_model.objects.filter(path=self.path[: -self.steplen], live=True)
            .select_related("locale")
            .first()
        )
        if series is None:
            return None
        guides = list(type(self).objects.in_series(series).select_related("locale"))
        return place_in_series(self, series, guides, request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the place in the series; read the renditions of all step pictures at once."""
        context = super().get_context(request, *args, **kwargs)
        images = [block.value["image"] for block in self.steps if block.value.get("image")]
        fetch_renditions(images)
        context["place"] = self.place_in_series(request)
        context["steps_toc"] = [
            {"id": f"buoc-{number}", "title": block.value["title"]}
            for number, block in enumerate(self.steps, start=1)
        ]
        # a preview of a page that was never saved has no address to send an opinion to
        context["opinion_url"] = reverse("guides_opinion", args=[self.pk]) if self.pk else ""
        return context

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Add steps and, where there are any, questions."""
        data = super().get_structured_data(request) | structured_data.how_to(self, request)
        if self.questions:
            data["hasPart"] = [structured_data.questions(self)]
        return data
