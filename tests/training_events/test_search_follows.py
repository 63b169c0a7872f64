"""What the search keeps of an event follows the name of its place."""

from __future__ import annotations

import pytest
from wagtail.models import Site

from search.models import PageText
from tests.factories.core import make_place
from tests.factories.training_events import make_event

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_class_names_the_place_as_it_is_called_now(site: Site) -> None:
    place = make_place("Xã Bù Gia Mập")
    event = make_event(site, "Lớp 1", days=10, venue_place=place)
    assert "Bù Gia Mập" in str(PageText.objects.get(page_id=event.pk).meta)
    place.name = "Xã Phú Nghĩa"
    place.save()
    assert "Phú Nghĩa" in str(PageText.objects.get(page_id=event.pk).meta)
