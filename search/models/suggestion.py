"""What may be offered while somebody types: one flat table, read by range, whatever the size of the website."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

#: Letters of a key; longer texts are told apart by what comes before.
KEY_LENGTH = 48
HEAD_LENGTH = 3


class Suggestion(models.Model):
    """One way into one suggestion of one office in one language.

    A text is entered at its beginning and at the start of its other words, so that "khai sinh" finds "Đăng ký khai sinh". The key
    holds ASCII letters and digits only, without blanks: ranges are then the same in every database and collation, and glued words
    find their text. ``tier`` keeps the few hundred terms and phrases apart from the pages, so that no number of pages makes them
    slower to find. A row is no permission: what a reader may see is asked anew each time (search/suggestions.py).
    """

    class Kind(models.TextChoices):
        """What a suggestion leads to."""

        PAGE = "page", _("page")
        TERM = "term", _("topic, place or pillar")
        PHRASE = "phrase", _("question")

    class Tier(models.IntegerChoices):
        """Which rows are read first."""

        FEW = 0, _("terms and phrases")
        PAGES = 1, _("pages")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(_("language"), max_length=10)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices)
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    head = models.CharField(_("first letters of the key"), max_length=HEAD_LENGTH)
    weight = models.PositiveSmallIntegerField(_("weight"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=255)
    # without a constraint, as PageText.page: a row whose page is gone is never shown, and the next rebuild takes it away
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    #: Filter of the search page that a term stands for: "linh-vuc=an-toan-truc-tuyen".
    target = models.CharField(_("filter"), max_length=160, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search suggestion")
        verbose_name_plural = _("search suggestions")
        indexes = [
            models.Index(fields=["site", "language", "tier", "key"], name="search_suggestion_key"),
            models.Index(
                fields=["site", "language", "tier", "head", "-weight"], name="search_suggestion_head"
            ),
        ]

    def __str__(self) -> str:
        return self.text
