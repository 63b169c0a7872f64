"""The ways on from a page of a long list: few, however long it is."""

import pytest
from django.core.paginator import Paginator

from core.templatetags.core_tags import shown_numbers


@pytest.mark.parametrize(
    ("pages", "number", "shown"),
    [
        (1, 1, [1]),
        (3, 2, [1, 2, 3]),
        (5, 1, [1, 2, None, 5]),
        (84, 1, [1, 2, None, 84]),
        (84, 3, [1, 2, 3, 4, None, 84]),
        (84, 40, [1, None, 39, 40, 41, None, 84]),
        (84, 84, [1, None, 83, 84]),
    ],
)
def test_the_ends_and_the_neighbours_are_shown(pages: int, number: int, shown: list[int | None]) -> None:
    assert shown_numbers(Paginator(range(pages * 12), 12).page(number)) == shown
