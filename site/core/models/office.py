"""What differs from office to office: names, contacts, official channels, alerts. One row per Wagtail Site."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Locale, Orderable

#: Texts of the office that a translation may replace.
TRANSLATED_FIELDS = (
    "organisation_name",
    "short_name",
    "parent_organisation",
    "slogan",
    "address",
    "opening_hours",
    "footer_text",
    "notice",
)


@register_setting(icon="home")
class OfficeSettings(BaseSiteSetting, ClusterableModel):
    """Everything that names an office. Nothing about an organisation is hard-coded in templates."""

    organisation_name = models.CharField(_("name of the office"), max_length=200, blank=True)
    short_name = models.CharField(
        _("short name"), max_length=80, blank=True, help_text=_("Shown in the header.")
    )
    parent_organisation = models.CharField(_("superior office"), max_length=200, blank=True)
    slogan = models.CharField(_("line below the name"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    hotline = models.CharField(_("hotline"), max_length=30, blank=True)
    email = models.EmailField(_("email"), blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    footer_text = models.TextField(
        _("footer text"),
        max_length=600,
        blank=True,
        help_text=_("Who is responsible for the content, licence number."),
    )
    notice = models.CharField(
        _("notice on every page"),
        max_length=300,
        blank=True,
        help_text=_("For example that the content is a sample."),
    )
    share_image = models.ForeignKey(
        "core.SiteImage", verbose_name=_("picture for sharing"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page on personal data"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Forms link here: what is kept about people, why and until when."),
    )
    collection = models.ForeignKey(
        "wagtailcore.Collection", verbose_name=_("collection of the office's documents"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    shares_from = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("also show what this website shares"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
        help_text=_("Pages that the superior office marks as shared appear in this website's lists."),
    )  # fmt: skip

    panels = [
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in ("organisation_name", "short_name", "parent_organisation", "slogan")
            ],
            heading=_("The office"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("hotline")]),
                FieldPanel("email"),
                FieldPanel("opening_hours"),
            ],
            heading=_("Contact"),
        ),
        InlinePanel("channels", heading=_("Official channels"), label=_("channel")),
        InlinePanel("alerts", heading=_("Alerts"), label=_("alert")),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "footer_text",
                    "notice",
                    "share_image",
                    "privacy_page",
                    "collection",
                    "shares_from",
                )
            ],
            heading=_("The website"),
        ),
        InlinePanel("translations", heading=_("In other languages"), label=_("translation")),
    ]

    translated_fields = TRANSLATED_FIELDS

    class Meta:
        verbose_name = _("office and contact")

    def __str__(self) -> str:
        return self.organisation_name or str(self.site)

    def clean(self) -> None:
        """Refuse a website that shares with itself."""
        super().clean()
        if self.shares_from_id and self.shares_from_id == self.site_id:
            raise ValidationError({"shares_from": _("Choose another website, not this one.")})

    def text(self, name: str, language: str) -> str:
        """Return the text field ``name`` in ``language``, the source text where no translation is given."""
        for row in self.translations.all():
            if row.locale.language_code == language and getattr(row, name):
                return getattr(row, name)
        return getattr(self, name)


class OfficialChannel(Orderable):
    """A channel that the office runs itself, published so that fakes can be told apart."""

    class Kind(models.TextChoices):
        WEBSITE = "website", _("website")
        ZALO = "zalo", "Zalo"
        FACEBOOK = "facebook", "Facebook"
        YOUTUBE = "youtube", "YouTube"
        PHONE = "phone", _("phone")
        EMAIL = "email", _("email")
        LOUDSPEAKER = "loudspeaker", _("loudspeaker")
        OTHER = "other", _("other")

    office = ParentalKey(OfficeSettings, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.ZALO)
    name = models.CharField(_("name of the channel"), max_length=120)
    url = models.CharField(_("address (URL)"), max_length=300, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    panels = [FieldPanel("kind"), FieldPanel("name"), FieldPanel("url"), FieldPanel("note")]

    class Meta(Orderable.Meta):
        verbose_name = _("official channel")
        verbose_name_plural = _("official channels")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Allow web, phone and mail addresses only, so that no script can stand in a link."""
        super().clean()
        if self.url and not self.url.startswith(("https://", "http://", "tel:", "mailto:")):
            raise ValidationError({"url": _("Enter an address that begins with https://, tel: or mailto:.")})


class AlertQuerySet(models.QuerySet["Alert"]):
    """Selections of alerts."""

    def current(self, now: datetime.datetime, language: str) -> "AlertQuerySet":
        """Return alerts in force at ``now`` (aware) that are meant for ``language`` or for all languages."""
        return self.filter(
            Q(starts_at__isnull=True) | Q(starts_at__lte=now),
            Q(ends_at__isnull=True) | Q(ends_at__gt=now),
            Q(locale__isnull=True) | Q(locale__language_code=language),
        )


class Alert(Orderable):
    """A line above every page, between two moments."""

    class Level(models.TextChoices):
        INFO = "info", _("information")
        WARNING = "warning", _("warning")
        URGENT = "urgent", _("urgent")

    office = ParentalKey(OfficeSettings, on_delete=models.CASCADE, related_name="alerts")
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.INFO)
    message = models.CharField(_("message"), max_length=240)
    locale = models.ForeignKey(
        Locale, verbose_name=_("language"), null=True, blank=True, on_delete=models.CASCADE, related_name="+",
        help_text=_("Leave empty to show the alert in every language."),
    )  # fmt: skip
    link_page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page to read on"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    link_url = models.URLField(_("or a web address"), blank=True)
    starts_at = models.DateTimeField(_("shown from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("shown until"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    panels = [
        FieldPanel("level"),
        FieldPanel("message"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        PageChooserPanel("link_page"),
        FieldPanel("link_url"),
        FieldPanel("locale"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")

    def __str__(self) -> str:
        return self.message

    def clean(self) -> None:
        """Refuse an alert that ends before it begins."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must be after the start.")})

    @property
    def is_current(self) -> bool:
        """Whether the alert is in force now."""
        now = timezone.now()
        return (self.starts_at is None or self.starts_at <= now) and (
            self.ends_at is None or now < self.ends_at
        )


class OfficeTranslation(Orderable):
    """The office's texts in another language; an empty field falls back to Vietnamese."""

    office = ParentalKey(OfficeSettings, on_delete=models.CASCADE, related_name="translations")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    organisation_name = models.CharField(_("name of the office"), max_length=200, blank=True)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    parent_organisation = models.CharField(_("superior office"), max_length=200, blank=True)
    slogan = models.CharField(_("line below the name"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    footer_text = models.TextField(_("footer text"), max_length=600, blank=True)
    notice = models.CharField(_("notice on every page"), max_length=300, blank=True)

    panels: list[Any] = [FieldPanel("locale"), *(FieldPanel(name) for name in TRANSLATED_FIELDS)]

    class Meta(Orderable.Meta):
        verbose_name = _("translation of the office's texts")
        unique_together = [("office", "locale")]

    def __str__(self) -> str:
        return f"{self.office} ({self.locale})"
