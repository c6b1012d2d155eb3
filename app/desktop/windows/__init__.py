"""The Windows desktop by ctypes and winreg: user32, wtsapi32, kernel32, the registry, the Credential Manager.

Each module holds one adapter of `app.desktop.ports`. What is pure arithmetic or parsing stands in modules of its own
(ticks, chords, consent, clipping), which load on any system. Nothing of another system and no rule of the product
may live here, and no pywin32.
"""

from app.desktop.windows.assemble import open_desktop

__all__ = ["open_desktop"]
