"""Models of training events."""

from training_events.models.calendar import EventIndexPage
from training_events.models.pages import EventPage
from training_events.models.registration import EventStatus, Registration, SeatPool
from training_events.models.session import EventSession

__all__ = ["EventIndexPage", "EventPage", "EventSession", "EventStatus", "Registration", "SeatPool"]
