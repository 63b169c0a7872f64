"""What follows when a page is translated or begun."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import copy_for_translation_done, init_new_page

from core.models import ContentPage
from core.offices import office_for_site
from core.staff import site_of
from home.models import HomePage
from home.offices import cover_translation


@receiver(copy_for_translation_done)
def cover_new_language(sender: Any, source_obj: Any, target_obj: Any, **_kwargs: Any) -> None:
    """Give the office's staff its home page in the new language."""
    if isinstance(target_obj, HomePage):
        cover_translation(source_obj, target_obj)


@receiver(init_new_page)
def fill_in_the_obvious(sender: Any, page: Page, parent: Page, **_kwargs: Any) -> None:
    """Begin a new page as published today, reviewed today and the responsibility of the office it stands in."""
    if not isinstance(page, ContentPage):
        return
    today = timezone.localdate()
    page.published_on = today
    page.last_reviewed_on = today
    site = site_of(parent)
    if site is not None and not page.responsible_unit:
        page.responsible_unit = office_for_site(site).organisation_name[:160]
