"""Page types of the home page and the standing pages."""

from home.models.front import HomePage, PopularGuide
from home.models.library import DocumentLibraryPage
from home.models.standing import HelpPointsPage, Leader, LeadersPage, OfficialChannelsPage, StandardPage

__all__ = [
    "DocumentLibraryPage",
    "HelpPointsPage",
    "HomePage",
    "Leader",
    "LeadersPage",
    "OfficialChannelsPage",
    "PopularGuide",
    "StandardPage",
]
