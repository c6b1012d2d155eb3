"""Nothing is cut at 130, 150 and 200 % in any language: palette, cards and flyout, every state that has a picture."""

import subprocess
import sys

import pytest

from app.content.texts import LANGUAGES
from app.tools.stage import Setup, Stage
from tests.helpers.qt import QUIET


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scale", [1.3, 1.5, 2.0])
def test_nothing_is_cut_at_other_scales(scale: float, language: str) -> None:
    with Stage(Setup(1920, 1080, scale=scale, vault=False, notices=False, locker=False)) as stage:
        done = subprocess.run(
            [sys.executable, "-m", "tests.gui.scripts.cut_check", language], env={**stage.env, **QUIET},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.stdout.endswith(f"scale {scale}\n"), done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
