"""Edit form of content pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from core import vietnamese
from core.taxonomy import source_rows

#: Fields that choose vocabulary rows; only those of the source locale are offered.
_VOCABULARY_FIELDS = ("pillar", "topics", "places", "audiences", "skill_groups")


class ContentPageForm(WagtailAdminPageForm):
    """Offers the vocabulary of the source locale as checkboxes and cleans slugs as the site's own rule does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Narrow every vocabulary field."""
        super().__init__(*args, **kwargs)
        for name in _VOCABULARY_FIELDS:
            field = self.fields.get(name)
            if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
                continue
            field.queryset = source_rows(field.queryset.model)
            if isinstance(field, forms.ModelMultipleChoiceField):
                choices: Any = field.choices
                if name == "topics":  # they have no order of their own, and databases put đ after y
                    choices = sorted(choices, key=lambda choice: vietnamese.sort_key(str(choice[1])))
                field.widget = forms.CheckboxSelectMultiple(choices=choices)
            else:
                field.empty_label = _("None")

    def clean_slug(self) -> str:
        """Return the slug in ASCII, whatever was typed."""
        slug = self.cleaned_data.get("slug", "")
        return vietnamese.slugify(slug, fallback="") if slug else slug
