"""Build or complete the sample site, with its index, without leaving work in the queue.

What exists is never touched: neither what editors wrote nor what they changed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_queue() -> Iterator[None]:
    """Drop the tasks that saving starts: hundreds of index updates, for which one pass at the end stands in."""
    from django_tasks import task_backends
    from django_tasks.backends.dummy import DummyBackend

    kept = task_backends["default"]
    task_backends["default"] = DummyBackend(alias="default", params={"QUEUES": []})
    try:
        yield
    finally:
        task_backends["default"] = kept


def build(*, verbosity: int = 1) -> None:
    """Run `manage.py demo`, then bring the search index and the index of references up to date."""
    from django.core.management import call_command

    with without_queue():
        call_command("demo", verbosity=verbosity)
        # which page offers which file, then what the files say, then the index, which needs both
        call_command("rebuild_references_index", verbosity=0)
        call_command("read_documents", no_index=True, verbosity=0)
        call_command("rebuild_index", verbosity=0)
        call_command("search_suggestions", verbosity=0)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    build()
