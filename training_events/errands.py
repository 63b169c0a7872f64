"""What waits for staff over all classes of their offices: people to be called, registrations to be approved."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from wagtail.permissions import page_permission_policy

from training_events.models import EventPage, Message, Registration
from training_events.models.message import MessageQuerySet
from training_events.querysets import RegistrationQuerySet


def _keys(user: Any) -> QuerySet[EventPage]:
    """Return the keys of the seats of the classes that ``user`` may edit."""
    editable = page_permission_policy.instances_user_has_permission_for(user, "change")
    return EventPage.objects.filter(pk__in=editable.values("pk")).order_by().values("pool_key")


def calls(user: Any, *, now: datetime.datetime) -> MessageQuerySet:
    """Return what people have to be told by telephone, of classes that are not over at ``now`` (aware)."""
    current = Q(registration__pool__ends_at=None) | Q(registration__pool__ends_at__gte=now)
    found: MessageQuerySet = Message.objects.for_staff().filter(
        current, registration__pool__event_key__in=_keys(user)
    )
    return found.exclude(registration__phone="")


def to_approve(user: Any, *, now: datetime.datetime) -> RegistrationQuerySet:
    """Return registrations that staff have yet to approve, of classes that are not over at ``now`` (aware)."""
    current = Q(pool__ends_at=None) | Q(pool__ends_at__gte=now)
    return Registration.objects.pending().filter(current, pool__event_key__in=_keys(user))
