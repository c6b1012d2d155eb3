"""Leaves these tests out on other systems, where their modules cannot even be imported."""

import sys

collect_ignore_glob = [] if sys.platform == "win32" else ["test_*.py"]
