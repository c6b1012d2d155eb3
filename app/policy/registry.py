"""Policies from Windows' registry, as group policy, Intune and the installer write them: HKLM wins over HKCU.

Numbers and switches are DWORDs, texts strings, a list is a key of its own with one string for each entry.
"""

import sys
from collections.abc import Mapping, Sequence

from app.policy.merge import Layer, Source
from app.policy.setting import Form, Scope
from app.policy.settings import SETTINGS

KEY = "Software\\Policies\\SafeSeat"
Raw = Mapping[str, object]
"""Values of a key by name; a list stands under its setting's key as the texts of its entries, in their order."""


def registry_layers() -> list[Layer]:
    """What this machine and this user are told, weak to strong; empty on other systems. Blocking, under 1 ms."""
    return _read()


def layer_of(source: Source, raw: Raw) -> Layer:
    """Values of one hive; those of a user hold only where a setting may differ from person to person.

    A switch of 0 or 1 becomes a truth value; whatever does not fit stays as it is, so that the merge names it.
    """
    values: dict[str, object] = {}
    for key, value in raw.items():
        setting = SETTINGS.get(key)
        if setting is not None and source is Source.USER_REGISTRY and setting.about.scope is Scope.MACHINE:
            continue
        if setting is not None and setting.form is Form.BOOLEAN and value in (0, 1):
            values[key] = bool(value)
        else:
            values[key] = value
    hive = "HKLM" if source is Source.MACHINE_REGISTRY else "HKCU"
    return Layer(source, f"{hive}\\{KEY}", values)


def entries(named: Sequence[tuple[str, object]]) -> list[object]:
    """The entries of a list in the order of their names: numbers by value, then other names."""
    return [value for _, value in sorted(named, key=lambda pair: (not pair[0].isdecimal(), len(pair[0]), pair[0]))]


def _read() -> list[Layer]:
    if sys.platform != "win32":
        return []
    import winreg

    found = []
    hives = ((Source.USER_REGISTRY, winreg.HKEY_CURRENT_USER), (Source.MACHINE_REGISTRY, winreg.HKEY_LOCAL_MACHINE))
    for source, hive in hives:
        raw: dict[str, object] = dict(_values(hive, KEY))
        for setting in SETTINGS.values():
            if setting.form is Form.LIST and (named := _values(hive, f"{KEY}\\{setting.key}")):
                raw[setting.key] = entries(named)
        if raw:
            found.append(layer_of(source, raw))
    return found


def _values(hive: int, path: str) -> list[tuple[str, object]]:
    """Name and value of every number and text of a key in the 64-bit view; none if the key is not there."""
    if sys.platform != "win32":
        return []
    import winreg

    try:
        key = winreg.OpenKey(hive, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
    except OSError:
        return []
    with key:
        found = [winreg.EnumValue(key, index) for index in range(winreg.QueryInfoKey(key)[1])]
    return [(name, value) for name, value, kind in found if kind in (winreg.REG_SZ, winreg.REG_EXPAND_SZ, winreg.REG_DWORD)]
