"""A message in words: what a party reads about one occasion, by email or on its telephone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from django.core.signing import Signer
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core import dates
from core.offices import Office, office_for_site
from training_events import placeholders, texts, texts_about, timetable
from training_events.channels import sms
from training_events.models import EventPage, Message, MessageText, Occasion, Registration
from training_events.services import history

#: Long titles, places and names of offices are cut in a text message until it costs one part; the rest stands on the website.
_LONG, _SHORT = ("lop", "dia_diem", "don_vi", "ly_do"), (80, 48, 36, 28, 22)
FEEDBACK_SALT = "training_events.feedback"


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that is said. ``facts`` are pairs of label and value; ``spoken`` is the text message uncut, to be read out."""

    subject: str
    paragraphs: list[str]
    sms: str
    spoken: str = ""
    greeting: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    link: str = ""
    link_label: str = ""
    office: str = ""
    phone: str = ""
    reply_to: str = ""


def write(message: Message, *, with_accents: bool = False) -> Letter:
    """Return the message in the active language.

    Args:
        message: with its registration, pool and site; it need not be stored.
        with_accents: whether the text message keeps Vietnamese letters.
    """
    row = message.registration
    event = event_in_language(row)
    return compose(message, row, event, own_words(event, message.occasion), with_accents=with_accents)


def own_words(event: EventPage | None, occasion: str) -> texts.Words | MessageText | None:
    """Return the editor's words for the occasion; the first where there are several."""
    if event is None:
        return None
    return next((row for row in event.message_texts.all() if row.occasion == occasion), None)


def compose(
    message: Message,
    row: Registration,
    event: EventPage | None,
    own: texts.Words | MessageText | None,
    *,
    with_accents: bool = False,
) -> Letter:
    """Return the letter with the editor's words ``own`` where there are, else the usual ones."""
    ended = message.occasion in (Occasion.CANCELLED, Occasion.REFUSED)
    ending = history.ending(row) if ended else None
    usual = texts.usual(message.occasion, ending, _about(message, row))
    site = row.pool.site
    office = office_for_site(site) if site is not None else None
    moments = _moments(message, row, event)
    values = _values(message, row, event, office, moments, ending)
    body = placeholders.fill((own and own.body.strip()) or usual.body, values)
    paragraphs = [part.strip() for part in body.replace("\r\n", "\n").split("\n\n") if part.strip()]
    if values["ly_do"] and not (own and "{ly_do}" in own.body):
        paragraphs.append(_("The office gives this reason: %(reason)s") % {"reason": values["ly_do"]})
    thanks = message.occasion == Occasion.THANKS
    short = (own and own.sms.strip()) or usual.sms
    subject = placeholders.fill((own and own.subject.strip()) or usual.subject, values)
    return Letter(
        subject=" ".join(subject.split())[:250],
        greeting=_("Dear %(name)s,") % {"name": row.contact_name},
        paragraphs=paragraphs,
        sms=_text_message(short, values, moments, with_accents),
        spoken=" ".join(placeholders.fill(short, values).split()),
        facts=_facts(message, row, values, moments),
        link=values["gop_y"] if thanks else values["lien_ket"],
        link_label=_link_label(message, row),
        office=values["don_vi"],
        phone=office.hotline or office.phone if office else "",
        reply_to=office.email if office else "",
    )


def _about(message: Message, row: Registration) -> str:
    """Return what tells apart messages of one occasion (training_events.texts_about)."""
    if message.occasion == Occasion.MOVED_UP and row.is_pending:
        return texts_about.TO_APPROVE
    before = message.details.get("before")
    if message.occasion != Occasion.EVENT_MOVED or before is None or row.pool.schedule is None:
        return ""
    kind = timetable.difference(before, row.pool.schedule)
    return texts_about.AGAIN_WAITING if kind == texts_about.AGAIN and row.is_waiting else kind


def feedback_link(row: Registration) -> str:
    """Return the full address of the form for opinions."""
    return _root(row) + feedback_path(row)


def feedback_path(row: Registration) -> str:
    """Return the path of the form for opinions: signed, so that it can be neither guessed nor used for anything else."""
    signed = Signer(salt=FEEDBACK_SALT).sign(str(row.pk))
    return reverse("training_events:feedback", args=[signed])


def event_in_language(row: Registration) -> EventPage | None:
    """Return the live page of the registration's event in the party's language, or in another; None where there is none."""
    rows = EventPage.objects.live().filter(translation_key=row.pool.event_key)
    pages = {page.locale.language_code: page for page in rows.select_related("locale", "venue_place")}
    found = pages.get(row.language) or next(iter(pages.values()), None)
    return found.specific if found is not None else None


def _root(row: Registration) -> str:
    return row.pool.site.root_url if row.pool.site else ""


def _link_label(message: Message, row: Registration) -> str:
    if message.occasion == Occasion.THANKS:
        return _("Tell us your opinion")
    if not row.is_current:
        return _("See the registration")
    return _("See, change or cancel the registration")


