"""No acknowledged record is lost by a power cut (design, promises); the same harness loses some with synchronous=OFF."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from app.journal.journal import Journal
from tests.helpers.journal import open_journal
from tests.helpers.journal_powercut import build_shim, cuts, record

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="what a process writes is recorded by a preloaded library"),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="the preloaded library is compiled by the test"),
    pytest.mark.slow,
]
SOAK = os.environ.get("SAFESEAT_SOAK") == "1"
RUNS, CUTS = (20, 50) if SOAK else (1, 24)


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_shim(tmp_path_factory.mktemp("shim"))


def lost(journal: Journal, acknowledged: list[int]) -> int:
    """Return how many acknowledged records are not there."""
    newest = max(acknowledged, default=0)
    return max(0, newest - journal.head()[1])


def test_no_acknowledged_record_is_lost_and_no_cut_looks_like_tampering(shim: Path, tmp_path: Path) -> None:
    checked = 0
    for run in range(RUNS):
        folder = tmp_path / f"run-{run}"
        for acknowledged, left in cuts(record(shim, folder, "120", "FULL"), folder, CUTS, run):
            journal = open_journal(left)
            assert lost(journal, acknowledged) == 0, f"{left.name}: {journal.opening}"
            report = journal.verify()
            assert report.ok, f"{left.name}: {report.why}"
            if acknowledged:
                assert journal.opening.aside is None, f"{left.name}: {journal.opening.why}"
                checked += 1
            journal.close()
            shutil.rmtree(left)
    assert checked > RUNS * CUTS * 0.8


def test_the_same_harness_loses_records_when_nothing_is_synced(shim: Path, tmp_path: Path) -> None:
    folder = tmp_path / "off"
    missing = 0
    for acknowledged, left in cuts(record(shim, folder, "60", "OFF"), folder, CUTS, 99):
        journal = open_journal(left)
        missing += lost(journal, acknowledged)
        journal.close()
    assert missing > 0
