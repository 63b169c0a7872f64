"""manage.py set_up_staff: the groups of every office, with the rights that this version knows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, Site

from core.offices import office_for_site
from core.taxonomy import source_language
from home.offices import StaffGroups, set_up_staff


class Command(BaseCommand):
    """Creates or completes the two groups of staff of each office. Nothing is taken away from a group."""

    help = (
        "Create or complete the groups of staff (editors, publishers) of every office, or of one. For a new office after its "
        "site and short name are set, and after upgrades. Rights that a group has besides stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the host name of a single office."""
        parser.add_argument("--site", metavar="HOST", help="Only the office with this host name.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up and say what stands.

        Raises:
            CommandError: no website has the host name.
        """
        sites = Site.objects.select_related("root_page").order_by("pk")
        if options["site"]:
            sites = sites.filter(hostname=options["site"])
            if not sites:
                known = ", ".join(Site.objects.values_list("hostname", flat=True))
                raise CommandError(f"No website has the host name {options['site']}. There are: {known}")
        for site in sites:
            office = office_for_site(site, source_language())
            home = (
                site.root_page.get_translations(inclusive=True)
                .filter(locale__language_code=source_language())
                .first()
            )
            if home is None or home.is_root():
                self.stderr.write(f"{site.hostname}: has no home page yet, left out.")
                continue
            with transaction.atomic():
                groups = set_up_staff(site, home, office.short_name, _collection(office.short_name))
            self.stdout.write(self.style.SUCCESS(f"{site.hostname}: {_names(groups)}"))


def _collection(name: str) -> Collection:
    """Return the collection of an office's files: the one its editors add to, else one of its name."""
    used = GroupCollectionPermission.objects.filter(
        group__name=f"Biên tập – {name}", permission__codename="add_image"
    ).select_related("collection")
    row = used.order_by("collection__depth", "collection__path").first()
    if row is not None:
        return row.collection
    root = Collection.get_first_root_node()
    return root.get_children().filter(name=name).first() or root.add_child(name=name)


def _names(groups: StaffGroups) -> str:
    return f"{groups.editors.name}, {groups.publishers.name}"
