"""What search keeps besides the index. One module per kind."""

from search.models.claim import Claim
from search.models.document_text import DocumentText
from search.models.index_run import IndexRun
from search.models.index_state import IndexChange, IndexState
from search.models.lexicon import LexiconEntry, SwitchedOff
from search.models.log import AskedQuestion, HiddenQuestion
from search.models.page_text import PageText
from search.models.promoted import PromotedPage, PromotedResult
from search.models.suggestion import Suggestion
from search.models.term import Term

__all__ = [
    "AskedQuestion",
    "Claim",
    "DocumentText",
    "HiddenQuestion",
    "IndexChange",
    "IndexRun",
    "IndexState",
    "LexiconEntry",
    "PageText",
    "PromotedPage",
    "PromotedResult",
    "Suggestion",
    "SwitchedOff",
    "Term",
]
