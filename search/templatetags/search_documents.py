"""What the staff area says of a document's text."""

from django import template

from core.models import SiteDocument
from search.admin_documents import advice, state_label

register = template.Library()


@register.inclusion_tag("search/admin/document_state.html")
def document_state(document: SiteDocument) -> dict[str, str]:
    """Show whether the file is found by its text, and what helps where it is not."""
    return {"label": state_label(document), "advice": advice(document)}
