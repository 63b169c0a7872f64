"""A rebuild of the search index that staff have asked for: how far it is, and how it ended."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: A run that has said nothing for so long has stopped with its process.
SILENT = datetime.timedelta(minutes=10)


class IndexRun(models.Model):
    """One rebuild.

    Attributes:
        backend: the backend being worked on.
        done, total: objects of this backend.
        problem: what went wrong, for the administrator; empty when nothing did.
    """

    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    backend = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("rebuild of the search index")
        verbose_name_plural = _("rebuilds of the search index")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """``waiting``, ``running``, ``done``, ``failed`` or ``stopped`` (its process is gone)."""
        if self.ended_at:
            return "failed" if self.problem else "done"
        is_silent = (self.heard_at or self.asked_at) < timezone.now() - SILENT
        if is_silent:
            return "stopped"
        return "running" if self.started_at else "waiting"

    @property
    def is_open(self) -> bool:
        """Whether another one would get in its way."""
        return self.state in {"waiting", "running"}
