"""What search keeps besides the index. One module per kind."""

from search.models.lexicon import LexiconEntry, SwitchedOff
from search.models.log import AskedQuestion, HiddenQuestion
from search.models.page_text import PageText
from search.models.promoted import PromotedPage, PromotedResult
from search.models.term import Term

__all__ = [
    "AskedQuestion",
    "HiddenQuestion",
    "LexiconEntry",
    "PageText",
    "PromotedPage",
    "PromotedResult",
    "SwitchedOff",
    "Term",
]
