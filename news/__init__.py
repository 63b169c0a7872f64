"""Bulletins, articles and thematic features, their listings and feeds."""
