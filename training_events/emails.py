"""Messages as e-mails: plain text, simple HTML, and the dates as an invitation for the calendar."""

from __future__ import annotations

import logging
import smtplib
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from training_events import ics, letters
from training_events.channels import Receipt, Refused, TryLater
from training_events.letters import Letter
from training_events.models import Message, Occasion, Registration
from training_events.querysets import RegistrationQuerySet

logger = logging.getLogger(__name__)

_INVITES = (
    Occasion.CONFIRMED, Occasion.APPROVED, Occasion.MOVED_UP, Occasion.CHANGED, Occasion.EVENT_MOVED,
    Occasion.REMINDER_DAYS,
)  # fmt: skip
_WITHDRAWS = (Occasion.CANCELLED, Occasion.REFUSED, Occasion.EVENT_CANCELLED, Occasion.EVENT_POSTPONED)


class Line:
    """One connection to the mail server for many letters: opened with the first, and again where the server has hung up."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._is_open = False

    def deliver(self, mail: EmailMultiAlternatives) -> None:
        """Hand over one mail.

        Raises:
            OSError: when the server cannot be reached; the next mail opens a new connection.
            smtplib.SMTPException: when it refuses.
        """
        was_open = self._is_open
        try:
            self._hand_over(mail)
        except (OSError, smtplib.SMTPException) as problem:
            if not _hung_up(problem):
                raise
            self.close()
            # servers close a line that was quiet, or after so many letters: that says nothing about a new one
            if not was_open or isinstance(problem, TimeoutError):
                raise
            self._hand_over(mail)

    def _hand_over(self, mail: EmailMultiAlternatives) -> None:
        mail.connection = self._backend
        self._backend.open()
        self._is_open = True
        mail.send()

    def close(self) -> None:
        """Hang up."""
        self._is_open = False
        try:
            self._backend.close()
        except Exception:
            logger.info("The mail server hung up.")


def _hung_up(problem: Exception) -> bool:
    """Whether the connection is gone: 421 is the server's own way to say so (RFC 5321 section 3.8)."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _text in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPResponseException):
        return problem.smtp_code == 421
    # every SMTPException is an OSError as well
    return isinstance(problem, smtplib.SMTPServerDisconnected) or not isinstance(
        problem, smtplib.SMTPException
    )


def send(message: Message, letter: Letter, line: Line | None = None) -> Receipt:
    """Send the letter to the party's address.

    Every attempt carries the same Message-ID, so that mail programs show a mail once that was handed over twice.

    Raises:
        TryLater: when the server cannot be reached or does not take it now.
        Refused: when the address will never be accepted.
    """
    mail = build(message, letter)
    single = line or Line()
    try:
        single.deliver(mail)
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _text in problem.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            raise Refused(f"the mail server refuses this address ({codes[0]})") from problem
        raise TryLater("the mail server does not accept this address now", whole=False) from problem
    except smtplib.SMTPDataError as problem:
        raise TryLater(
            f"the mail server does not accept the mail ({problem.smtp_code})", whole=False
        ) from problem
    except (OSError, smtplib.SMTPException) as problem:
        raise TryLater(f"the mail server cannot be reached ({type(problem).__name__})") from problem
    finally:
        if line is None:
            single.close()
    return Receipt(mail.extra_headers["Message-ID"])


def build(message: Message, letter: Letter) -> EmailMultiAlternatives:
    """Return the mail with its parts."""
    row = message.registration
    host = _host(row)
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    context = {"letter": letter, "language": row.language, "thanks": message.occasion == Occasion.THANKS}
    mail = EmailMultiAlternatives(
        letter.subject,
        render_to_string("training_events/email/message.txt", context).strip() + "\n",
        formataddr((letter.office or name, address)),
        [row.email],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers={
            "Message-ID": f"<{message.key}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": row.language,
        },
    )
    mail.attach_alternative(render_to_string("training_events/email/message.html", context), "text/html")
    for method, content in invitations(message, letter):
        part = MIMEText(content.decode(), "calendar", "utf-8")
        part.set_param("method", method)
        part.add_header("Content-Disposition", "attachment", filename="lich.ics")
        mail.attach(part)
    return mail


def invitations(message: Message, letter: Letter) -> list[tuple[str, bytes]]:
    """Return (METHOD, calendar) of the invitations that belong to a message: sessions to come, and sessions taken back."""
    row = message.registration
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    guest = ics.Guest(letter.office or sender, letter.reply_to or sender, row.contact_name, row.email)
    others = _others(row)
    if message.occasion in (Occasion.CANCELLED, Occasion.REFUSED) and others.confirmed().exists():
        # two parties at one address share the entry of its calendar: it stays for the one that comes
        return []
    # what was taken back had a SEQUENCE above its invitation; the next invitation goes above that
    before = 2 * others.filter(status__in=Registration.ENDED).count()
    wanted, gone = ([ics.raised(one, before) for one in some] for some in _entries(message))
    options: dict[str, Any] = {"host": _host(row), "guest": guest, "stamp": message.created_at}
    found = []
    if wanted:
        found.append(("REQUEST", ics.calendar(wanted, method="REQUEST", **options)))
    if gone:
        found.append(
            ("CANCEL", ics.calendar([ics.withdrawn(one) for one in gone], method="CANCEL", **options))
        )
    return found


def _entries(message: Message) -> tuple[list[ics.Entry], list[ics.Entry]]:
    row = message.registration
    withdraws = message.occasion in _WITHDRAWS
    invited = message.details.get("invited", row.holds_seats)
    if not (withdraws and invited) and not (message.occasion in _INVITES and row.is_confirmed):
        return [], []
    event = letters.event_in_language(row)
    rows = ics.entries(event) if event is not None else []
    to_come = [one for one in rows if one.ends_at > message.created_at]
    if withdraws:
        return [], to_come
    wanted = [one for one in to_come if one.status == "scheduled"]
    gone = [one for one in to_come if one.status != "scheduled"]
    before = message.details.get("before", {"sessions": {}})["sessions"]
    stays = {one.uid for one in rows}
    gone += [
        ics.removed(uid, old, row.pool, title=row.pool.title)
        for uid, old in before.items()
        if uid not in stays
    ]
    return wanted, gone if message.occasion == Occasion.EVENT_MOVED else []


def _others(row: Registration) -> RegistrationQuerySet:
    """Return the other registrations for the same event at the same address."""
    return Registration.objects.filter(pool=row.pool, email__iexact=row.email).exclude(pk=row.pk)


def _host(row: Registration) -> str:
    return row.pool.site.hostname if row.pool.site else "localhost"
