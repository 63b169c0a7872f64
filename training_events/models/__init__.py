"""Models of training events."""

from training_events.models.calendar import EventIndexPage
from training_events.models.pages import EventPage
from training_events.models.participant import Answer, Participant, RegistrationChange
from training_events.models.pool import EventStatus, Registrants, SeatPool, SeatReserve
from training_events.models.question import HeldSeats, Question, QuestionKind, Sensitive
from training_events.models.registration import Registration
from training_events.models.series import EventSeriesPage
from training_events.models.session import EventSession

__all__ = [
    "Answer",
    "EventIndexPage",
    "EventPage",
    "EventSeriesPage",
    "EventSession",
    "EventStatus",
    "HeldSeats",
    "Participant",
    "Question",
    "QuestionKind",
    "Registrants",
    "Registration",
    "RegistrationChange",
    "SeatPool",
    "SeatReserve",
    "Sensitive",
]
