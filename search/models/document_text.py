"""The text of a file of the document library, or why there is none."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentText(models.Model):
    """What reading a document's file gave.

    Attributes:
        document: the document; its file may have changed since, see ``file_hash``.
        text: readable text, NFC, at most ``search.reading.limits.MAX_CHARACTERS``.
        detail: what the reading program said, for whoever helps; not for readers.
        file_hash: SHA-1 of the file that was read; a file that did not change is not read again.
        pages, pages_read: of a PDF; 0 for other files.
        seconds: how long reading took.
    """

    class Status(models.TextChoices):
        """How reading went."""

        PENDING = "pending", _("waits to be read")
        DONE = "done", _("text is searched")
        EMPTY = "empty", _("no text in the file")
        TOO_BIG = "too_big", _("too large to read")
        TIMED_OUT = "timed_out", _("reading took too long")
        BROKEN = "broken", _("file is damaged")
        UNSUPPORTED = "unsupported", _("kind of file is not read")
        ENCRYPTED = "encrypted", _("file needs a password")

    document = models.OneToOneField(
        "core.SiteDocument", on_delete=models.CASCADE, primary_key=True, related_name="read_text"
    )
    text = models.TextField(_("text"), blank=True)
    status = models.CharField(
        _("state"), max_length=12, choices=Status, default=Status.PENDING, db_index=True
    )
    detail = models.CharField(_("details"), max_length=300, blank=True)
    file_hash = models.CharField(max_length=40, blank=True, editable=False)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    pages_read = models.PositiveIntegerField(_("pages read"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)
    extracted_at = models.DateTimeField(_("last read at"), null=True, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")

    def __str__(self) -> str:
        return str(self.document_id)
