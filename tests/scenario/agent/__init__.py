"""Headless agents as processes of their own: start, takeover, signals, damaged profiles."""
