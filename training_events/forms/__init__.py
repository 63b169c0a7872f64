"""The forms of registration: few questions, errors in words, nothing ticked beforehand."""

from training_events.forms.change import ChangeForm
from training_events.forms.lookup import LookupForm
from training_events.forms.phone import PhoneForm, StaffChangeForm
from training_events.forms.registration import RegistrationForm

__all__ = ["ChangeForm", "LookupForm", "PhoneForm", "RegistrationForm", "StaffChangeForm"]
