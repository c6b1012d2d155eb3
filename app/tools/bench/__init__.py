"""Measures what is promised, beside floors measured in the same run; prints JSON, asserts nothing about time.

It drives child processes on virtual desktops; nothing here is imported by the product.
"""

from app.tools.bench.main import main

__all__ = ["main"]
