"""Models of training events."""

from training_events.models.attendance import Attendance, CheckIn, CheckInWay
from training_events.models.calendar import EventIndexPage
from training_events.models.certificate import Certificate
from training_events.models.feedback import Feedback
from training_events.models.job import JobRun
from training_events.models.message import ABOUT_EVENT, TO_BE_CALLED, Message, Occasion
from training_events.models.message_text import MessageText
from training_events.models.pages import EventPage
from training_events.models.participant import Answer, Participant, RegistrationChange
from training_events.models.pool import EventStatus, Registrants, SeatPool, SeatReserve
from training_events.models.privacy import PersonalDataAccess, RetentionSettings
from training_events.models.question import HeldSeats, Question, QuestionKind, Sensitive
from training_events.models.registration import Registration
from training_events.models.series import EventSeriesPage
from training_events.models.session import EventSession
from training_events.models.totals import Dimension, EventTotal

__all__ = [
    "ABOUT_EVENT",
    "TO_BE_CALLED",
    "Answer",
    "Attendance",
    "Certificate",
    "CheckIn",
    "CheckInWay",
    "Dimension",
    "EventIndexPage",
    "EventPage",
    "EventSeriesPage",
    "EventSession",
    "EventStatus",
    "EventTotal",
    "Feedback",
    "HeldSeats",
    "JobRun",
    "Message",
    "MessageText",
    "Occasion",
    "Participant",
    "PersonalDataAccess",
    "Question",
    "QuestionKind",
    "Registrants",
    "Registration",
    "RegistrationChange",
    "RetentionSettings",
    "SeatPool",
    "SeatReserve",
    "Sensitive",
]
