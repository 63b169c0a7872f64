"""What is known of each search backend's index, and which objects a search server has yet to be told about."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndexState(models.Model):
    """An index as it was built last.

    Attributes:
        backend: alias in WAGTAILSEARCH_BACKENDS.
        version: ``search.analysis.VERSION`` when it was built.
        building: name of an index → name of the one that is being built to take its place.
        retry_at, tries: when changes that could not be delivered are tried again, and how often they were.
    """

    backend = models.CharField(_("search engine"), max_length=100, unique=True)
    version = models.PositiveIntegerField(_("version of the analysis"), default=0)
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    building = models.JSONField(_("indexes being built"), default=dict, blank=True)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("state of a search index")
        verbose_name_plural = _("states of search indexes")

    def __str__(self) -> str:
        return self.backend


class IndexChange(models.Model):
    """An object that was saved or deleted and that a search server has yet to be told about.

    Written in the transaction of the change itself, so that none is lost, and removed when every server knows.

    Attributes:
        model: label of the root model ("wagtailcore.page" for every page), as the indexes are divided.
        number: rises with every change (nanoseconds), so that a change that comes while one is delivered is kept.
    """

    model = models.CharField(_("model"), max_length=100)
    object_id = models.CharField(_("object"), max_length=100)
    number = models.BigIntegerField(_("number"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("change to be indexed")
        verbose_name_plural = _("changes to be indexed")
        constraints = [models.UniqueConstraint(fields=["model", "object_id"], name="search_change_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
