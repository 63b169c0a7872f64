"""Forms that settings name: signing in, images. They need all models, so no model module imports them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.images.forms import BaseImageForm


class StaffLoginForm(LoginForm):
    """Wagtail's form; its password field has no label that could be translated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")


class SiteImageForm(BaseImageForm):
    """Asks for what the picture shows: a picture nobody described is none for those who cannot see it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Require the description where the form has it (the first step of several uploads at once has not)."""
        super().__init__(*args, **kwargs)
        field = self.fields.get("description")
        if field is not None:
            field.required = True
            field.help_text = _(
                "What the picture shows, in one sentence, for people who cannot see it. For example: "
                "An official shows two farmers how to scan a QR code at the hamlet hall."
            )
