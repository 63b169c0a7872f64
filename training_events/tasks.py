"""Background tasks of training events."""

from django_tasks import task

from training_events import emails
from training_events.models import Registration


@task()
def send_message(registration_id: int, kind: str) -> None:
    """Send one message to the party of a registration that gave an e-mail address.

    Args:
        registration_id: primary key; a registration that was deleted meanwhile gets nothing.
        kind: one of those of ``emails.send``.
    """
    row = Registration.objects.select_related("pool", "pool__site").filter(pk=registration_id).first()
    if row is not None and row.email and not row.is_cancelled:
        emails.send(row, kind)
