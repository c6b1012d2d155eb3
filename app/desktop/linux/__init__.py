"""The Linux desktop for real: X11, systemd-logind, Secret Service, notices over D-Bus, PulseAudio or PipeWire, XDG.

Each module holds one adapter of `app.desktop.ports` and imports its library late, so that a machine without it only
lacks that one. Nothing of another system and no rule of the product may live here.
"""

from app.desktop.linux.assemble import open_desktop

__all__ = ["open_desktop"]
