"""What keeps the index in step: nothing that happens during a rebuild, to a worker or to a topic's name leaves it behind."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Site

from core.models import Place
from home.models import StandardPage
from search import building, claims, index_state, lost_tasks, outbox, services, vocabulary_signals
from search.engines.base import SearchQuery
from search.models import Claim, IndexChange, IndexState, PageText
from tests.factories.core import make_office, make_place, make_topic
from tests.search.helpers import add

pytestmark = [pytest.mark.django_db, pytest.mark.database]
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
LONG_AGO = timezone.now() - datetime.timedelta(hours=1)


@pytest.fixture
def site() -> Site:
    return make_office()


@pytest.fixture
def one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_state, "get_indexed_models", lambda: [StandardPage])


def titles(site: Site, text: str, language: str = "vi") -> list[str]:
    return sorted(r.card.title for r in services.search(SearchQuery(text, site, language)).results)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> list[int]:
    """Let something happen between reading the first pages and writing them; the numbers of what is written follow."""
    chunks, written = index_state._chunks, []

    def between(model: Any, size: int) -> Iterator[Any]:
        for number, items in chunks(model, size):
            if not written:
                happens()
            written.append(len(items))
            yield number, items

    monkeypatch.setattr(index_state, "_chunks", between)
    return written


@pytest.mark.usefixtures("one_model")
class TestARebuildBesideTheWorker:
    def test_newer_text_stays(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        page = add(site, "Dịch vụ cũ", "Nộp tại xã.")

        def publish() -> None:
            changed = StandardPage.objects.get(pk=page.pk)
            changed.title = "Bưu chính mới"
            changed.save_revision().publish()
            assert titles(site, "buu chinh moi") == ["Bưu chính mới"], "the worker has indexed it"

        written = meanwhile(monkeypatch, publish)
        index_state.rebuild_now()
        assert written[0] >= 1, "the old text was written afterwards"
        assert titles(site, "buu chinh moi") == ["Bưu chính mới"]
        assert not IndexChange.objects.exists()

    def test_a_deleted_page_is_gone_and_stops_nothing(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone, stays = add(site, "Dịch vụ bị xóa"), add(site, "Dịch vụ còn lại")
        written = meanwhile(monkeypatch, lambda: StandardPage.objects.get(pk=gone.pk).delete() and None)
        index_state.rebuild_now()
        assert written[0] >= 2
        assert titles(site, "dich vu") == ["Dịch vụ còn lại"]
        assert not PageText.objects.filter(page_id=gone.pk).exists()
        assert PageText.objects.filter(page_id=stays.pk).exists()
        assert not IndexChange.objects.exists()

    def test_one_that_fails_leaves_no_old_text(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        page = add(site, "Dịch vụ cũ")

        def publish() -> None:
            StandardPage.objects.get(pk=page.pk).delete()
            add(site, "Bưu chính mới")

        meanwhile(monkeypatch, publish)
        monkeypatch.setattr(building.InPlace, "finish", lambda self: (_ for _ in ()).throw(OSError("full")))
        with pytest.raises(OSError, match="full"):
            index_state.rebuild_now()
        monkeypatch.undo()
        building._clear()
        assert IndexState.objects.get(backend="default").building == {}
        assert not PageText.objects.filter(page_id=page.pk).exists()
        assert titles(site, "buu chinh") == ["Bưu chính mới"]

    def test_two_at_once_and_one_that_was_killed(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        page = add(site, "Dịch vụ công")
        owner = claims.take(building.CLAIM, building.SILENT)
        with pytest.raises(index_state.AlreadyRunning):
            index_state.rebuild_now()
        # it was killed after it had written old text over what the worker had written
        building.announce("default", {"": owner})
        StandardPage.objects.filter(pk=page.pk).update(title="Bưu chính")
        outbox.note([page])
        assert IndexChange.objects.get().is_told
        StandardPage.objects.filter(pk=page.pk).update(title="Dịch vụ viễn thông")
        assert not building.clear_broken_off(), "it may live"
        Claim.objects.update(heard_at=LONG_AGO)
        call_command("deliver_index", verbosity=0)
        assert not IndexChange.objects.exists()
        assert titles(site, "vien thong") == ["Dịch vụ viễn thông"]
        assert IndexState.objects.get(backend="default").building == {}
        assert index_state.rebuild_now() >= 1

    def test_one_that_was_taken_for_dead_stops(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        add(site, "Dịch vụ công")

        def overtake() -> None:
            Claim.objects.update(heard_at=LONG_AGO)
            other = claims.take(building.CLAIM, building.SILENT)
            building.announce("default", {"": other})

        meanwhile(monkeypatch, overtake)
        with pytest.raises(index_state.Overtaken):
            index_state.rebuild_now()
        assert IndexState.objects.get(backend="default").building, "the other one's"
        assert Claim.objects.filter(name=building.CLAIM).exists()


class TestDelivery:
    def test_what_was_read_before_a_newer_change_was_told_is_told_again(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = add(site, "Dịch vụ cũ")
        told = outbox.telling.Database._remove

        def slow(index: Any, root: Any, keys: set[str]) -> None:
            # while one worker wrote what it had read, another has delivered a newer change
            monkeypatch.setattr(outbox.telling.Database, "_remove", staticmethod(told))
            StandardPage.objects.filter(pk=page.pk).update(title="Bưu chính")
            IndexChange.objects.all().delete()

        monkeypatch.setattr(outbox.telling.Database, "_remove", staticmethod(slow))
        outbox.note([page])
        assert titles(site, "buu chinh") == ["Bưu chính"]

    def test_one_worker_at_a_time_and_another_one_after_it_was_killed(
        self, site: Site, settings: Any
    ) -> None:
        from django_tasks_db.models import DBTaskResult

        settings.TASKS = QUEUE
        add(site, "Dịch vụ công")
        now = timezone.now()
        IndexState.objects.update_or_create(
            backend="default", defaults={"busy_until": now + datetime.timedelta(seconds=30)}
        )
        DBTaskResult.objects.all().delete()
        assert outbox.deliver.call() == 0
        assert DBTaskResult.objects.get().run_after >= now + datetime.timedelta(seconds=outbox.BUSY)
        IndexState.objects.update(busy_until=now)
        assert outbox.deliver.call() > 0
        assert IndexState.objects.get(backend="default").busy_until is None
        assert titles(site, "dich vu") == ["Dịch vụ công"]

    def test_a_page_that_cannot_be_indexed_keeps_no_other_out_and_is_tried_again(
        self, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.TASKS = QUEUE
        bad, good = add(site, "Trang hỏng"), add(site, "Trang lành")
        real = StandardPage.get_card

        def card(self: Any, request: Any = None) -> Any:
            if self.pk == bad.pk:
                raise ValueError("broken")
            return real(self, request)

        with monkeypatch.context() as patch:
            patch.setattr(StandardPage, "get_card", card)
            outbox.deliver_now()
        waiting = IndexChange.objects.filter(model=outbox.PAGE)
        assert list(waiting.values_list("object_id", flat=True)) == [str(bad.pk)]
        assert titles(site, "trang lanh") == [good.title]
        state = IndexState.objects.get(backend="default")
        assert state.tries == 1
        assert state.retry_at is not None
        outbox.deliver_now()
        assert not waiting.exists()
        assert titles(site, "trang hong")[0] == bad.title

    def test_what_a_killed_worker_left_is_taken_up(self, site: Site, settings: Any) -> None:
        settings.TASKS = QUEUE
        add(site, "Dịch vụ công")
        call_command("deliver_index", verbosity=0)
        assert titles(site, "dich vu") == [], "a task may be under way"
        IndexChange.objects.update(number=LONG_AGO.timestamp() * 1_000_000_000)
        call_command("deliver_index", verbosity=0)
        assert titles(site, "dich vu") == ["Dịch vụ công"]

    def test_a_task_that_a_killed_worker_left_runs_again_but_not_for_ever(
        self, site: Site, settings: Any
    ) -> None:
        from django_tasks_db.models import DBTaskResult

        settings.TASKS = QUEUE
        from search.suggestion_tasks import sync_page

        sync_page.enqueue(1)
        task = DBTaskResult.objects.get()
        for worker in "abc":
            task.claim(worker)
            assert lost_tasks.take_up() == 0, "it may be running"
            DBTaskResult.objects.update(started_at=LONG_AGO)
            lost_tasks.take_up()
            task.refresh_from_db()
        assert (len(task.worker_ids), task.status) == (3, "FAILED")

    def test_much_is_delivered_in_parts(
        self, site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django_tasks_db.models import DBTaskResult

        settings.TASKS = QUEUE
        monkeypatch.setattr(outbox, "AT_A_TIME", 1e-9)
        monkeypatch.setattr(outbox.telling, "DATABASE_BATCH", 1)
        monkeypatch.setattr(outbox.telling.Database, "batch", 1)
        pages = [add(site, f"Dịch vụ {number}") for number in range(2)]
        IndexChange.objects.all().delete()
        DBTaskResult.objects.all().delete()
        outbox.note(pages)
        assert outbox.deliver.call() == 1
        assert IndexChange.objects.count() == 1
        assert sorted(DBTaskResult.objects.values_list("priority", flat=True)) == [outbox.LATER, 0]


class TestWhatPagesShow:
    def test_a_topic(self, site: Site) -> None:
        topic = make_topic("Lúa nước")
        add(site, "Trang một", topics=[topic])
        assert titles(site, "lua nuoc") == ["Trang một"]
        topic.name = "Cà phê sạch"
        topic.save()
        assert titles(site, "ca phe sach") == ["Trang một"]
        assert titles(site, "lua nuoc") == []
        topic.delete()
        assert titles(site, "ca phe sach") == []

    def test_a_place_and_its_other_names(self, site: Site) -> None:
        place = make_place("Xã Bù Gia Mập")
        add(site, "Trang một", places=[place])
        place.aliases = "Đăk Ơ"
        place.save()
        assert titles(site, "dak o") == ["Trang một"]
        place.name = "Xã Phú Nghĩa"
        place.valid_to = datetime.date(2025, 6, 30)
        place.save()
        assert titles(site, "phu nghia") == ["Trang một"]
        place.delete()
        assert titles(site, "phu nghia") == []

    def test_a_translation_of_a_term_is_one_of_the_pages_of_the_term(self, site: Site) -> None:
        from core.showing import pages_that_show

        place = make_place("Xã Bù Gia Mập")
        page = add(site, "Trang một", places=[place])
        english = Locale.objects.get_or_create(language_code="en")[0]
        copy = Place(
            name="Bu Gia Map", slug=place.slug, locale=english, translation_key=place.translation_key
        )
        copy.save()
        assert pages_that_show(copy) == {page.pk} == pages_that_show(place)
        PageText.objects.filter(page=page).update(text="")
        copy.name = "Bu Gia Map commune"
        copy.save()
        assert PageText.objects.get(page=page).folded
        assert not IndexChange.objects.exists()

    def test_saving_a_term_that_no_page_has_costs_little(
        self, site: Site, settings: Any, django_assert_max_num_queries: Any
    ) -> None:
        settings.TASKS = QUEUE
        topic = make_topic("Lúa nước")
        for number in range(3):
            add(site, f"Trang {number}", topics=[topic])
        topic.name = "Cà phê"
        with django_assert_max_num_queries(6):
            topic.save()
        outbox.deliver_now()
        assert titles(site, "ca phe") == ["Trang 0", "Trang 1", "Trang 2"]


class TestCountingWords:
    def test_it_is_asked_for_once_whatever_a_process_remembers(
        self, site: Site, settings: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        from django.core.cache import cache
        from django_tasks_db.models import DBTaskResult

        settings.TASKS = QUEUE

        def asked() -> int:
            return DBTaskResult.objects.filter(task_path__endswith="count_words_task").count()

        page = add(site, "Dịch vụ công")
        for _ in range(2):
            with django_capture_on_commit_callbacks(execute=True):
                page.save_revision().publish()
            cache.clear()  # another process
        assert asked() == 1
        vocabulary_signals.count_words_task.call()
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()
        assert asked() == 2
        # the task was lost
        vocabulary_signals.count_forgotten()
        assert asked() == 2
        Claim.objects.update(heard_at=LONG_AGO)
        vocabulary_signals.count_forgotten()
        assert asked() == 3

    def test_a_transaction_that_is_undone_asks_for_nothing(self, site: Site) -> None:
        add(site, "Dịch vụ công").save_revision().publish()
        assert not Claim.objects.filter(name=vocabulary_signals.CLAIM).exists()


class TestNeedsRebuild:
    def test_another_kind_of_database(self, site: Site) -> None:
        add(site, "Dịch vụ công")
        index_state.rebuild_now()
        assert not index_state.needs_rebuild()
        IndexState.objects.update(place="mysql")
        assert index_state.needs_rebuild()

    def test_an_index_that_is_empty(self, site: Site) -> None:
        page = add(site, "Dịch vụ công")
        index_state.rebuild_now()
        outbox.get_search_backend().get_index_for_model(type(page)).entries.all().delete()
        assert index_state.needs_rebuild()

    def test_another_server_and_no_secret(self, settings: Any) -> None:
        from config.search_backends import from_url
        from search.places import place_of

        settings.WAGTAILSEARCH_BACKENDS = from_url("opensearch+https://me:secret@one:9200/site")
        assert place_of("default") == "opensearch one:9200 site-"
        IndexState.objects.update_or_create(
            backend="default",
            defaults={
                "version": index_state.VERSION, "built_at": timezone.now(), "place": place_of("default"),
            },
        )  # fmt: skip
        IndexState.objects.update_or_create(backend="database", defaults={"version": index_state.VERSION})
        StandardPage.objects.all().delete()
        assert not index_state.needs_rebuild()
        settings.WAGTAILSEARCH_BACKENDS = from_url("opensearch+https://me:secret@two:9200/site")
        assert index_state.needs_rebuild()
