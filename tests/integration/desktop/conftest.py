"""The desktop fixtures for the tests of this folder."""

from tests.helpers.desktop_fixtures import desktop_stage, rig, stage

__all__ = ["desktop_stage", "rig", "stage"]
