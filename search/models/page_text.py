"""What search keeps besides the index: the plain text of a page, from which a result shows the passage that matches."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PageText(models.Model):
    """The readable text of a page as it was indexed, and what its card says besides title and introduction.

    Written together with the index entry, so that a result list needs one query for its passages, whatever blocks the pages
    are made of and whichever engine found them.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, primary_key=True, related_name="search_text")
    text = models.TextField(_("text"), blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    meta = models.JSONField(_("details"), default=list, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("searchable text of a page")
        verbose_name_plural = _("searchable texts of pages")

    def __str__(self) -> str:
        return str(self.page_id)
