"""Own checks of the house rules; each message names the way out."""
