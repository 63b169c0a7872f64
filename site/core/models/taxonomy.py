"""The closed vocabularies by which everything is classified: pillars, topics, audiences, skill groups."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from core import vietnamese


class VocabularyTerm(TranslatableMixin, index.Indexed, models.Model):
    """A term with a name and a slug that is the same in every language (it stands in URLs)."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        blank=True,
        help_text=_("Made from the name when left empty. Part of web addresses."),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("sort_order")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]
    translatable_fields = [
        TranslatableField("name"),
        SynchronizedField("slug"),
        SynchronizedField("sort_order"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Give the term a slug before its uniqueness is checked."""
        super().clean()
        self.slug = self.slug or vietnamese.slugify(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in NFC and never without a slug."""
        self.name = vietnamese.to_nfc(self.name)
        self.slug = self.slug or vietnamese.slugify(self.name)
        super().save(*args, **kwargs)


class Pillar(VocabularyTerm):  # type: ignore[django-manager-missing] # the reverse manager is generic
    """One of the programme's pillars (digital government, economy, society)."""

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    icon = models.CharField(
        _("icon"), max_length=40, blank=True, help_text=_("Name of a file in static/icons/.")
    )
    image = models.ForeignKey(
        "core.SiteImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels = [*VocabularyTerm.panels, FieldPanel("summary"), FieldPanel("icon"), FieldPanel("image")]
    translatable_fields = [
        *VocabularyTerm.translatable_fields,
        TranslatableField("summary"),
        SynchronizedField("icon"),
        SynchronizedField("image"),
    ]

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        unique_together = [("translation_key", "locale"), ("locale", "slug")]

    @property
    def title(self) -> str:
        """The name, under the word that templates of other title-bearing things use."""
        return self.name


class Audience(VocabularyTerm):
    """For whom something is meant (residents, officials, co-operatives …)."""

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        unique_together = [("translation_key", "locale"), ("locale", "slug")]


class SkillGroup(VocabularyTerm):
    """A group of the digital literacy framework (Decree 224/2026/NĐ-CP art. 77 names seven)."""

    number = models.PositiveSmallIntegerField(_("number in the framework"), default=0)

    panels = [*VocabularyTerm.panels, FieldPanel("number")]
    translatable_fields = [*VocabularyTerm.translatable_fields, SynchronizedField("number")]

    class Meta(VocabularyTerm.Meta):
        ordering = ["number", "name"]
        verbose_name = _("digital literacy group")
        verbose_name_plural = _("digital literacy groups")
        unique_together = [("translation_key", "locale"), ("locale", "slug")]


class Topic(TranslatableMixin, index.Indexed, TagBase):
    """A topic (lĩnh vực): a taggit tag from a closed list, one row per language."""

    free_tagging = False

    # taggit's fields are unique over the whole table; ours are unique within a language
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=100, blank=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("summary")]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("locale_id"),
    ]
    translatable_fields = [TranslatableField("name"), SynchronizedField("slug"), TranslatableField("summary")]

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]
        unique_together = [("translation_key", "locale"), ("locale", "slug"), ("locale", "name")]

    def clean(self) -> None:
        """Give the topic a slug before its uniqueness is checked."""
        super().clean()
        self.slug = self.slug or vietnamese.slugify(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in NFC with an ASCII slug (taggit would keep Vietnamese letters in it)."""
        self.name = vietnamese.to_nfc(self.name)
        self.slug = self.slug or vietnamese.slugify(self.name)
        super().save(*args, **kwargs)
