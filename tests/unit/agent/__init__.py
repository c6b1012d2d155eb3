"""The actor, its parts, lanes, control port, profile and files, each by itself; no server and no screen here."""
