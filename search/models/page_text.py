"""The text of a page as search keeps it: for the passage of a result, and for ranking."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageText(models.Model):
    """The readable text of a page as it was indexed, and what its card says besides title and introduction.

    Written together with the index entry, so that a result list needs one query for its passages, whatever blocks the pages
    are made of and whichever engine found them, and so that every engine's candidates are ranked by the same words.

    Attributes:
        text: readable text, NFC, in one line (``search.highlight.readable``).
        bare: the same letter for letter without marks and in lower case.
        folded, exact: the words of ``search.analysis.sections``, one line for each section (title, lead, body, files), with
            a blank before and after each word.
        facets: what filters narrow by: "t5 p2 a1" are topic 5, place 2 and audience 1 (primary keys of the source rows).
        files: files that the page offers, as ``search.documents`` describes them.
    """

    # without a constraint in the database: a page may be deleted while its text is being written, and that must fail neither
    # whoever deletes nor whoever writes; the change that the deletion leaves (search.outbox) takes the row away
    page = models.OneToOneField(
        Page, on_delete=models.CASCADE, primary_key=True, related_name="search_text", db_constraint=False
    )
    text = models.TextField(_("text"), blank=True)
    bare = models.TextField(_("text without marks"), blank=True, default="")
    folded = models.TextField(_("words without marks"), blank=True)
    exact = models.TextField(_("words with marks"), blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    meta = models.JSONField(_("details"), default=list, blank=True)
    facets = models.TextField(_("filters"), blank=True)
    files = models.JSONField(_("files"), default=list, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("searchable text of a page")
        verbose_name_plural = _("searchable texts of pages")

    def __str__(self) -> str:
        return str(self.page_id)
