"""Business verbs of training events: plain functions that change rows."""
