"""Forget cached office data when something that it is made of changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from core.memory import forget
from core.models import (
    Alert,
    Audience,
    OfficeSettings,
    OfficeTranslation,
    OfficialChannel,
    Pillar,
    Place,
    SkillGroup,
    Topic,
)

_OFFICE = (OfficeSettings, OfficialChannel, Alert, OfficeTranslation)
_VOCABULARY = (Pillar, Topic, Place, Audience, SkillGroup)
_WATCHED = (*_OFFICE, *_VOCABULARY, Site, Locale, PageViewRestriction)


@receiver([post_save, post_delete])
def forget_on_change(sender: type, **_kwargs: Any) -> None:
    """Forget when settings, sites or any page row (menus, paths) changes."""
    if sender in _WATCHED or (isinstance(sender, type) and issubclass(sender, Page)):
        forget()


@receiver([page_published, page_unpublished, post_page_move])
def forget_on_tree_change(**_kwargs: Any) -> None:
    """Forget when the tree changes: menus are made from it."""
    forget()
