"""The search page and the engines behind one interface. Works on pages in general, never on named types."""
