"""Page types of the news section."""

from news.models.article import ArticlePage
from news.models.bulletin import BulletinPage
from news.models.feature import FeaturePage
from news.models.index import NewsIndexPage

__all__ = ["ArticlePage", "BulletinPage", "FeaturePage", "NewsIndexPage"]
