"""A virtual desktop for the demo, the tests, the pictures and the bench: screen, buses, vault, tray, notices, locker.

Standard library only; it starts programs of the system and ends exactly those. Nothing of the product may live here,
and nothing here may be needed by a real desktop.
"""

from app.tools.stage.crew import StageError
from app.tools.stage.programs import missing
from app.tools.stage.stage import Setup, Stage

__all__ = ["Setup", "Stage", "StageError", "missing"]
