"""Finds scripts while somebody types: Chinese, pinyin, English, with typos. Pure; knows no files and no screen.

The index is data that the pack's builder makes (`sections`); what is not in it cannot be found.
"""

from app.content.search.find import Hit, Search
from app.content.search.sections import Entry, Index, entry_of

__all__ = ["Entry", "Hit", "Index", "Search", "entry_of"]
