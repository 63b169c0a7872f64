"""What people should bring to an event."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class NeedsBlock(blocks.StreamBlock):
    """What people should bring, one thing a line."""

    need = blocks.CharBlock(label=_("Thing to bring"), max_length=160, icon="tick")
