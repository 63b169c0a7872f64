"""ContentPage: the one table for everything that residents read."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import ItemBase
from wagtail.admin.panels import ObjectList, PageChooserPanel, TabbedInterface
from wagtail.models import Orderable, Page, PageViewRestriction, Site
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core import navigation, panels, structured_data, vietnamese
from core.cards import Card
from core.fields import TopicsField
from core.forms import ContentPageForm
from core.models.taxonomy import Topic
from core.offices import office_name_for_page, remember, site_paths
from core.querysets import ContentPageManager


def today() -> datetime.date:
    """Return today's date in the site's time zone (a named function, because migrations must refer to it)."""
    return timezone.localdate()


class TopicTag(ItemBase):
    """The topics of a page."""

    # the class itself, not its name: taggit reads the tag model while ContentPage is being built
    tag = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="topic_items")
    content_object = ParentalKey("core.ContentPage", on_delete=models.CASCADE, related_name="topic_items")

    class Meta:
        verbose_name = _("topic of a page")
        unique_together = [("tag", "content_object")]


class ContentPage(Page):
    """What every page has: classification, dates, who is responsible, how it is shared.

    Subclasses declare ``kind_label``, ``schema_type``, ``search_fields``, ``content_panels`` and a template; a
    system check (core.E001 …) fails when one is forgotten.
    """

    intro = models.TextField(
        _("introduction"), max_length=400, blank=True,
        help_text=_("One or two sentences. Shown in lists, in search results and when the page is shared."),
    )  # fmt: skip
    cover_image = models.ForeignKey(
        "core.SiteImage", verbose_name=_("cover image"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    pillar = models.ForeignKey(
        "core.Pillar",
        verbose_name=_("pillar"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="pages",
    )
    topics = TopicsField(through=TopicTag, blank=True, verbose_name=_("topics"), help_text="")
    places = ParentalManyToManyField("core.Place", verbose_name=_("places"), blank=True, related_name="pages")
    audiences = ParentalManyToManyField(
        "core.Audience", verbose_name=_("audience"), blank=True, related_name="pages"
    )
    published_on = models.DateField(_("date of publication"), default=today, db_index=True)
    last_reviewed_on = models.DateField(_("last reviewed"), null=True, blank=True)
    responsible_unit = models.CharField(_("responsible unit"), max_length=160, blank=True)
    share_image = models.ForeignKey(
        "core.SiteImage", verbose_name=_("picture for sharing"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+", help_text=_("Best 1200 × 630 pixels. The cover image when left empty."),
    )  # fmt: skip
    share_text = models.TextField(
        _("text for sharing"),
        max_length=400,
        blank=True,
        help_text=_("Ready to be pasted into a Zalo message."),
    )
    shared = models.BooleanField(
        _("share with subordinate offices"), default=False,
        help_text=_("Their lists show this page too, with this website's address."),
    )  # fmt: skip

    objects = ContentPageManager()
    base_form_class = ContentPageForm

    #: What the page is called on a card, for example "Article". Every subclass sets it.
    kind_label: ClassVar[Any] = ""
    #: schema.org type of the page's structured data.
    schema_type: ClassVar[str] = "WebPage"
    show_in_menus_default = False

    search_fields = [
        *Page.search_fields,
        index.SearchField("intro", boost=2),
        index.FilterField("pillar_id"),
        index.FilterField("published_on"),
        index.FilterField("shared"),
        index.RelatedFields("topics", [index.SearchField("name"), index.FilterField("slug")]),
        index.RelatedFields("places", [index.SearchField("name"), index.SearchField("aliases")]),
    ]

    override_translatable_fields = [
        SynchronizedField("pillar", overridable=False),
        SynchronizedField("topic_items", overridable=False),
        SynchronizedField("places", overridable=False),
        SynchronizedField("audiences", overridable=False),
        SynchronizedField("shared", overridable=False),
    ]

    content_panels = panels.CONTENT_PANELS
    classification_panels = panels.CLASSIFICATION_PANELS
    promote_panels = panels.PROMOTE_PANELS

    class Meta:
        verbose_name = _("content page")
        verbose_name_plural = _("content pages")
        indexes = [models.Index(fields=["-published_on", "page_ptr"], name="core_page_newest")]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Build each page type's edit form from its own panel lists, one tab each, the same on every type."""
        super().__init_subclass__(**kwargs)
        if "edit_handler" not in cls.__dict__:
            cls.edit_handler = TabbedInterface(
                [
                    ObjectList(cls.content_panels, heading=_("Content")),
                    ObjectList(cls.classification_panels, heading=_("Classification")),
                    ObjectList(cls.promote_panels, heading=_("Address and sharing")),
                    # schedule and comments; they show in the side panels, not as a tab
                    ObjectList(cls.settings_panels, heading=_("Schedule")),
                ]
            )

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Give the page an ASCII slug from its Vietnamese title before Wagtail makes a broken one."""
        self.title: str = vietnamese.to_nfc(self.title)
        if not self.slug and self.path:
            self.slug: str = self._get_autogenerated_slug(
                vietnamese.slugify(self.title, fallback=self._meta.model_name)
            )
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what every template needs: breadcrumbs, topics and related pages."""
        context = super().get_context(request, *args, **kwargs)
        context["breadcrumbs"] = self.breadcrumbs(request)
        context["related_cards"] = self._related_cards(request)
        return context

    def get_view_restrictions(self) -> Any:
        """Return the restrictions on this page and above it, in one query (Wagtail asks for the ancestors first).

        Aliases are left to Wagtail: theirs are those of the page that they mirror.
        """
        if self.alias_of_id:
            return super().get_view_restrictions()
        paths = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        return PageViewRestriction.objects.filter(page__path__in=paths)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page and let caches keep it for a minute (no page holds anything personal)."""
        response = super().serve(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and not request.user.is_authenticated:
            response.setdefault("Cache-Control", "public, max-age=60")
        return response

    @cached_property
    def topic_rows(self) -> list[Any]:
        """The page's topics (source rows), read once."""
        return list(self.topics.all())

    @property
    def language(self) -> str:
        """The page's language code."""
        return self.locale.language_code

    def get_card(self, request: HttpRequest | None = None) -> Card:
        """Return the page as a listing shows it. Subclasses add meta lines and a badge with ``card_extras``."""
        return Card(
            url=self.get_url(request) or "",
            title=self.title,
            intro=self.intro or self.search_description,
            image=self.cover_image,
            kind_label=str(self.kind_label),
            date=self.published_on,
            source_label=self._source_label(request),
            **self.card_extras(),
        )

    def card_extras(self) -> dict[str, Any]:
        """Return further fields of Card (meta, badge_text, badge_tone); override in subclasses."""
        return {}

    def _source_label(self, request: HttpRequest | None) -> str:
        """Return the publishing office's name when another office shows the page."""
        site = Site.find_for_request(request) if request else None
        if site is None:
            return ""
        if any(self.path.startswith(path) for path in site_paths(site).own):
            return ""
        return office_name_for_page(self)

    def breadcrumbs(self, request: HttpRequest) -> list[navigation.Link]:
        """Return the links from the home page down to the page's parent."""
        return navigation.breadcrumbs(self, request)

    def related(self, request: HttpRequest, limit: int = 3) -> list["ContentPage"]:
        """Return the pages that editors named, filled up with newest pages of the same topics."""
        return navigation.related_pages(self, request, limit)

    def _related_cards(self, request: HttpRequest) -> list[Card]:
        """Return the cards of related pages, kept for a minute like the lists of the front page; previews read them anew."""

        def make() -> list[Card]:
            return [page.get_card(request) for page in self.related(request)]

        if not self.pk or getattr(request, "is_preview", False):
            return make()
        return remember("related", self.pk, request.get_host(), make=make)

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return the page's schema.org data (JSON-LD). Subclasses extend it."""
        return structured_data.for_page(self, request)


class RelatedPage(Orderable):
    """A page that an editor names as related."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="related_pages")
    related_page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [PageChooserPanel("related_page")]

    class Meta(Orderable.Meta):
        verbose_name = _("related page")
        verbose_name_plural = _("related pages")
