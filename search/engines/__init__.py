"""Engines: how pages are found. ``base`` is what the page sees, the other modules are Wagtail backends made Vietnamese."""
