"""schema.org data of guides: HowTo with its steps, FAQPage for the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.html import strip_tags

if TYPE_CHECKING:
    from guides.models import GuidePage


def plain(value: Any) -> str:
    """Return rich text as one line without markup."""
    source = getattr(value, "source", value) or ""
    return " ".join(strip_tags(source.replace("</p>", " ").replace("</li>", " ")).split())


def how_to(guide: GuidePage, request: HttpRequest) -> dict[str, Any]:
    """Return what a HowTo has besides the data of every page."""
    address = guide.full_url or ""
    steps = []
    for number, block in enumerate(guide.steps, start=1):
        value = block.value
        step: dict[str, Any] = {
            "@type": "HowToStep",
            "position": number,
            "name": value["title"],
            "text": plain(value.get("text")) or value["title"],
            "url": f"{address}#buoc-{number}",
        }
        if value.get("image"):
            step["image"] = request.build_absolute_uri(value["image"].file.url)
        steps.append(step)
    data: dict[str, Any] = {"step": steps}
    if guide.needs:
        data["supply"] = [{"@type": "HowToSupply", "name": str(block.value)} for block in guide.needs]
    if guide.cover_image is not None:
        data["image"] = request.build_absolute_uri(guide.cover_image.file.url)
    if guide.last_reviewed_on:
        data["dateReviewed"] = guide.last_reviewed_on.isoformat()
    return data


def questions(guide: GuidePage) -> dict[str, Any]:
    """Return the questions and answers as a FAQPage."""
    return {
        "@type": "FAQPage",
        "url": f"{guide.full_url or ''}#hoi-dap",
        "mainEntity": [
            {
                "@type": "Question",
                "name": block.value["question"],
                "acceptedAnswer": {"@type": "Answer", "text": plain(block.value["answer"])},
            }
            for block in guide.questions
        ],
    }
