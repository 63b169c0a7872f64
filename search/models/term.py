"""How many public pages hold each word and each pair of neighbours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """A term of ``search.analysis`` and the number of public pages that hold it.

    Made anew by ``search.vocabulary.refresh``; only from what everybody may read, so that a correction never gives away a
    word of a draft.
    """

    class Kind(models.IntegerChoices):
        """What a term is."""

        FOLDED = 0, _("word without marks")
        EXACT = 1, _("word with marks")
        PAIR = 2, _("two neighbours")

    term = models.CharField(_("term"), max_length=100, primary_key=True)
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind.choices)
    documents = models.PositiveIntegerField(_("pages"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("term of the search")
        verbose_name_plural = _("terms of the search")
        indexes = [models.Index(fields=["kind", "documents"], name="search_term_kind")]

    def __str__(self) -> str:
        return self.term
