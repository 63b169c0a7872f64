"""Models of the shared vocabulary."""

from core.models.media import SiteDocument, SiteImage, SiteImageRendition
from core.models.office import Alert, OfficeSettings, OfficeTranslation, OfficialChannel
from core.models.pages import ContentPage, RelatedPage, TopicTag
from core.models.places import HelpPoint, Place
from core.models.taxonomy import Audience, Pillar, SkillGroup, Topic

__all__ = [
    "Alert",
    "Audience",
    "ContentPage",
    "HelpPoint",
    "OfficeSettings",
    "OfficeTranslation",
    "OfficialChannel",
    "Pillar",
    "Place",
    "RelatedPage",
    "SiteDocument",
    "SiteImage",
    "SiteImageRendition",
    "SkillGroup",
    "Topic",
    "TopicTag",
]
