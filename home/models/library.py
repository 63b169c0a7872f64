"""The document library of an office."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Collection, CollectionViewRestriction, Site
from wagtail.search import index

from core import vietnamese
from core.filters import paginate
from core.models import ContentPage, SiteDocument
from core.offices import office_for_site
from home.models.standing import BodyPage

PAGE_SIZE = 20


class DocumentLibraryPage(BodyPage):
    """Lists the documents of the office's collection; filtered by kind and by words of the title."""

    kind_label = _("Documents")
    schema_type = "CollectionPage"
    max_count_per_parent = 1
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    search_fields = [*ContentPage.search_fields, index.SearchField("body")]
    content_panels = [*ContentPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("document library")
        verbose_name_plural = _("document libraries")

    def listed_documents(self) -> Any:
        """Return the documents that the page lists, for the search by their text."""
        site = self.get_site()
        return documents_of(site) if site else SiteDocument.objects.none()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the documents of the requested kind (``?loai=``) and words (``?tu=``), newest first."""
        context = super().get_context(request, *args, **kwargs)
        kind = request.GET.get("loai", "")[:20]
        words = request.GET.get("tu", "")[:100].replace("\x00", "").strip()
        site = Site.find_for_request(request)
        found = documents_of(site) if site else SiteDocument.objects.none()
        kinds = [(value, label) for value, label in SiteDocument.Kind.choices]
        if kind:
            found = found.filter(kind=kind) if kind in SiteDocument.Kind.values else found.none()
        if words:
            wanted = vietnamese.fold(words).split()
            keys = [row.pk for row in found if _matches(row, wanted)]
            found = found.filter(pk__in=keys)
        context |= {
            "documents": paginate(found, request, PAGE_SIZE),
            "kinds": kinds,
            "chosen_kind": kind,
            "words": words,
            "is_filtered": bool(kind or words),
        }
        return context


def documents_of(site: Site) -> Any:
    """Return the public documents of the collection that the office named, newest first; audio files left out."""
    collection = office_for_site(site).settings.collection
    if collection is None:
        return SiteDocument.objects.none()
    private = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    hidden = Q(pk__in=[])
    for path in private:
        hidden |= Q(path__startswith=path)
    collections = Collection.objects.descendant_of(collection, inclusive=True).exclude(hidden)
    return (
        SiteDocument.objects.filter(collection__in=collections)
        .exclude(kind=SiteDocument.Kind.AUDIO)
        .order_by("-issued_on", "title")
    )


def _matches(document: SiteDocument, wanted: list[str]) -> bool:
    """Tell whether every word occurs in the title, number or summary, accents or not."""
    text = vietnamese.fold(f"{document.title} {document.number} {document.summary}")
    return all(word in text for word in wanted)
