"""Settings: declaration, merge, weakening, and the documents generated from them."""
