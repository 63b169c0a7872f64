"""Setting up an office: its Site, its groups of staff, its collection and what each may do.

One installation serves many offices; the permissions made here end at the office's own home page, collection and settings.
"""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core.models import HelpPoint, OfficeSettings
from search.models import LexiconEntry, PromotedResult
from training_events.models import RetentionSettings

# Wagtail asks for the permissions of its own Image and Document, whatever models hold the files.

#: What a group may do with the pages below the office's home page.
_PAGE_PERMISSIONS = {
    "editors": ("add_page", "change_page"),
    "publishers": ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
}


@dataclass(frozen=True, slots=True)
class StaffGroups:
    """The two groups of an office: editors write, publishers also publish and keep the office's data."""

    editors: Group
    publishers: Group


def set_up_staff(site: Site, home: Page, name: str, collection: Collection) -> StaffGroups:
    """Create or complete the groups of the office ``name`` (idempotent); returns them.

    Args:
        site: the office's Site.
        home: its home page in the source locale; translations of it are covered too.
        name: the office's short name, part of the groups' names.
        collection: the office's collection of images and documents.
    """
    root = Page.get_first_root_node()
    if root.title == "Root":  # Wagtail's migration has no translation for it
        root.title = root.draft_title = "Mọi website"
        root.save()
    groups = StaffGroups(
        editors=Group.objects.get_or_create(name=f"Biên tập – {name}")[0],
        publishers=Group.objects.get_or_create(name=f"Phụ trách – {name}")[0],
    )
    for kind, group in (("editors", groups.editors), ("publishers", groups.publishers)):
        group.permissions.add(
            Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
            Permission.objects.get(content_type__app_label="wagtail_localize", codename="submit_translation"),
        )
        for root in home.get_translations(inclusive=True):
            for codename in _PAGE_PERMISSIONS[kind]:
                GroupPagePermission.objects.get_or_create(
                    group=group, page=root, permission=_permission(Page, codename)
                )
        for model in (Image, Document):
            for action in ("add", "change", "choose"):
                GroupCollectionPermission.objects.get_or_create(
                    group=group,
                    collection=collection,
                    permission=_permission(model, f"{action}_{model._meta.model_name}"),
                )
    kept: list[tuple[type[Model], str]] = [
        (OfficeSettings, "change_officesettings"),
        (RetentionSettings, "change_retentionsettings"),
    ]
    for model in (HelpPoint, LexiconEntry, PromotedResult):
        kept += [(model, f"{action}_{model._meta.model_name}") for action in ("add", "change", "delete")]
    for model, codename in kept:
        GroupSitePermission.objects.get_or_create(
            group=groups.publishers, site=site, permission=_permission(model, codename)
        )
    _set_up_workflow(groups.publishers, home, name)
    return groups


def let_choose_from(groups: StaffGroups, collection: Collection) -> None:
    """Let an office's staff use the images and documents of a further collection, without changing them."""
    for group in (groups.editors, groups.publishers):
        for model in (Image, Document):
            GroupCollectionPermission.objects.get_or_create(
                group=group,
                collection=collection,
                permission=_permission(model, f"choose_{model._meta.model_name}"),
            )


def _set_up_workflow(publishers: Group, home: Page, name: str) -> None:
    """Let what editors submit be approved by the office's own publishers; an office's other choice is kept."""
    if WorkflowPage.objects.filter(page=home).exists():
        return
    task = GroupApprovalTask.objects.get_or_create(name=f"Phụ trách phê duyệt – {name}")[0]
    task.groups.add(publishers)
    workflow = Workflow.objects.get_or_create(name=f"Duyệt bài – {name}")[0]
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    for root in home.get_translations(inclusive=True):
        WorkflowPage.objects.get_or_create(page=root, defaults={"workflow": workflow})


def cover_translation(home: Page, translated: Page) -> None:
    """Let the staff of an office work on its home page in a further language as they do on the first one."""
    for row in GroupPagePermission.objects.filter(page=home):
        GroupPagePermission.objects.get_or_create(group=row.group, page=translated, permission=row.permission)
    used = WorkflowPage.objects.filter(page=home).first()
    if used is not None:
        WorkflowPage.objects.get_or_create(page=translated, defaults={"workflow": used.workflow})


def _permission(model: type, codename: str) -> Permission:
    content_type = ContentType.objects.get_for_model(model)
    return Permission.objects.get(content_type=content_type, codename=codename)