@dataclass(frozen=True, slots=True)
class _Moments:
    """The sessions that the message speaks of, and those that stood before a change."""

    now: list[tuple[datetime.datetime, datetime.datetime, str]]
    before: list[tuple[datetime.datetime, datetime.datetime, str]]

    @property
    def first(self) -> tuple[datetime.datetime, datetime.datetime, str] | None:
        return next(iter(self.now or self.before), None)


def _moments(message: Message, row: Registration, event: EventPage | None) -> _Moments:
    stored = row.pool.schedule or {"sessions": {}}
    # the day that a postponed class was planned for is named where it is taken back, and nowhere else
    every = row.pool.status == "cancelled" or message.occasion == Occasion.EVENT_POSTPONED
    rows = _read(stored, every=every, is_on=row.pool.status == "scheduled")
    if not rows and event is not None:
        planned = [one for one in event.session_rows if every or not one.note]
        rows = [(one.starts_at, one.ends_at, event.where) for one in planned]
    today = timezone.now()
    if message.occasion in (Occasion.REMINDER_DAYS, Occasion.REMINDER_MORNING):
        rows = [one for one in rows if timezone.localtime(one[0]).toordinal() == message.version] or rows
    elif message.occasion != Occasion.THANKS:
        rows = [one for one in rows if one[1] > today] or rows
    before = _read(message.details["before"], every=True, is_on=True) if "before" in message.details else []
    return _Moments(rows, [one for one in before if one not in rows])


def _read(
    stored: dict[str, object], *, every: bool, is_on: bool
) -> list[tuple[datetime.datetime, datetime.datetime, str]]:
    sessions: dict[str, list[str]] = stored["sessions"]  # type: ignore[assignment]
    return sorted(
        (datetime.datetime.fromisoformat(begins), datetime.datetime.fromisoformat(ends), place)
        for begins, ends, place, status in sessions.values()
        if every or (is_on and status == "scheduled")
    )


def _values(
    message: Message,
    row: Registration,
    event: EventPage | None,
    office: Office | None,
    moments: _Moments,
    ending: history.Ending | None,
) -> dict[str, str]:
    first = moments.first
    return {
        "ten": row.contact_name,
        "lop": event.title if event else row.pool.title,
        "thoi_gian": f"{dates.time_label(first[0])}, {dates.weekday_date(first[0])}" if first else _("date to be announced"),
        "dia_diem": (first[2] if first else "") or _("place to be announced"),
        "ma": row.shown_code,
        "so_nguoi": str(row.party_size),
        "thu_tu": str((row.position if row.pk else 1) or ""),
        "don_vi": office.short_name if office else "",
        "dien_thoai": (office.hotline or office.phone if office else "") or _("our office"),
        "lien_ket": _root(row) + reverse("training_events:registration", args=[row.token]),
        "gop_y": feedback_link(row) if message.occasion == Occasion.THANKS else "",
        "ly_do": ending.reason if ending is not None and ending.by_staff else "",
    }  # fmt: skip


def _facts(
    message: Message, row: Registration, values: dict[str, str], moments: _Moments
) -> list[tuple[str, str]]:
    facts = [(_("Registration code"), values["ma"]), (_("Class"), values["lop"])]
    if moments.now:
        facts.append((_("When"), "; ".join(_span(one) for one in moments.now)))
        places = dict.fromkeys(one[2] or _("place to be announced") for one in moments.now)
        facts.append((_("Where"), "; ".join(places)))
    if moments.before and message.occasion == Occasion.EVENT_MOVED:
        before = [f"{_span(one)}, {one[2]}" if one[2] else _span(one) for one in moments.before]
        facts.append((_("Before"), "; ".join(before)))
    if row.is_current:
        facts.append((_("Number of people"), values["so_nguoi"]))
    return facts


def _span(one: tuple[datetime.datetime, datetime.datetime, str]) -> str:
    return f"{dates.weekday_date(one[0])}, {dates.time_label(one[0])} – {dates.time_label(one[1])}"


def _text_message(raw: str, values: dict[str, str], moments: _Moments, with_accents: bool) -> str:
    """Return the text message, its long names cut as little as one part allows."""
    short = dict(values)
    if moments.first:
        begins = timezone.localtime(moments.first[0])
        short["thoi_gian"] = f"{dates.time_short(begins)} {begins.day}/{begins.month}"
    text = ""
    for length in _SHORT:
        cut = {name: _cut(value, length) if name in _LONG else value for name, value in short.items()}
        text = " ".join(placeholders.fill(raw, cut).split()).replace("....", "...")
        text = text if with_accents else sms.plain(text)
        if sms.cost(text).parts == 1:
            break
    return text


def _cut(value: str, length: int) -> str:
    return value if len(value) <= length else value[: length - 3].rsplit(" ", 1)[0].rstrip(" ,;:-") + "..."
