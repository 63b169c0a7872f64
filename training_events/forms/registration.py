"""The registration form."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from training_events import consent, form_key, proof, spam
from training_events.forms import fields
from training_events.forms.contact import ContactForm, Registrant
from training_events.forms.people import Block, People
from training_events.models import SeatPool
from training_events.questions import Asked
from training_events.services.party import PersonData
from training_events.services.registration import RegistrationData

#: More people than this are not asked about one by one in a form: their names come later.
MOST_BLOCKS = 50
_ASK_AGAIN = _(
    "Please answer this question and send the form again. If it does not work, call us: we register you."
)


class RegistrationForm(ContactForm):
    """Name, phone and consent; the rest may stay empty, apart from what the event itself has to know."""

    party_size = forms.TypedChoiceField(
        label=_("How many people come?"), coerce=int,
        help_text=_("Count yourself. All get seats together, or all wait together."),
        error_messages={"invalid_choice": _("Please choose one of the numbers in the list.")},
    )  # fmt: skip
    other_names = fields.LinesField(
        label=_("Names of the others"), required=False, max_length=2000,
        help_text=_("One name on each line. You may also tell us on the day."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=_("Seats are held back for some groups. Do you belong to one?"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the options.")},
    )  # fmt: skip
    consent = forms.BooleanField(
        error_messages={
            "required": _("Please tick the box: without your consent we may not keep your registration.")
        }
    )
    website = forms.CharField(
        label=_("Leave this field empty"), required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    #: Under attack only: what the browser worked out, or the answer to a plain question where no script runs.
    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    plain = forms.CharField(
        required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _ASK_AGAIN},
        help_text=_("Many forms are being sent by programs at the moment. Please answer with a number."),
    )  # fmt: skip
    again = forms.BooleanField(widget=forms.HiddenInput, required=False)
    #: Digest of the sentence that stood beside the box of the form that was sent.
    agreed = forms.CharField(widget=forms.HiddenInput, required=False)
    #: What stands below the name of the first person.
    first_hint: Any = _("Leave this empty if it is you.")
    #: The key as it was read from the form, empty where it was none of ours.
    idempotency_key = ""
    #: Whether a form sent within a moment of being shown comes back: a program filled it in.
    has_time_trap = True
    #: For how many people the form that was sent had blocks of fields.
    blocks = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_BLOCKS)

    def __init__(
        self,
        *args: Any,
        pool: SeatPool,
        office: str,
        keep_until: datetime.date,
        asked: Sequence[Asked] = (),
        groups: Sequence[tuple[str, str]] = (),
        guarded: bool = False,
        **kwargs: Any,
    ) -> None:
        """Fit the questions to the event.

        Args:
            *args: as for any form.
            pool: the event's seats and rules.
            office: name of the office, for the consent.
            keep_until: last day on which the data are kept, for the consent.
            asked: the event's own questions.
            groups: key and name of groups for which seats are held back and that people may say they belong to.
            guarded: whether the form has to prove that a person sends it (training_events.spam).
            **kwargs: as for any form.
        """
        super().__init__(*args, pool=pool, asked=asked, **kwargs)
        self.consent_text = self._consent(office, keep_until)
        self.fields["consent"].label = self.consent_text
        self._compare_consent()
        self._offer_sizes()
        self._offer_groups(groups)
        self.guarded = guarded
        if guarded:
            plain = self.fields["plain"]
            plain.label = proof.question(self._key_value())
            plain.required = not proof.verify(str(self.data.get("proof", "")), self._key_value())
        else:
            del self.fields["proof"], self.fields["plain"]
        self.people = People(self, self.person_questions, pool.ask_birth_year)
        self.asks_each = bool(self.person_questions) or pool.ask_birth_year
        #: The form shown did not have the blocks of all people: it comes back with them, which is no error of anybody's.
        self.needs_people = False
        if self.asks_each:
            self._add_blocks()

    @property
    def largest(self) -> int:
        """The most people that the form takes."""
        return self.pool.max_party

    def _consent(self, office: str, keep_until: datetime.date) -> str:
        """Return the sentence that is agreed to."""
        return consent.text(office=office, keep_until=keep_until)

    def _compare_consent(self) -> None:
        """Take a tick beside other words for none: what is stored is the sentence that was read."""
        digest = hashlib.sha256(self.consent_text.encode()).hexdigest()[:16]
        self.initial["agreed"] = digest
        if self.is_bound and self.data.get("agreed", digest) != digest:
            self._send_instead(agreed=digest, consent="")

    def _offer_sizes(self) -> None:
        if self.largest == 1:
            del self.fields["party_size"], self.fields["other_names"]
            return
        self.fields["party_size"].choices = [  # type: ignore[attr-defined]
            (n, ngettext("%(count)s person", "%(count)s people", n) % {"count": n})
            for n in range(1, self.largest + 1)
        ]
        if self.pool.takes_organisations:
            self.fields["party_size"].help_text = _("All get seats together, or all wait together.")

    def _offer_groups(self, groups: Sequence[tuple[str, str]]) -> None:
        if not groups:
            del self.fields["group"]
            return
        self.fields["group"].choices = [("", _("No")), *groups]  # type: ignore[attr-defined]

    def _add_blocks(self) -> None:
        self.fields.pop("other_names", None)
        size = min(self._sent_number("party_size", self.largest) if self.is_bound else 1, MOST_BLOCKS)
        shown = self._sent_number("blocks", MOST_BLOCKS) if self.is_bound else 1
        self.needs_people = size > shown
        for number in range(1, size + 1):
            self.people.add(
                number,
                has_name=number > 1 or self.pool.takes_organisations,
                lenient=self.needs_people and number > shown,
                hint=self.first_hint if number == 1 else "",
            )
        self.initial["blocks"] = size
        if self.is_bound and size != shown:
            self._send_instead(blocks=str(size))

    def _sent_number(self, name: str, largest: int = 999) -> int:
        raw = str(self.data.get(name, "1"))
        number = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else 1
        return number if 1 <= number <= largest else 1

    @property
    def asks_one(self) -> bool:
        """Whether the only person asked is the one who fills in the form."""
        return len(self.people.numbers) == 1 and not self.pool.takes_organisations

    @property
    def only_needs_people(self) -> bool:
        """Whether the form comes back for nothing but the blocks of people it did not have yet."""
        return bool(self.needs_people and self.is_bound and set(self.errors) == {"__all__"})

    def _key_value(self) -> str:
        return str(self.data.get("key", "") if self.is_bound else self.initial.get("key", ""))

    @property
    def challenge(self) -> str:
        """What the browser has to work out (JSON), for the template."""
        return proof.challenge(self._key_value())

    @property
    def person_blocks(self) -> list[Block]:
        """The blocks of fields for each person, for the template."""
        return list(self.people.blocks())

    def clean(self) -> dict[str, Any]:
        """Refuse programs kindly, and more names than people."""
        data = super().clean() or {}
        if data.get("website"):
            raise ValidationError(
                gettext("Please empty the last field of the form and send it again."), code="honeypot"
            )
        self._read_key(data)
        self.clean_contact(data)
        if self.guarded:
            self._check_proof(data)
        size = data.get("party_size", 1)
        if data.get("other_names") and len(self._other_names()) > size - 1:
            self.add_error(
                "other_names",
                gettext("There are more names here than people chosen above. Please change one of the two."),
            )
        if self.needs_people and not self.errors:
            raise ValidationError(
                gettext("Please tell us about each person now, then send the form again."), code="people"
            )
        return data

    def _read_key(self, data: dict[str, Any]) -> None:
        try:
            self.idempotency_key, seconds = form_key.read(data.get("key", ""), self.pool.event_key)
        except form_key.BadKey:
            self.renew_key()
            raise ValidationError(
                gettext(
                    "The form was open for too long or was changed. Everything you typed is still here: please send it again."
                ),
                code="key",
            ) from None
        if self.has_time_trap and seconds < form_key.MINIMUM_SECONDS and not self.errors:
            raise ValidationError(
                gettext("That was very quick. Please check what you typed and send it again."), code="fast"
            )

    def _check_proof(self, data: dict[str, Any]) -> None:
        if "plain" in self.errors or not self.fields["plain"].required:
            return
        if proof.is_right(data.get("plain", ""), self._key_value()) and spam.may_answer(self.pool):
            return
        self.add_error("plain", _ASK_AGAIN)

    def renew_key(self) -> None:
        """Give the form that is shown again a new key."""
        self._send_instead(key=form_key.make(self.pool.event_key))

    def _send_instead(self, **values: str) -> None:
        """Take the form as if these values had been sent; what was sent is not to be changed."""
        data: Any = self.data
        self.data = data.copy()
        for name, value in values.items():
            self.data[name] = value  # type: ignore[index]

    def said(self) -> dict[str, Any]:
        """Return what could be read of a form with errors, the number of people as it was sent."""
        return {**self.cleaned_data, "party_size": self._sent_number("party_size")}

    @property
    def leaves_people_out(self) -> bool:
        """Whether more people were sent than the class takes by now, which the form then does not ask for at all."""
        return "party_size" not in self.fields and self._sent_number("party_size") > 1

    def _other_names(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data.get("other_names", "").splitlines())
        return [line[:100] for line in lines if line]

    def participants(self) -> tuple[PersonData, ...]:
        """Return the people as far as they are known; a person who registers is the first of them."""
        data = self.cleaned_data
        is_person = data.get("registrant", Registrant.PERSON) == Registrant.PERSON
        name = (data.get("p1-name") or data["name"]) if is_person else None
        if not self.asks_each:
            first = [data["name"]] if is_person else []
            return tuple(PersonData(name=one) for one in [*first, *self._other_names()])
        return tuple(
            self.people.read(number, name=name if number == 1 else None)
            for number in range(1, data.get("party_size", 1) + 1)
        )

    def registration_data(self) -> RegistrationData:
        """Return what the services need; the form must be valid."""
        data = self.cleaned_data
        return RegistrationData(
            name=data["name"],
            phone=data["phone"],
            email=data["email"],
            place=data["place"],
            party_size=data.get("party_size", 1),
            people=self.participants(),
            answers=self.party_answers(),
            group=uuid.UUID(data["group"]) if data.get("group") else None,
            registrant=data.get("registrant", Registrant.PERSON),
            organisation_name=data.get("organisation_name", ""),
            tax_code=data.get("tax_code", ""),
            idempotency_key=self.idempotency_key,
            consent_text=self.consent_text,
            consent_version=consent.VERSION,
            only_first=not data["again"],
        )
