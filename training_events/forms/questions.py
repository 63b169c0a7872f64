"""An event's own questions as form fields, and what was filled in as answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import dates
from core.taxonomy import localized
from training_events.forms import fields
from training_events.models import Answer, QuestionKind
from training_events.questions import Asked
from training_events.services.party import AnswerData

#: From this many options on a list unfolds instead of standing there in full.
LONG_LIST = 7
_DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
_REQUIRED = {"required": _("Please answer this question.")}
_CHOOSE = {**_REQUIRED, "invalid_choice": _("Please choose one of the options.")}


def field_name(question: Asked, prefix: str = "") -> str:
    """Return the name of the question's field: it follows from the stable key, so forms that are open survive edits."""
    return f"{prefix}q-{question.key.hex}"


def is_reworded(question: Asked, stored: Answer | None) -> bool:
    """Whether ``stored`` answers the question in other words or of another kind than it is asked now.

    An option that was reworded counts as well; one that was taken off the list does not.
    """
    if stored is None:
        return False
    if stored.kind != question.kind or stored.wording not in question.wordings:
        return True
    listed = {key for key, _text in question.options}
    chosen = [(key, text) for key, text in stored.value or []] if listed else []
    return any(key in listed and (key, text) not in question.option_wordings for key, text in chosen)


def build_field(question: Asked, stored: Answer | None = None) -> forms.Field:
    """Return the field of a question.

    An earlier answer to other words is not filled in, which would give it another meaning: it is shown in the hint, and stays as
    it is where the field is left empty.
    """
    notes = [question.hint]
    if question.reason and question.sensitive:
        notes.append(gettext("Why we ask: %(reason)s") % {"reason": question.reason})
    reworded = is_reworded(question, stored)
    if reworded and stored is not None:
        notes.append(
            gettext("Earlier answer to “%(wording)s”: %(answer)s. Leave this empty to keep it.")
            % {"wording": stored.wording, "answer": stored.shown}
        )
    field = _field(question, stored)
    field.label = question.label
    field.required = question.required and not reworded
    field.widget.is_required = field.required
    field.help_text = " ".join(filter(None, notes))
    if stored is not None and not reworded:
        field.initial = _initial(question, stored)
    return field


def _field(question: Asked, stored: Answer | None) -> forms.Field:
    match question.kind:
        case QuestionKind.LONG_TEXT:
            widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
            return fields.LinesField(max_length=2000, widget=widget, error_messages=_REQUIRED)
        case QuestionKind.NUMBER:
            return fields.NumberField(max_length=30, error_messages=_REQUIRED)
        case QuestionKind.DATE:
            wrong = {
                **_REQUIRED,
                "invalid": _("Please enter the date as day/month/year, for example 25/11/2026."),
            }
            picker = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return forms.DateField(input_formats=_DATE_FORMATS, widget=picker, error_messages=wrong)
        case QuestionKind.YES_NO:
            choices = [("yes", _("Yes")), ("no", _("No"))]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=_CHOOSE)
        case QuestionKind.PLACE:
            return fields.PlaceField(
                queryset=fields.communes(), empty_label=_("Not stated"), error_messages=_CHOOSE
            )
        case QuestionKind.CHOICE:
            options = _options(question, stored)
            if len(options) >= LONG_LIST or not question.required:
                options = [("", _("Not stated")), *options]
            kind: Any = forms.Select if len(options) >= LONG_LIST else forms.RadioSelect
            return forms.ChoiceField(choices=options, widget=kind, error_messages=_CHOOSE)
        case QuestionKind.CHOICES:
            return forms.MultipleChoiceField(
                choices=_options(question, stored),
                widget=forms.CheckboxSelectMultiple,
                error_messages=_CHOOSE,
            )
    widget_ = forms.TextInput(attrs={"autocomplete": "off"})
    return fields.LinesField(max_length=200, widget=widget_, error_messages=_REQUIRED)


def _options(question: Asked, stored: Answer | None) -> list[tuple[str, Any]]:
    """Return the options; one that was chosen and has been taken off the list since stays in its own words."""
    options: list[tuple[str, Any]] = list(question.options)
    if stored is not None and stored.kind == question.kind and not is_reworded(question, stored):
        listed = {key for key, _text in options}
        options += [(key, text) for key, text in stored.value if key not in listed]
    return options


def _initial(question: Asked, stored: Answer) -> Any:
    match question.kind:
        case QuestionKind.CHOICE:
            return stored.value[0][0] if stored.value else ""
        case QuestionKind.CHOICES:
            return [key for key, _text in stored.value]
        case QuestionKind.YES_NO:
            return "yes" if stored.value else "no"
        case QuestionKind.PLACE:
            return fields.communes().filter(translation_key=stored.value).first()
        case QuestionKind.DATE:
            return datetime.date.fromisoformat(stored.value)
        case QuestionKind.NUMBER:
            return stored.shown
    return stored.value


def answers_of(
    form: forms.BaseForm,
    questions: Iterable[Asked],
    prefix: str = "",
    stored: Mapping[Any, Answer] | None = None,
) -> tuple[AnswerData, ...]:
    """Return the answers of a valid form. An empty field that keeps an earlier, reworded answer gives none."""
    found = []
    for question in questions:
        name = field_name(question, prefix)
        if name not in form.fields:
            continue
        value, shown = _value(form.fields[name], question, form.cleaned_data.get(name))
        old = (stored or {}).get(question.key)
        if value in (None, "", []) and (old is None or is_reworded(question, old)):
            continue
        found.append(
            AnswerData(
                question_key=question.key,
                kind=question.kind,
                wording=question.label,
                value=value,
                shown=shown,
                sensitive=question.sensitive,
                keep_days=question.keep_days,
                anew=is_reworded(question, old),
            )
        )
    return tuple(found)


def _value(field: Any, question: Asked, cleaned: Any) -> tuple[Any, str]:
    """Return the value as it is stored (JSON) and in words."""
    if cleaned in (None, "", []):
        return None, ""
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.CHOICES:
            chosen = [cleaned] if question.kind == QuestionKind.CHOICE else cleaned
            pairs = [[key, str(text)] for key, text in field.choices if key and key in chosen]
            return pairs, "; ".join(text for _key, text in pairs)
        case QuestionKind.YES_NO:
            return cleaned == "yes", gettext("Yes") if cleaned == "yes" else gettext("No")
        case QuestionKind.PLACE:
            return str(cleaned.translation_key), str(localized(cleaned))
        case QuestionKind.DATE:
            return cleaned.isoformat(), dates.date_label(cleaned)
        case QuestionKind.NUMBER:
            return cleaned, str(cleaned).replace(".", ",")
    return cleaned, cleaned
