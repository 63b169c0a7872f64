"""Images with credit, documents with the data an official document has."""

from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Image
from wagtail.search import index

#: Characters of a file by which staff find it: every word is also indexed by its beginnings.
FILE_TEXT = 20_000


class SiteImage(AbstractImage):
    """An image; ``description`` is its text alternative, ``credit`` who made it."""

    credit = models.CharField(_("credit"), max_length=160, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_siteimage", "Can choose image")]

    @property
    def default_alt_text(self) -> str:
        """The description; never the file's title, which is a name for editors."""
        return self.description


class SiteImageRendition(AbstractRendition):
    """A rendition of a SiteImage."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class SiteDocument(AbstractDocument):
    """A file with the data of an official document (number, date, issuer, kind)."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan")
        DECISION = "decision", _("decision")
        NOTICE = "notice", _("notice")
        LEAFLET = "leaflet", _("leaflet")
        HANDBOOK = "handbook", _("handbook")
        FORM = "form", _("form")
        REPORT = "report", _("report")
        AUDIO = "audio", _("audio")
        OTHER = "other", _("other")

    number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    summary = models.TextField(_("summary"), max_length=600, blank=True)

    admin_form_fields = (*Document.admin_form_fields, "number", "issued_on", "issuer", "kind", "summary")
    search_fields = [
        *AbstractDocument.search_fields,
        index.SearchField("number"),
        index.SearchField("summary"),
        index.AutocompleteField("file_text"),  # by which the staff area searches
        index.FilterField("kind"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_sitedocument", "Can choose document")]

    def file_text(self) -> str:
        """How the file begins, for the staff area's search; empty until it has been read (``search`` does that)."""
        found = getattr(self, "read_text", None)
        return found.text[:FILE_TEXT] if found is not None else ""

    @property
    def type_label(self) -> str:
        """The file type in capitals, as people know it: PDF, DOCX."""
        return self.file_extension.upper()

    @property
    def size_label(self) -> str:
        """The file size in words, in the active language."""
        return filesizeformat(self.get_file_size() or 0)
