"""Illustrations and documents of the sample site, created once."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.models import Collection

from core.models import SiteDocument, SiteImage
from home.demo import content_files

ILLUSTRATIONS = "Hình minh họa mẫu"


class Media:
    """Finds images and documents by their keys and creates the missing ones."""

    def __init__(self, collections: dict[str, Collection]) -> None:
        """Take the collection of each office's documents."""
        self._collections = collections
        self._alternatives = content_files.alternatives()
        self._documents = {row["key"]: row for row in content_files.read("documents")}
        self._images: dict[str, SiteImage] = {}
        self._made: dict[str, SiteDocument] = {}

    def image(self, key: str) -> SiteImage:
        """Return the illustration ``key``.

        Raises:
            FileNotFoundError: when there is no such picture.
        """
        if key not in self._images:
            path = next(
                (p for p in content_files.IMAGES.glob(f"{key}.*") if p.suffix in (".svg", ".jpg")), None
            )
            if path is None:
                raise FileNotFoundError(f"no sample illustration {key!r}")
            text = self._alternatives.get(key, {})
            collection = self.illustrations()
            title = text.get("title", key)
            image = SiteImage.objects.filter(collection=collection, title=title).first()
            if image is None:
                image = SiteImage(
                    title=title,
                    description=text.get("alt", ""),
                    credit="Tranh vẽ cho website này",
                    collection=collection,
                    file=ImageFile(BytesIO(path.read_bytes()), name=path.name),
                    file_size=path.stat().st_size,
                )
                image.save()
            self._images[key] = image
        return self._images[key]

    def document(self, key: str) -> SiteDocument:
        """Return the document ``key``.

        Raises:
            KeyError: when documents.yaml does not list it.
        """
        if key not in self._made:
            data = self._documents[key]
            collection = self._collections[data["site"]]
            document = SiteDocument.objects.filter(collection=collection, title=data["title"]).first()
            if document is None:
                path = content_files.DOCUMENTS / data["file"]
                document = SiteDocument(
                    title=data["title"],
                    number=data.get("number") or "",
                    issued_on=data.get("issued_on"),
                    issuer=data.get("issuer") or "",
                    kind=data.get("kind") or SiteDocument.Kind.OTHER,
                    summary=data.get("summary") or "",
                    collection=collection,
                )
                document.file.save(path.name, ContentFile(path.read_bytes()), save=False)
                document._set_document_file_metadata()
                document.save()
                document.file.close()
                document.file.close()  # opened for its hash
            self._made[key] = document
        return self._made[key]

    def all_documents(self) -> list[SiteDocument]:
        """Create every listed document."""
        return [self.document(key) for key in self._documents]

    def illustrations(self) -> Collection:
        """Return the collection of the drawings, which every office may use."""
        root = Collection.get_first_root_node()
        found = root.get_children().filter(name=ILLUSTRATIONS).first()
        collection: Collection = found or root.add_child(name=ILLUSTRATIONS)
        return collection
