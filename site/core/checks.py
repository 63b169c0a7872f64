"""System checks: conventions of the house that ``manage.py check`` holds."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from core.blocks import BodyBlock
from core.models import ContentPage


@register()
def check_page_types(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Every page type declares its label, its schema.org type, its own search fields and has its template."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        if not issubclass(model, ContentPage) or model is ContentPage:
            continue
        name = model._meta.label
        if not model.kind_label:
            found.append(Error(f"{name} has no kind_label.", obj=model, id="core.E001"))
        if "schema_type" not in model.__dict__:
            found.append(Error(f"{name} does not declare schema_type.", obj=model, id="core.E002"))
        if "search_fields" not in model.__dict__:
            found.append(Error(f"{name} does not declare search_fields.", obj=model, id="core.E003"))
        if "content_panels" not in model.__dict__:
            found.append(Error(f"{name} does not declare content_panels.", obj=model, id="core.E004"))
        try:
            get_template(model.template)
        except TemplateDoesNotExist:
            found.append(Error(f"{name} has no template {model.template}.", obj=model, id="core.E005"))
    return found


@register()
def check_blocks(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """Every block of the kit has an icon, a label, a description and a template."""
    found: list[CheckMessage] = []
    for name, block in BodyBlock().child_blocks.items():
        template = getattr(block.meta, "template", None)
        if not template:
            found.append(Error(f"Block {name} has no template.", id="core.E010"))
            continue
        try:
            get_template(template)
        except TemplateDoesNotExist:
            found.append(Error(f"Block {name} has no template {template}.", id="core.E011"))
        if not getattr(block.meta, "description", ""):
            found.append(Error(f"Block {name} has no description.", id="core.E012"))
    return found
