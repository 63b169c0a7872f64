"""The staff's screens of the search: what people ask, words, promoted results, the index."""
