"""What search keeps besides the index. One module per kind."""

from search.models.page_text import PageText

__all__ = ["PageText"]
