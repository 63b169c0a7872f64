"""Documents to print. Typst sets them; what people and editors wrote reaches it as data, never as code."""
