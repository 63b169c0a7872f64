"""When the jobs of the server did their work last."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """The last run of a job that did all of its work; one row for each job."""

    name = models.CharField(_("job"), max_length=40, unique=True)
    finished_at = models.DateTimeField(_("finished at"))

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")

    def __str__(self) -> str:
        return self.name
