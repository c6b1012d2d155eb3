import subprocess
import sys

import pytest

from app.tools.stage import Setup, Stage
from tests.gui.flyout.picture_states import STATES
from tests.helpers.qt import QUIET


@pytest.mark.parametrize("scale", [1.0, 1.3, 1.5, 2.0])
def test_nothing_is_cut_at_any_scale_in_any_language(scale: float) -> None:
    with Stage(Setup(1600, 1200, scale=scale, vault=False, notices=False, locker=False)) as stage:
        done = subprocess.run(
            [sys.executable, "-m", "tests.gui.whole.scale_probe"], env={**stage.env, **QUIET}, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str((len(STATES) + 1) * 3 * 2)], done.stdout
