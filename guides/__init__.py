"""Step-by-step guides, their series and what readers say about them."""
