"""What a question means: from what was typed, however it was typed, to a plan of what to look up."""
