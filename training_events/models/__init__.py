"""Models of training events."""

from training_events.models.calendar import EventIndexPage
from training_events.models.pages import EventPage, EventSession
from training_events.models.registration import EventStatus, Registration, SeatPool

__all__ = ["EventIndexPage", "EventPage", "EventSession", "EventStatus", "Registration", "SeatPool"]
