"""The form for opinions on a class."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training_events.models import Feedback


class FeedbackForm(forms.Form):
    """One mark, and words for those who like."""

    score = forms.TypedChoiceField(
        label=_("How satisfied were you with the class?"),
        choices=Feedback.SCORES,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the five answers.")},
    )
    text = forms.CharField(
        label=_("What was good? What should be better?"),
        required=False,
        max_length=2000,
        help_text=_("Please write no names and telephone numbers."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
