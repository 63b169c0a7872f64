"""Places that come and go with reforms of local government, and the help points in them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core.models.taxonomy import VocabularyTerm


class Place(VocabularyTerm):
    """An administrative place with the dates between which it existed and the place that succeeded it.

    Since 1 July 2025 districts no longer exist and many communes were merged: nothing about places is hard-coded.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district")
        COMMUNE = "commune", _("commune")
        WARD = "ward", _("ward")
        HAMLET = "hamlet", _("hamlet")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMMUNE)
    aliases = models.TextField(
        _("other names and spellings"), blank=True, help_text=_("One on each line, for example Đăk Ơ, Đak Ơ.")
    )
    valid_from = models.DateField(_("existed from"), null=True, blank=True)
    valid_to = models.DateField(_("existed until"), null=True, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="parts",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("succeeded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="predecessors",
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("kind"),
        FieldPanel("aliases"),
        FieldPanel("slug"),
        FieldPanel("sort_order"),
        MultiFieldPanel(
            [FieldPanel("parent"), FieldPanel("valid_from"), FieldPanel("valid_to"), FieldPanel("successor")],
            heading=_("Administrative changes"),
        ),
    ]
    search_fields = [*VocabularyTerm.search_fields, index.SearchField("aliases")]
    translatable_fields = [
        *VocabularyTerm.translatable_fields,
        *(
            SynchronizedField(name)
            for name in ("kind", "aliases", "valid_from", "valid_to", "parent", "successor")
        ),
    ]

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("place")
        verbose_name_plural = _("places")
        unique_together = [("translation_key", "locale"), ("locale", "slug")]

    def clean(self) -> None:
        """Refuse a place that ends before it begins or succeeds itself."""
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end date is before the start date.")})
        if self.pk and self.successor_id == self.pk:
            raise ValidationError({"successor": _("A place cannot succeed itself.")})

    @property
    def alias_list(self) -> list[str]:
        """Other names and spellings, without empty lines."""
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]

    def exists_on(self, day: datetime.date) -> bool:
        """Tell whether the place existed on ``day`` (open dates count as always)."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


class HelpPoint(TranslatableMixin, index.Indexed, models.Model):
    """A digital-society help point (Decree 224/2026 art. 78): where people get help in person."""

    site = models.ForeignKey(
        "wagtailcore.Site", verbose_name=_("website"), on_delete=models.CASCADE, related_name="help_points"
    )
    name = models.CharField(_("name"), max_length=160)
    place = models.ForeignKey(
        Place, verbose_name=_("place"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = models.CharField(_("address"), max_length=255)
    offers = models.TextField(_("what it helps with"), blank=True, help_text=_("One on each line."))
    opening_hours = models.CharField(_("opening hours"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    has_wifi = models.BooleanField(_("free Wi-Fi"), default=False)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = [
        FieldPanel("site"),
        FieldPanel("name"),
        FieldPanel("place"),
        FieldPanel("address"),
        FieldPanel("opening_hours"),
        FieldPanel("phone"),
        FieldPanel("has_wifi"),
        FieldPanel("offers"),
        FieldPanel("sort_order"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]
    translatable_fields = [
        TranslatableField("name"),
        TranslatableField("address"),
        TranslatableField("offers"),
        TranslatableField("opening_hours"),
        *(SynchronizedField(name) for name in ("site", "place", "phone", "has_wifi", "sort_order")),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("help point")
        verbose_name_plural = _("help points")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def offer_list(self) -> list[str]:
        """What the point helps with, one entry a line."""
        return [line.strip() for line in self.offers.splitlines() if line.strip()]
