"""Nothing is cut at 130, 150 and 200 % in any language, in every state that has a picture."""

import subprocess
import sys

import pytest

from app.content.texts import LANGUAGES
from app.tools.stage import Stage


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scale", ["1.3", "1.5", "2"])
def test_nothing_is_cut_at_other_scales(stage: Stage, scale: str, language: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.incidents.cut_check", language], env={**stage.env, "QT_SCALE_FACTOR": scale},
        capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.stdout.endswith(f"scale {float(scale)}\n"), done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
