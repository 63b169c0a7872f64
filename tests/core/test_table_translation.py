"""Tables are translated cell by cell."""

from typing import Any

import pytest
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from home.models import StandardPage
from tests.factories.core import home_of, make_locale, make_office

pytestmark = pytest.mark.django_db


def test_cells_with_words_are_translated(django_capture_on_commit_callbacks: Any) -> None:
    site = make_office(languages=("vi", "en"))
    table = {"data": [["Ngày", "Giờ"], ["Thứ Hai", "7:30"]], "first_row_is_table_header": True}
    page = StandardPage(
        title="Lịch", locale=make_locale("vi"), body=[("table", {"caption": "Lịch hỗ trợ", "table": table})]
    )
    home_of(site).add_child(instance=page)
    page = StandardPage.objects.get(pk=page.pk)
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=make_locale("en"))
    english = {"Ngày": "Day", "Giờ": "Time", "Thứ Hai": "Monday", "Lịch hỗ trợ": "Help times"}
    segments = StringSegment.objects.filter(source=source).select_related("string", "context")
    assert "7:30" not in {segment.string.data for segment in segments}
    for segment in segments:
        if segment.string.data in english:
            StringTranslation.objects.create(
                locale=translation.target_locale,
                translation_of=segment.string,
                context=segment.context,
                data=english[segment.string.data],
            )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    block = page.get_translation(make_locale("en")).specific.body[0].value
    assert block["caption"] == "Help times"
    assert block.header == ["Day", "Time"]
    assert block.rows == [["Monday", "7:30"]]
