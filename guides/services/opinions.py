"""Readers' opinions: counted per guide and day, without any identity."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F

from guides.models import GuidePage, OpinionComment, OpinionCount

#: Remarks kept per guide and day. Nobody is identified, so a limit per person is impossible; this one keeps a flood small.
REMARKS_A_DAY = 40


def record(page: GuidePage, *, helpful: bool, remark: str = "", day: datetime.date) -> None:
    """Count an opinion and keep the remark, if any.

    Args:
        page: the guide.
        helpful: the answer to "was this helpful?".
        remark: what the reader wrote; empty for nothing.
        day: the day in the site's time zone; the time of day is not kept.
    """
    field = "yes" if helpful else "no"
    with transaction.atomic():
        row, _created = OpinionCount.objects.get_or_create(page=page, day=day)
        OpinionCount.objects.filter(pk=row.pk).update(**{field: F(field) + 1})
        remark = remark.strip()
        if remark and OpinionComment.objects.filter(page=page, day=day).count() < REMARKS_A_DAY:
            OpinionComment.objects.create(page=page, day=day, helpful=helpful, text=remark)
