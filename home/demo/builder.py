"""Builds the sample site through the models, once: what exists is never touched again.

Two passes, because pages refer to each other: the first makes the missing pages, the second fills exactly those and publishes.
Everything runs in one transaction, so that an interrupted build leaves nothing half-made.
"""

import datetime
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site

from core import taxonomy
from core.models import ContentPage, Place, RelatedPage, SiteImage, Topic
from home import offices as office_setup
from home.demo import content_files, english, events, offices
from home.demo.media import Media
from home.demo.values import Values
from home.models import HomePage, Leader, PopularGuide
from training_events.models import EventPage

#: Keys of a sample page that are no fields of its model.
_SPECIAL = {
    "type", "site", "parent", "slug", "cover", "topics", "related", "popular_guides", "leaders", "sessions",
    "registration", "registrations", "questions", "held_seats", "message_texts", "moved_by", "show_in_menus",
}  # fmt: skip

Say = Callable[[str], None]


class DemoBuilder:
    """Builds the sample; ``say`` gets one line for each stage."""

    def __init__(self, say: Say = lambda line: None) -> None:
        """Read the content files."""
        self._say = say
        self._content = content_files.read_pages()
        self._pages: dict[tuple[str, str], ContentPage] = {}
        self._new: list[tuple[dict[str, Any], ContentPage]] = []

    @transaction.atomic
    def build(self) -> int:
        """Build what is missing and return how many pages were made."""
        offices.locales()
        offices.build_vocabulary()
        self._say("Lĩnh vực, địa bàn, đối tượng: xong")
        collections = offices.build_collections()
        self._media = Media(collections)
        self._make_pages()
        homes = {site: self._pages[site, "trang-chu"] for site in offices.HOST_NAMES}
        sites = offices.build_sites(homes)
        self._remove_welcome_page()
        points = offices.build_help_points(sites)
        self._values = Values(self._media, self.find_page, points.__getitem__)
        self._media.all_documents()
        self._say(f"Khung trang: {len(self._pages)} trang, {len(self._new)} trang mới")
        offices.build_settings(sites, collections, self._media, self.find_page)
        for data, page in self._new:
            self._fill(data, page)
        self._say("Nội dung: xong")
        for data, page in self._new:
            if isinstance(page, EventPage) and events.live_through(page, data):
                self._date(page)
        self._say("Đăng ký, điểm danh, tin nhắn mẫu: xong")
        for key, home in homes.items():
            name = content_files.read("settings")[key]["short_name"]
            groups = office_setup.set_up_staff(sites[key], home, name, collections[key])
            office_setup.let_choose_from(groups, self._media.illustrations())
        made_english = english.translate_pages(self.find_page, {page.pk for _data, page in self._new})
        # wagtail-localize publishes when the transaction ends, and counts no children that were added until then
        transaction.on_commit(Page.fix_tree)
        self._say(f"Bản tiếng Anh: {made_english} trang")
        return len(self._new)

    def find_page(self, site: str, reference: str) -> ContentPage:
        """Return the page that ``reference`` (``slug`` or ``site:slug``) names.

        Raises:
            KeyError: when the sample has no such page.
        """
        wanted, _colon, slug = reference.rpartition(":")
        key = (wanted or site, slug)
        if key not in self._pages and not wanted:
            key = ("office", slug)
        return self._pages[key]

    def _make_pages(self) -> None:
        root = Page.get_first_root_node()
        for data in self._content:
            key = (data["site"], data["slug"])
            model = apps.get_model(data["type"])
            parent = self._pages[data["site"], data["parent"]] if data.get("parent") else root
            slug = data["slug"] if data.get("parent") else f"{data['site']}-{data['slug']}"
            page = model.objects.child_of(parent).filter(slug=slug).first()
            if page is None:
                page = model(
                    title=data["title"],
                    slug=slug,
                    locale=taxonomy.source_locale(),
                    live=False,
                    show_in_menus=bool(data.get("show_in_menus")),
                    **self._required(model, data),
                )
                parent = Page.objects.get(pk=parent.pk)
                parent.add_child(instance=page)
                self._new.append((data, page))
            self._pages[key] = page

    def _required(self, model: type[models.Model], data: dict[str, Any]) -> dict[str, Any]:
        """Return plain values (numbers, dates, words) at once: some columns cannot be empty."""
        found = {}
        for name, value in data.items():
            if name in _SPECIAL or name == "title" or isinstance(value, (list, dict)) or value is None:
                continue
            field = model._meta.get_field(name)
            if not field.is_relation and not isinstance(field, (StreamField, RichTextField)):
                found[name] = value
        return found

    def _fill(self, data: dict[str, Any], page: ContentPage) -> None:
        site = data["site"]
        # children were added since this object was made; saving it must not forget them
        page.refresh_from_db(fields=["path", "depth", "numchild"])
        for name, value in data.items():
            if name not in _SPECIAL and value is not None:
                self._set(site, page, name, value)
        if data.get("cover"):
            page.cover_image = self._media.image(data["cover"])
        page.topics.set(self._terms(Topic, data.get("topics") or []))
        page.related_pages = [
            RelatedPage(related_page=self.find_page(site, slug), sort_order=rank)
            for rank, slug in enumerate(data.get("related") or [])
        ]
        if isinstance(page, HomePage):
            page.popular_guides = [
                PopularGuide(guide=self.find_page(site, slug), sort_order=rank)
                for rank, slug in enumerate(data.get("popular_guides") or [])
            ]
        if data.get("leaders"):
            page.leaders = [self._leader(rank, row) for rank, row in enumerate(data["leaders"])]
        if isinstance(page, EventPage):
            events.set_dates(page, data)
            events.set_rules(page, data)
        page.save_revision(clean=True).publish()
        self._date(page)

    @staticmethod
    def _date(page: ContentPage) -> None:
        """Let a page have been published on its own day and not today."""
        moment = timezone.make_aware(datetime.datetime.combine(page.published_on, datetime.time(8)))
        ContentPage.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)

    @staticmethod
    def _terms(model: Any, slugs: list[str]) -> list[Any]:
        """Return the vocabulary rows of ``slugs``.

        Raises:
            ValueError: when one of them is not in the vocabulary.
        """
        found = list(taxonomy.source_rows(model).filter(slug__in=slugs))
        missing = set(slugs) - {row.slug for row in found}
        if missing:
            raise ValueError(f"no {model._meta.verbose_name} of the name {', '.join(sorted(missing))}")
        return found

    def _leader(self, rank: int, row: dict[str, Any]) -> Leader:
        values = dict(row)
        photo = values.pop("photo", None)
        return Leader(
            **values,
            sort_order=rank,
            photo=self._media.image(photo) if photo else None,
            locale=taxonomy.source_locale(),
        )

    def _set(self, site: str, page: ContentPage, name: str, value: Any) -> None:
        field = page._meta.get_field(name)
        key = f"{site}:{page.slug}/{name}"
        if isinstance(field, StreamField):
            value = self._values.stream(site, key, field.stream_block, value)
        elif isinstance(field, RichTextField):
            value = self._values.rich_text(site, value)
        elif isinstance(field, ParentalManyToManyField):
            value = self._terms(field.related_model, value)
        elif field.is_relation:
            value = self._related(site, field.related_model, value)
        setattr(page, name, value)

    def _related(self, site: str, model: Any, value: str) -> Any:
        if issubclass(model, Page):
            return self.find_page(site, value)
        if issubclass(model, SiteImage):
            return self._media.image(value)
        if issubclass(model, Place) or model._meta.label == "core.Pillar":
            return taxonomy.source_rows(model).get(slug=value)
        raise TypeError(f"the sample cannot refer to {model._meta.label}")

    def _remove_welcome_page(self) -> None:
        """Remove Wagtail's own first page, which nothing refers to any more."""
        rows = Page.objects.filter(depth=2, slug="home", content_type__model="page")
        for page in rows:
            if not Site.objects.filter(root_page=page).exists() and not page.get_children().exists():
                page.delete()


def is_built() -> bool:
    """Tell whether any office has a home page (the sample, or an office's own)."""
    return HomePage.objects.exists()
