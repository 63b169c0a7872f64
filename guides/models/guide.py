"""Guides: how to do one thing, step by step."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import BodyBlock
from core.blocks.text import RICH_TEXT_FEATURES
from core.fields import StreamField
from core.models import ContentPage
from guides.blocks import MistakesBlock, NeedsBlock, QuestionsBlock, StepsBlock


class GuidePage(ContentPage):
    """How to do one thing.

    Official procedures are explained and linked, never retold as forms (Decree 224/2026/NĐ-CP art. 9(1)(a)).
    """

    for_whom = models.TextField(_("for whom"), max_length=400, blank=True)
    needs = StreamField(NeedsBlock(), verbose_name=_("what is needed"), blank=True)
    duration = models.CharField(
        _("time needed"), max_length=120, blank=True, help_text=_("For example “about 15 minutes”.")
    )
    fee = models.CharField(_("fee"), max_length=160, blank=True, help_text=_("Say “free” where it costs nothing."))
    online_label = models.CharField(
        _("where to do it online"), max_length=160, blank=True, help_text=_("The name of the website or application.")
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
        BodyBlock(), verbose_name=_("more content"), blank=True, help_text=_("Shown after the steps; often not needed.")
    )

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
