"""One clock for the agent and for whoever draws its Snapshots."""

from pathlib import Path

from tests.helpers.agent import machine, running


def test_faces_read_the_clock_of_the_agents_own_desktop(tmp_path: Path) -> None:
    on = machine()
    with running(tmp_path, on) as pc:
        on.suspend(40_000.0)  # this computer's own clock knows nothing of it
        before = on.now().boot
        shown = pc.seen.until(lambda snapshot: snapshot.moment.boot >= before, "a Snapshot of after the sleep")
        assert before <= shown.moment.boot <= pc.agent.boot() <= on.now().boot
