"""A lead's scene for each story."""

from collections.abc import Iterator

import pytest

from tests.gui.lead.scene import Scene


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.close()
