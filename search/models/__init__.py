"""What search keeps besides the index. One module per kind."""

from search.models.page_text import PageText
from search.models.term import Term

__all__ = ["PageText", "Term"]
