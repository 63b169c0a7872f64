"""What is known of each search engine's index, and which objects an engine has yet to be told about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

#: Changes that an engine is told of in one go, at most.
BATCH = 500


class IndexState(models.Model):
    """An index as it was built last.

    Attributes:
        backend: alias in WAGTAILSEARCH_BACKENDS.
        version: ``search.analysis.VERSION`` when it was built.
        place: where it was built (``search.index_state.place_of``): another server or prefix has no index yet.
        building: name of an index → name of the one that is being built to take its place; for a database, whose index is
            built anew in place, "" → whoever builds it.
        retry_at, tries: when changes that could not be delivered are tried again, and how often they were.
        batch: changes in one go; fewer after a server was too slow for so many.
        busy_until: until when whoever is telling the engine of changes is left to it; he renews it as he goes on.
    """

    backend = models.CharField(_("search engine"), max_length=100, unique=True)
    version = models.PositiveIntegerField(_("version of the analysis"), default=0)
    place = models.CharField(_("where it is"), max_length=300, blank=True, default="")
    built_at = models.DateTimeField(_("built"), null=True, blank=True)
    building = models.JSONField(_("indexes being built"), default=dict, blank=True)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    batch = models.PositiveIntegerField(_("changes in one go"), default=BATCH)
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("state of a search index")
        verbose_name_plural = _("states of search indexes")

    def __str__(self) -> str:
        return self.backend


class IndexChange(models.Model):
    """An object that was saved or deleted and that a search engine has yet to be told about.

    Written in the transaction of the change itself, so that none is lost, and removed when the engine knows.

    Attributes:
        backend: alias in WAGTAILSEARCH_BACKENDS.
        model: label of the root model ("wagtailcore.page" for every page), as the indexes are divided.
        number: rises with every change (nanoseconds), so that a change that comes while one is delivered is kept.
        follows: it is the change of something that the page only shows (a topic's name); told after all others.
        is_told: the engine knows, but its index is being built anew from what may have been read before: it is told again.
    """

    backend = models.CharField(_("search engine"), max_length=100, default="default")
    model = models.CharField(_("model"), max_length=100)
    object_id = models.CharField(_("object"), max_length=100)
    number = models.BigIntegerField(_("number"), db_index=True)
    follows = models.BooleanField(_("follows another change"), default=False)
    is_told = models.BooleanField(_("told"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("change to be indexed")
        verbose_name_plural = _("changes to be indexed")
        constraints = [
            models.UniqueConstraint(fields=["backend", "model", "object_id"], name="search_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.backend}: {self.model} {self.object_id}"
