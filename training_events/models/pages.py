"""The page of an event and its sessions."""

from __future__ import annotations

import dataclasses
import datetime
import uuid
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core import dates
from core.blocks import BodyBlock
from core.cards import Card
from core.fields import StreamField
from core.models import ContentPage
from core.offices import remember
from core.taxonomy import localized, localized_all
from training_events import structured_data, venues
from training_events.availability import Availability, availability
from training_events.models.message_text import MESSAGE_PANELS, SYNCHRONIZED_MESSAGE_RULES, MessageRules
from training_events.models.needs import NeedsBlock
from training_events.models.pool import EventStatus, SeatPool, SeatPoolDescriptor
from training_events.models.question import Question
from training_events.models.rules import RULE_PANELS, SYNCHRONIZED_RULES, RegistrationRules
from training_events.models.session import EventSession
from training_events.page_form import EventPageForm
from training_events.querysets import EventPageManager

#: A live event is saved together with its sessions (Django's post_save comes before those are written).
event_saved = Signal()


class EventPage(MessageRules, RegistrationRules, ContentPage):  # type: ignore[django-manager-missing] # modelcluster
    """A training event. Its seats are rows of their own (SeatPool), shared with its translations."""

    Status = EventStatus
    #: Whether the pages below have this page's seats (a series of classes).
    registers_for_children = False

    venue_name = models.CharField(_("venue"), max_length=160, blank=True)
    venue_address = models.CharField(_("address of the venue"), max_length=255, blank=True)
    venue_place = models.ForeignKey(
        "core.Place", verbose_name=_("commune of the venue"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    organiser = models.CharField(_("organiser"), max_length=200, blank=True)
    trainer = models.CharField(_("trainer"), max_length=200, blank=True)
    bring = StreamField(NeedsBlock(), verbose_name=_("what to bring"), blank=True)
    skill_groups = ParentalManyToManyField(
        "core.SkillGroup", verbose_name=_("digital literacy groups"), blank=True, related_name="events"
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    #: Made from the sessions on every save, so that lists are sorted and filtered by one column; empty while postponed.
    starts_at = models.DateTimeField(_("begins"), null=True, editable=False, db_index=True)
    ends_at = models.DateTimeField(_("ends"), null=True, editable=False, db_index=True)
    #: Key of the pool that this event's seats are in: its own, or that of the series above it.
    pool_key = models.UUIDField(null=True, editable=False, db_index=True)

    base_form_class = EventPageForm
    objects = EventPageManager()
    seat_pool = SeatPoolDescriptor()

    kind_label = _("Training event")
    schema_type = "Event"
    search_fields = [
        *ContentPage.search_fields,
        index.SearchField("venue_name"),
        index.SearchField("venue_address"),
        index.SearchField("trainer"),
        index.SearchField("organiser"),
        index.SearchField("body"),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
        index.FilterField("status"),
        index.RelatedFields("sessions", [index.SearchField("title")]),
    ]
    override_translatable_fields = [
        *ContentPage.override_translatable_fields,
        *SYNCHRONIZED_RULES,
        *SYNCHRONIZED_MESSAGE_RULES,
        SynchronizedField("venue_place", overridable=False),
        SynchronizedField("skill_groups", overridable=False),
    ]
    content_panels = [
        *ContentPage.content_panels,
        FieldPanel("status"),
        InlinePanel("sessions", heading=_("Sessions"), label=_("session")),
        MultiFieldPanel(
            [FieldPanel("venue_name"), FieldPanel("venue_address"), FieldPanel("venue_place")],
            heading=_("Venue"),
        ),
        FieldRowPanel([FieldPanel("organiser"), FieldPanel("trainer")]),
        *RULE_PANELS,
        FieldPanel("bring"),
        FieldPanel("body"),
        *MESSAGE_PANELS,
    ]
    classification_panels = [
        *ContentPage.classification_panels[:4],
        FieldPanel("skill_groups"),
        *ContentPage.classification_panels[4:],
    ]
    parent_page_types = ["training_events.EventIndexPage", "training_events.EventSeriesPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("training event")
        verbose_name_plural = _("training events")
        indexes: list[models.Index] = []  # type: ignore[misc] # of two abstract parents

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Bring begin, end and the key of the seats up to date with the sessions and the page's place in the tree."""
        moments = self._moments()
        self.starts_at = min((starts for starts, _ends in moments), default=None)
        self.ends_at = max((ends for _starts, ends in moments), default=None)
        self.pool_key = self.find_pool_key()
        super().save(*args, **kwargs)
        if self.live and kwargs.get("update_fields") is None:
            event_saved.send(sender=EventPage, instance=self)

    def _moments(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        if self.status == EventStatus.POSTPONED:
            return []
        return [(row.starts_at, row.ends_at) for row in self.sessions.all()]

    def find_pool_key(self) -> uuid.UUID:
        """Return the key of the seats, read from the page's place in the tree."""
        parent: Any = self.get_parent() if self.depth else None
        if parent is not None:
            above = parent.cached_content_type.model_class()
            if getattr(above, "registers_for_children", False):
                return parent.translation_key
        return self.translation_key

    @property
    def seats_key(self) -> uuid.UUID:
        """Key of the pool of this event's seats."""
        return self.pool_key or self.translation_key

    @property
    def is_in_series(self) -> bool:
        """Whether a series above takes the registrations."""
        return self.seats_key != self.translation_key

    def build_pool(self) -> SeatPool:
        """Return an unsaved pool with the rules as this page states them."""
        return SeatPool(event_key=self.seats_key, **self.pool_rules())

    def availability(self, now: datetime.datetime | None = None) -> Availability:
        """Return what a visitor can do at ``now`` (aware; the present when not given)."""
        now = now or timezone.now()
        if self.is_in_series:
            return availability(self.seat_pool, now, status=self.status, ends_at=self.ends_at)
        return availability(self.seat_pool, now)

    @cached_property
    def session_rows(self) -> list[EventSession]:
        """The sessions in order of time, read once."""
        return sorted((row.of(self.status) for row in self.sessions.all()), key=lambda row: row.starts_at)

    @property
    def first_session(self) -> EventSession | None:
        """The first session that takes place; where none does, the first of all."""
        return next((row for row in self.session_rows if not row.note), next(iter(self.session_rows), None))

    @property
    def place_name(self) -> str:
        """Name of the venue's commune in the reader's language."""
        return str(localized(self.venue_place)) if self.venue_place else ""

    @property
    def when(self) -> str:
        """Day and hour of the first session that takes place."""
        first = self.first_session
        if first is None or self.is_postponed:
            return str(_("Date to be announced"))
        return f"{dates.weekday_date(first.starts_at)}, {dates.time_label(first.starts_at)}"

    @property
    def where(self) -> str:
        """Venue and commune in one line."""
        return venues.line(self.venue_name, self.place_name)

    @property
    def where_before_address(self) -> str:
        """Venue and commune, the commune only where the address does not name it."""
        return venues.head(self.venue_name, self.place_name, self.venue_address)

    @property
    def where_in_full(self) -> str:
        """Venue, commune and address in one line."""
        return venues.line(self.venue_name, self.place_name, self.venue_address)

    def registration_path(self) -> str:
        """Return the path of the registration form in the page's language."""
        return reverse("training_events:register", args=[self.pk])

    def get_card(self, request: HttpRequest | None = None) -> Card:
        """Return the card with the day of the event as its date."""
        card = super().get_card(request)
        day = timezone.localtime(self.starts_at).date() if self.starts_at else None
        return dataclasses.replace(card, date=day)

    def card_extras(self) -> dict[str, Any]:
        """Add time, place and the state of registration."""
        state = self.availability()
        count = len(self.session_rows)
        times = [dates.time_label(self.starts_at)] if self.starts_at else [str(_("Date to be announced"))]
        if count > 1:
            times.append(ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count})
        meta = [", ".join(times), *([self.where] if self.where else [])]
        return {"meta": meta, "badge_text": state.label, "badge_tone": state.tone}

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the state of registration and the names of the vocabulary in the reader's language."""
        if not getattr(request, "is_preview", False):
            self._recall()
        context = super().get_context(request, *args, **kwargs)
        asks_little = self.seat_pool.takes_people and not self.has_required_questions
        context["availability"] = dataclasses.replace(self.availability(), asks_little=asks_little)
        context["audience_rows"] = localized_all(self.audience_rows)
        context["skill_rows"] = localized_all(self.skill_rows)
        context["registration_path"] = self.registration_path()
        context["calendar_path"] = reverse("training_events:calendar", args=[self.pk])
        return context

    @cached_property
    def audience_rows(self) -> list[Any]:
        """For whom the event is (source rows), read once."""
        return list(self.audiences.all())

    @cached_property
    def skill_rows(self) -> list[Any]:
        """Digital literacy groups (source rows), read once."""
        return list(self.skill_groups.all())

    @cached_property
    def has_required_questions(self) -> bool:
        """Whether the event, or the series that takes its registrations, asks something that must be answered."""
        if not self.is_in_series:
            return any(row.required for row in self.questions.all())
        return Question.objects.filter(page__translation_key=self.seats_key, required=True).exists()

    def _recall(self) -> None:
        """Take what only a publication changes from the office's cache; seats are always read from their row."""
        rows = remember("training_events.rows", self.pk, self.live_revision_id, make=self._read_rows)
        self.session_rows, self.topic_rows, self.audience_rows, self.skill_rows = rows[:4]
        self.venue_place, self.pillar, self.has_required_questions = rows[4:]

    def _read_rows(self) -> tuple[Any, ...]:
        return (
            self._read_sessions(),
            self.topic_rows,
            self.audience_rows,
            self.skill_rows,
            self.venue_place,
            self.pillar,
            self.has_required_questions,
        )

    def _read_sessions(self) -> list[EventSession]:
        # not self.sessions: those rows carry the whole page with them into the cache
        rows = EventSession.objects.filter(page_id=self.pk).order_by("starts_at")
        return [row.of(self.status) for row in rows]

    def related(self, request: HttpRequest, limit: int = 3) -> list[ContentPage]:
        """Return related pages, remembered for a minute as the page itself is by caches."""
        language = self.locale.language_code
        return remember(
            "training_events.related",
            self.pk,
            language,
            make=lambda: super(EventPage, self).related(request, limit),
        )

    def get_structured_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return schema.org data of the event with its status, place and the free offer."""
        return structured_data.for_event(self, super().get_structured_data(request))
