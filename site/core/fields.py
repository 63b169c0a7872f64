"""Model fields of our own."""

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail import fields as wagtail_fields

from core.taxonomy import source_rows


class StreamField(wagtail_fields.StreamField):
    """Wagtail's StreamField without block definitions in migrations.

    Stock StreamFields repeat every block in every migration (one peer's migrations are 46 times its code). The
    price: a data migration sees raw JSON only.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Accept a missing block list, which is what migrations pass."""
        if not args and "block_types" not in kwargs:
            args = ([],)
        kwargs.pop("block_lookup", None)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the field's definition without its blocks."""
        name, path, _args, kwargs = models.Field.deconstruct(self)
        kwargs.pop("block_lookup", None)
        return name, path, [], dict(kwargs)


class SourceLocaleMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Checkboxes over the vocabulary rows of the source locale (pages always refer to these)."""

    widget = forms.CheckboxSelectMultiple


class TopicsField(ClusterTaggableManager):
    """A taggit manager whose form field is a list of checkboxes.

    Topics are a closed vocabulary; a free-text tag box invites spelling variants and needs a mouse-savvy editor.
    """

    def formfield(self, form_class: Any = None, **kwargs: Any) -> forms.Field:
        """Return the checkboxes; the queryset is made per form, so that a new topic shows without a restart."""
        topic_model = self.through.tag_model()
        defaults = {
            "queryset": source_rows(topic_model),
            "required": not self.blank,
            "label": capfirst(str(self.verbose_name)),
            "help_text": self.help_text,
        }
        defaults.update({k: v for k, v in kwargs.items() if k in ("label", "help_text", "required")})
        return SourceLocaleMultipleChoiceField(**defaults)


def active_language() -> str:
    """Return the active language code, Vietnamese when none is active (management commands)."""
    return get_language() or "vi"
