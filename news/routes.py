"""Addresses below a news section. One slug per kind, the same in every language, as for topics and places."""

BULLETINS = "ban-tin"
ARTICLES = "bai-viet"
FEATURES = "chuyen-de"

#: A page below the section may not have these slugs: the section itself answers there.
RESERVED_SLUGS = frozenset({BULLETINS, ARTICLES, FEATURES})

LOUDSPEAKER_FILE = "ban-doc-loa.txt"
