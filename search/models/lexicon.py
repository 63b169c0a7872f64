"""Words that staff add to the search: abbreviations, everyday words for official ones, and shipped entries not wanted."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from core.memory import remember
from search import lexicon_rules
from search.models.remembered import Remembered
from search.shipped import ShippedEntry, shipped_entries


class LexiconEntry(Remembered):
    """One entry; it has the meaning of an entry of ``search/data`` and works on questions, never on the index.

    A question that contains one of ``said`` is also read with each of ``means`` in its place; with ``same`` every phrase of
    both fields stands for every other. An abbreviation works both ways by itself.
    """

    class Kind(models.TextChoices):
        """What an entry is."""

        ABBREVIATION = "abbreviation", _("Abbreviation")
        THESAURUS = "thesaurus", _("Words with the same meaning")

    site = models.ForeignKey(
        Site,
        verbose_name=_("Website"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: for every office of this installation. Only administrators may leave it empty."),
    )
    kind = models.CharField(_("kind of entry"), max_length=20, choices=Kind.choices, default=Kind.THESAURUS)
    said = models.TextField(
        _("what people type"),
        help_text=_(
            "One phrase per line, as residents say it. For example “làm giấy khai sinh”, on the next line “khai sinh cho bé”. "
            "For an abbreviation: only the abbreviation, for example “NVH”."
        ),
    )
    means = models.TextField(
        _("what the pages say"),
        help_text=_(
            "One phrase per line, as it stands on the pages, with its marks. For example “đăng ký khai sinh”; for the "
            "abbreviation NVH: “nhà văn hóa”."
        ),
    )
    same = models.BooleanField(
        _("works in both directions"),
        default=False,
        help_text=_(
            "Tick it when every phrase of both boxes means the same, for example “bán hàng qua mạng” and “bán hàng trực "
            "tuyến”. Abbreviations always work in both directions."
        ),
    )
    active = models.BooleanField(
        _("in use"), default=True, help_text=_("Untick it to stop using the entry without deleting it.")
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For colleagues: why the entry is here. Optional.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("added on"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("synonym or abbreviation")
        verbose_name_plural = _("synonyms and abbreviations")
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return f"{', '.join(self.phrases_said)} → {', '.join(self.phrases_meant)}"

    @property
    def phrases_said(self) -> list[str]:
        """The phrases of ``said`` in NFC, one per line of the field."""
        return lexicon_rules.phrases(self.said)

    @property
    def phrases_meant(self) -> list[str]:
        """The phrases of ``means`` in NFC."""
        return lexicon_rules.phrases(self.means)

    @property
    def key(self) -> str:
        """By what an office that does not want an entry of all offices names it."""
        return f"row:{self.pk}"

    def clean(self) -> None:
        """Store the phrases in their normal form; say in words what is wrong with them.

        Raises:
            ValidationError: by field.
        """
        said, means = self.phrases_said, self.phrases_meant
        self.said, self.means = "\n".join(said), "\n".join(means)
        is_short = self.kind == self.Kind.ABBREVIATION
        problems = lexicon_rules.problems(said, means, is_abbreviation=is_short, same=self.same)
        if not problems and self.active and (taken := self._already_there(said, means)):
            problems["said"] = [taken]
        # a form that could not read one of the fields reports on that field itself
        if problems:
            raise ValidationError(problems)

    def _already_there(self, said: list[str], means: list[str]) -> str:
        """Return a sentence that names an entry which says the same already, empty where there is none."""
        typed = {lexicon_rules.folded(phrase): phrase for phrase in said}
        others = LexiconEntry.objects.filter(active=True).exclude(pk=self.pk)
        # an office stands beside the entries of all offices, whatever a single office has
        for row in others.filter(Q(site=self.site_id) | Q(site=None)):
            for phrase in row.phrases_said:
                if lexicon_rules.folded(phrase) in typed:
                    return _(
                        "“%(phrase)s” already stands in your own entry “%(entry)s”. Change that one."
                    ) % {
                        "phrase": typed[lexicon_rules.folded(phrase)],
                        "entry": row,
                    }
        wanted = {lexicon_rules.folded(phrase) for phrase in means}
        off = {row.key for row in SwitchedOff.objects.filter(site=self.site_id)}
        for entry in shipped_entries():
            if entry.key in off or not wanted <= entry.folded_meant(both=entry.same or self.same):
                continue
            for phrase, shown in typed.items():
                if phrase in entry.folded_said(both=entry.same or self.same):
                    return _("The search knows “%(phrase)s” already; see the list of shipped words.") % {
                        "phrase": shown
                    }
        return ""


class SwitchedOff(Remembered):
    """A shipped entry, or one of all offices, that an office does not want to use. ``site`` None: no office uses it."""

    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("shipped entry not used")
        verbose_name_plural = _("shipped entries not used")
        constraints = [
            models.UniqueConstraint(fields=["site", "key"], name="search_switched_off_once"),
            # in SQL no NULL equals another
            models.UniqueConstraint(
                fields=["key"], condition=Q(site=None), name="search_switched_off_once_for_all"
            ),
        ]

    def __str__(self) -> str:
        return self.key


def lexicon_entries(site: Site) -> list[LexiconEntry]:
    """Return the entries of staff that are in use on ``site``: its own and those of all offices, without those it refused."""
    return remember("search.lexicon", site.pk, shared=True, make=lambda: _read(site))


def _read(site: Site) -> list[LexiconEntry]:
    off = _read_off(site)
    rows = LexiconEntry.objects.filter(Q(site=site) | Q(site=None), active=True).order_by("pk")
    return [row for row in rows if row.site_id or row.key not in off]


def switched_off(site: Site) -> frozenset[str]:
    """Return the keys (``search.shipped.ShippedEntry.key``) of the shipped entries that ``site`` does not use."""
    return remember("search.lexicon.off", site.pk, shared=True, make=lambda: _read_off(site))


def _read_off(site: Site) -> frozenset[str]:
    rows = SwitchedOff.objects.filter(Q(site=site) | Q(site=None))
    return frozenset(rows.values_list("key", flat=True))


def entries_in_use(site: Site) -> list[ShippedEntry]:
    """Return the shipped entries that ``site`` uses."""
    off = switched_off(site)
    return [entry for entry in shipped_entries() if entry.key not in off]
