"""What a shift check asks of a Linux PC; from files under /sys, /proc and /var and the sound server, nothing is changed.

No name, serial number or list of anything leaves these functions: a fact is yes, no or not known.
"""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from app.desktop.machinefacts import Facts, asked, network_up, room_on

LIMIT = 2.0
FRESH_DAYS = 14
SCANNERS = frozenset({"clamd", "clamonacc", "mdatp", "wdavdaemon", "sophos-spl", "falcon-sensor", "esets_daemon", "cbagentd"})
"""Processes of scanners that run all the time."""
INSTALLED = ("/usr/sbin/clamd", "/usr/bin/mdatp", "/opt/sophos-spl", "/opt/CrowdStrike")
HEADSETS = ("headset", "headphone", "hands-free")


class LinuxFacts:
    """Implements `PcFacts`; `root` is where the system's files lie (tests put others there). One thread at a time."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def look(self) -> Facts:
        """Every fact; blocking, up to 5 s."""
        return asked(
            {
                "headset": lambda: headset_in(_pactl("sinks"), _pactl("sources")),
                "microphone": lambda: microphone_in(_pactl("sources")),
                "disk": lambda: room_on(str(Path.home())),
                "updates": self.updates,
                "antivirus": self.antivirus,
                "disk_encryption": self.encrypted,
                "removable_storage": self.nothing_plugged_in,
                "network": network_up,
            }
        )

    def updates(self) -> bool | None:
        """False while a restart or updates wait; True when the lists are fresh; None where nothing tells."""
        if (self._root / "run/reboot-required").exists():
            return False
        told = self._root / "var/lib/update-notifier/updates-available"
        if told.is_file() and (waiting := re.search(r"^(\d+)", told.read_text(encoding="utf-8"), re.MULTILINE)):
            return int(waiting[1]) == 0
        stamp = self._root / "var/lib/apt/periodic/update-success-stamp"
        if stamp.exists():
            return time.time() - stamp.stat().st_mtime < FRESH_DAYS * 24 * 3600 or None
        return None

    def antivirus(self) -> bool | None:
        """Whether a scanner runs; None where none is installed, because Linux does not tell of others."""
        import psutil

        if any(one.info["name"] in SCANNERS for one in psutil.process_iter(["name"])):
            return True
        return False if any((self._root / path.lstrip("/")).exists() for path in INSTALLED) else None

    def encrypted(self) -> bool | None:
        """Whether the person's files lie on an encrypted volume; None for a disk that is no block device."""
        import psutil

        home = str(Path.home())
        mounts = [one for one in psutil.disk_partitions(all=False) if _below(home, one.mountpoint)]
        if not mounts:
            return None
        device = Path(max(mounts, key=lambda one: len(one.mountpoint)).device).resolve().name
        return self._crypted(device) if (self._root / "sys/class/block" / device).exists() else None

    def _crypted(self, device: str) -> bool:
        about = self._root / "sys/class/block" / device
        uuid = about / "dm/uuid"
        if uuid.is_file() and uuid.read_text(encoding="ascii").startswith("CRYPT-"):
            return True
        below = about / "slaves"
        return below.is_dir() and any(self._crypted(one.name) for one in below.iterdir())

    def nothing_plugged_in(self) -> bool | None:
        """Whether no removable storage is mounted."""
        import psutil

        return not any(self._removable(Path(one.device).resolve().name) for one in psutil.disk_partitions(all=False))

    def _removable(self, device: str) -> bool:
        about = (self._root / "sys/class/block" / device).resolve()
        flags = (about / "removable", about.parent / "removable")
        if "/usb" in str(about):
            return True
        return any(flag.is_file() and flag.read_text(encoding="ascii").strip() == "1" for flag in flags)


def _below(path: str, mount: str) -> bool:
    return mount in ("/", path) or path.startswith(mount.rstrip("/") + "/")


def _pactl(what: str) -> list[dict[str, Any]] | None:
    if shutil.which("pactl") is None:
        return None
    try:
        done = subprocess.run(
            ["pactl", "-f", "json", "list", what], capture_output=True, timeout=LIMIT, check=False, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else None


def microphone_in(sources: list[dict[str, Any]] | None) -> bool | None:
    """Whether there is something to speak into: a source that is no monitor of a loudspeaker, and not unplugged."""
    if sources is None:
        return None
    return any(_real(one) and _plugged(one) for one in sources)


def headset_in(sinks: list[dict[str, Any]] | None, sources: list[dict[str, Any]] | None) -> bool | None:
    """Whether some device says that it is a headset or headphones; None where no device says what it is."""
    if sinks is None or sources is None:
        return None
    known = [one for one in (*sinks, *sources) if _plugged(one) and _kind(one)]
    return any(word in _kind(one) for one in known for word in HEADSETS) if known else None


def _facts(one: dict[str, Any]) -> dict[str, Any]:
    facts = one.get("properties")
    return facts if isinstance(facts, dict) else {}


def _real(one: dict[str, Any]) -> bool:
    return _facts(one).get("device.class") != "monitor" and not str(one.get("name", "")).endswith(".monitor")


def _kind(one: dict[str, Any]) -> str:
    port = str(one.get("active_port") or "")
    return " ".join((str(_facts(one).get("device.form_factor") or ""), port)).strip().lower()


def _plugged(one: dict[str, Any]) -> bool:
    ports = one.get("ports")
    active = [port for port in ports if isinstance(port, dict) and port.get("name") == one.get("active_port")] if isinstance(ports, list) else []
    return not any(str(port.get("availability", "")).lower() == "not available" for port in active)
