"""What is kept for a minute: shared values are not unpacked for every request, and are dropped with all others."""

import pytest
from django.core.cache import cache

from core import memory
from core.memory import forget, remember


def reading(kept: list[int]) -> list[int]:
    kept.append(len(kept))
    return list(kept)


@pytest.mark.parametrize("shared", [True, False])
def test_a_value_is_made_once_and_anew_when_something_was_saved(shared: bool) -> None:
    kept: list[int] = []
    for _ in range(3):
        assert remember("test.value", 1, make=lambda: reading(kept), shared=shared) == [0]
    assert remember("test.value", 2, make=lambda: ["other"], shared=shared) == ["other"]
    forget()
    assert remember("test.value", 1, make=lambda: reading(kept), shared=shared) == [0, 1]


def test_only_a_shared_value_is_the_same_object() -> None:
    first = remember("test.shared", make=lambda: ["x"], shared=True)
    assert remember("test.shared", make=lambda: ["x"], shared=True) is first
    own = remember("test.own", make=lambda: ["x"])
    assert remember("test.own", make=lambda: ["x"]) is not own


def test_an_emptied_cache_makes_no_old_value_current_again() -> None:
    remember("test.value", make=lambda: "old", shared=True)
    cache.clear()
    assert remember("test.value", make=lambda: "new", shared=True) == "new"
    cache.clear()
    assert remember("test.value", make=lambda: "newest", shared=True) == "newest"


def test_another_process_that_saves_is_noticed_at_once_where_the_cache_is_one() -> None:
    remember("test.value", make=lambda: "old", shared=True)
    # what forget() does in the other process, seen from here
    cache.set(memory._VERSION_KEY, "other", None)
    assert remember("test.value", make=lambda: "new", shared=True) == "new"


def test_old_values_do_not_pile_up() -> None:
    for number in range(memory.OWN_VALUES * 3):
        remember("test.many", number, make=lambda: "x", shared=True)
    assert len(memory._own) <= memory.OWN_VALUES
