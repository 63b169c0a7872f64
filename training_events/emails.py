"""E-mails to parties that asked for them. Plain text: it reads on every phone and in every mail program."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from training_events.models import EventPage, Registration


def send(row: Registration, kind: str) -> None:
    """Send the message ``kind`` (``confirmation``, ``moved_up``, ``changed``, ``approved`` or ``refused``).

    It is written in the language in which the party registered.

    Raises:
        Exception: whatever the mail server's connection raises; the task queue records it.
    """
    with translation.override(row.language):
        rows = (
            EventPage.objects.live()
            .filter(translation_key=row.pool.event_key)
            .select_related("locale", "venue_place")
        )
        pages = {page.locale.language_code: page for page in rows}
        event = pages.get(row.language) or next(iter(pages.values()), None)
        event = event.specific if event is not None else None
        title = event.title if event else row.pool.title
        path = reverse("training_events:registration", args=[row.token])
        context = {
            "registration": row,
            "event": event,
            "title": title,
            "kind": kind,
            "link": f"{row.pool.site.root_url}{path}" if row.pool.site else "",
        }
        subject = {
            Registration.Status.CONFIRMED: _("You have a seat: %(title)s"),
            Registration.Status.PENDING: _("Registration received, to be approved: %(title)s"),
            Registration.Status.REFUSED: _("Registration not approved: %(title)s"),
        }.get(Registration.Status(row.status), _("On the waiting list: %(title)s"))
        body = render_to_string("training_events/email.txt", context)
        EmailMessage(subject % {"title": title}, body, to=[row.email]).send()
