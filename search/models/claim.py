"""What one process does while no other may."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Claim(models.Model):
    """Who does something that only one may do at a time, and when he was heard of last. See ``search.claims``.

    Attributes:
        owner: a name nobody else has.
        heard_at: the last sign of life.
    """

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    owner = models.CharField(_("owner"), max_length=60)
    heard_at = models.DateTimeField(_("last sign of life"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return self.name
