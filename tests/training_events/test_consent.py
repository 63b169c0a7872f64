"""The words of the consent and the version that is stored with them belong together."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from django.utils import translation

from core import dates
from training_events import consent

#: Version → digest of its words in every language. A new wording is a new row with a new version: what people agreed to under
#: an old version must be found here for as long as their registrations are kept.
WORDS = {"2026-11": {"vi": "d69564219fc89c7b", "en": "c9036b11d173c2f7"}}


def words(language: str) -> str:
    with translation.override(language):
        day = datetime.date(2026, 11, 25)
        text = consent.text(office="O", keep_until=day).replace(dates.date_label(day), "D")
        said = f"{text}\n{consent.read_aloud(text)}"
    # how dates are written is no wording
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_other_words_have_another_version(language: str) -> None:
    assert WORDS[consent.VERSION][language] == words(language), (
        "The consent says something else: raise consent.VERSION and add the digest of the new words here."
    )


def test_versions_tell_their_words_apart() -> None:
    assert len({str(one) for one in WORDS.values()}) == len(WORDS)
