"""What makes the suggestions change. Each starts a task after the transaction; deleting a page deletes its rows."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from core.models import OfficeSettings, Pillar, Place, Topic
from search import suggestion_tasks
from search.models import LexiconEntry, SwitchedOff


def _later(task: Any, *arguments: int) -> None:
    transaction.on_commit(partial(task.enqueue, *arguments))


@receiver([page_published, page_unpublished], dispatch_uid="search.suggestions.page")
def page_changed(instance: Page, **_kwargs: Any) -> None:
    """A page has appeared, has a new title, or is gone."""
    _later(suggestion_tasks.sync_page, instance.pk)


@receiver(post_page_move, dispatch_uid="search.suggestions.moved")
def page_moved(instance: Page, **_kwargs: Any) -> None:
    """A page and all below it may belong to another office now, or stand below a private page."""
    _later(suggestion_tasks.sync_tree, instance.pk)


@receiver([post_save, post_delete], sender=PageViewRestriction, dispatch_uid="search.suggestions.private")
def restriction_changed(instance: PageViewRestriction, raw: bool = False, **_kwargs: Any) -> None:
    """Who may see a page and all below it has changed."""
    if not raw:
        _later(suggestion_tasks.sync_tree, instance.page_id)


@receiver([post_save, post_delete], dispatch_uid="search.suggestions.terms")
def vocabulary_changed(sender: type, raw: bool = False, **_kwargs: Any) -> None:
    """A topic, place or pillar, or words of staff have appeared, have changed, or are gone."""
    if sender in (Topic, Place, Pillar, LexiconEntry, SwitchedOff) and not raw:
        _later(suggestion_tasks.sync_terms)


@receiver(pre_save, sender=OfficeSettings, dispatch_uid="search.suggestions.sharing")
def sharing_changed(instance: OfficeSettings, raw: bool = False, **_kwargs: Any) -> None:
    """An office shows what another office shares, or does so no more."""
    if raw or not instance.pk:
        return
    before = OfficeSettings.objects.filter(pk=instance.pk).values_list("shares_from_id", flat=True).first()
    if before != instance.shares_from_id:
        _later(suggestion_tasks.rebuild_office, instance.site_id)
