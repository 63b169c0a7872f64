"""Page types of the guides section and readers' opinions."""

from guides.models.guide import GuidePage
from guides.models.index import GuideIndexPage, GuideSeriesPage
from guides.models.opinion import OpinionComment, OpinionCount

__all__ = ["GuideIndexPage", "GuidePage", "GuideSeriesPage", "OpinionComment", "OpinionCount"]
