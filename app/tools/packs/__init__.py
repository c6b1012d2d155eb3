"""Checks, builds and signs content packs: `safeseat content`. For writers and IT, never loaded by the tray.

The only place that may import pypinyin, which is a tool of development.
"""

from app.tools.packs.command import main

__all__ = ["main"]
