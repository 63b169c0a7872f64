"""Standing pages: contact, accessibility, privacy, and what a commune must publish."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.models import Orderable, Site, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.blocks import BodyBlock
from core.fields import StreamField
from core.models import ContentPage, HelpPoint
from core.offices import office_for_request
from core.taxonomy import localized_all, source_language


class Duty(models.TextChoices):
    """What a standing page is for. The kinds from ``apparatus`` on are asked of a commune by Decree 224/2026 art. 9(1)(c)."""

    GENERAL = "general", _("general")
    CONTACT = "contact", _("contact")
    ACCESSIBILITY = "accessibility", _("accessibility statement")
    PRIVACY = "privacy", _("privacy")
    APPARATUS = "apparatus", _("apparatus")
    NATURAL_CONDITIONS = "natural_conditions", _("natural conditions")
    HISTORY = "history", _("history")
    CULTURE = "culture", _("culture and sights")
    BOUNDARY_MAP = "boundary_map", _("boundary map")


class BodyPage(ContentPage):
    """A page whose content is a body of blocks (abstract)."""

    body = StreamField(BodyBlock(), verbose_name=_("content"), blank=True)

    class Meta:
        abstract = True


class StandardPage(BodyPage):
    """A page that stands: about, contact, accessibility, privacy, history …"""

    duty = models.CharField(
        _("purpose"), max_length=20, choices=Duty, default=Duty.GENERAL,
        help_text=_("Lets the website link here and lets the report of required content find it."),
    )  # fmt: skip

    kind_label = _("Information")
    schema_type = "WebPage"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "home.LeadersPage", "home.OfficialChannelsPage"]
    search_fields = [*ContentPage.search_fields, index.SearchField("body"), index.FilterField("duty")]
    content_panels = [*ContentPage.content_panels, FieldPanel("duty"), FieldPanel("body")]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the pages below, so that a section needs no hand-kept list."""
        context = super().get_context(request, *args, **kwargs)
        children = ContentPage.objects.child_of(self).live().public().order_by("path")
        context["child_cards"] = [page.get_card(request) for page in children.with_card_data()]
        context["page_office"] = office_for_request(request) if self.duty == Duty.CONTACT else None
        return context


class LeadersPage(BodyPage):
    """Apparatus and leaders with their duties."""

    kind_label = _("Information")
    schema_type = "AboutPage"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("body"),
        index.RelatedFields(
            "leaders", [index.SearchField("name"), index.SearchField("position"), index.SearchField("duties")]
        ),
    ]
    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("body"),
        InlinePanel("leaders", heading=_("Leaders"), label=_("person")),
    ]

    class Meta:
        verbose_name = _("apparatus and leaders")
        verbose_name_plural = _("apparatus and leaders")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the leaders with their portraits in one query."""
        context = super().get_context(request, *args, **kwargs)
        context["leaders"] = self.leaders.all()
        return context


class Leader(TranslatableMixin, Orderable):
    """A leader with duties and a short biography (Decree 224/2026 art. 9(1)(c))."""

    page = ParentalKey(LeadersPage, on_delete=models.CASCADE, related_name="leaders")
    name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=160)
    duties = models.TextField(_("duties"), max_length=1000, blank=True)
    biography = models.TextField(_("short biography"), max_length=1500, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("email"), blank=True)
    photo = models.ForeignKey(
        "core.SiteImage",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("position"),
        FieldPanel("duties"),
        FieldPanel("biography"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldPanel("photo"),
    ]
    translatable_fields = [
        SynchronizedField("name"),
        TranslatableField("position"),
        TranslatableField("duties"),
        TranslatableField("biography"),
        *(SynchronizedField(name) for name in ("phone", "email", "photo", "sort_order")),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")

    def __str__(self) -> str:
        return self.name


class OfficialChannelsPage(BodyPage):
    """The office's own channels, so that fakes can be told apart (Decree 224/2026 art. 10)."""

    kind_label = _("Information")
    schema_type = "ContactPage"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("official channels page")
        verbose_name_plural = _("official channels pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the office whose channels are listed."""
        context = super().get_context(request, *args, **kwargs)
        context["page_office"] = office_for_request(request)
        return context


class HelpPointsPage(BodyPage):
    """Where people get help in person."""

    kind_label = _("Information")
    schema_type = "CollectionPage"
    #: Offered by the search to readers who found nothing.
    search_help = True
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("help points page")
        verbose_name_plural = _("help points pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the office's help points in the active language."""
        context = super().get_context(request, *args, **kwargs)
        site = Site.find_for_request(request)
        points = HelpPoint.objects.filter(site=site, locale__language_code=source_language()).select_related(
            "place"
        )
        context["help_points"] = localized_all(points)
        return context
