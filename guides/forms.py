"""The form "was this helpful?"."""

from django import forms
from django.utils.translation import gettext_lazy as _

YES, NO = "co", "chua"


class OpinionForm(forms.Form):
    """An answer and, if the reader likes, a remark. No name, no address."""

    helpful = forms.ChoiceField(
        label=_("Is this information helpful?"),
        choices=[(YES, _("Yes, I could do it")), (NO, _("Not yet"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two answers."),
            "invalid_choice": _("Choose one of the two answers."),
        },
    )
    remark = forms.CharField(
        label=_("What should we make clearer?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "A few words, 500 characters at most. Please leave out names, phone numbers and numbers of papers."
        ),
        error_messages={"max_length": _("Please shorten this to 500 characters (now %(show_value)d).")},
    )
    # Programs that fill in every field give themselves away here; people do not see it.
    website = forms.CharField(required=False, label=_("Leave this field empty"), max_length=200)

    @property
    def is_from_a_program(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))
