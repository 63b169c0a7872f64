"""Background tasks that keep the suggestions in step. A publication never waits for them.

A worker's own memory of offices and restrictions (core.memory) may be a minute old, so each task forgets it first.
"""

from __future__ import annotations

from django_tasks import task
from wagtail.models import Locale, Site

from core.memory import forget
from search import suggestion_index


@task()
def sync_page(page_id: int) -> None:
    """See suggestion_index.sync_page."""
    forget()
    suggestion_index.sync_page(page_id)


@task()
def sync_tree(page_id: int) -> None:
    """See suggestion_index.sync_tree."""
    forget()
    suggestion_index.sync_tree(page_id)


@task()
def sync_terms() -> None:
    """Bring the terms and phrases of every office up to date, and lower what is over meanwhile."""
    forget()
    suggestion_index.sync_all_terms()
    suggestion_index.lower_past()


@task()
def rebuild_office(site_id: int) -> None:
    """Bring all suggestions of an office up to date; one that was deleted meanwhile has none."""
    forget()
    site = Site.objects.filter(pk=site_id).first()
    for language in Locale.objects.values_list("language_code", flat=True) if site else ():
        suggestion_index.rebuild(site, language)
