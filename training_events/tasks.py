"""Background tasks of training events."""

from django_tasks import task

from training_events.services import delivery


@task()
def send_message(key: str) -> None:
    """Send one message of the outbox, unless somebody else sends it or it is not due any more.

    Args:
        key: Message.key; one whose registration was deleted meanwhile is gone.
    """
    delivery.send_by_key(key)
