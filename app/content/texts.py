"""Every sentence that people see, by key, in three languages."""

import locale
import tomllib
from functools import cache

from app.content.shipped import shipped

LANGUAGES = ("zh_CN", "zh_TW", "en")
"""Chinese first, Traditional and English complete; a test compares their keys and arguments."""


class Texts:
    """The texts of one language; unknown languages fall back to Simplified Chinese, unknown keys raise KeyError."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else LANGUAGES[0]
        self._table = table(self.language)

    def t(self, key: str, **args: object) -> str:
        """The sentence of `key` ("area.name") with its arguments filled in, as plain text."""
        return self._table[key].format(**args) if args else self._table[key]

    def __contains__(self, key: str) -> bool:
        return key in self._table


@cache
def table(language: str) -> dict[str, str]:
    """All keys of one language as `area.key` -> text; the area is the file's name."""
    found: dict[str, str] = {}
    for entry in sorted(shipped("translations", language).iterdir(), key=lambda file: file.name):
        if entry.name.endswith(".toml"):
            area = entry.name.removesuffix(".toml")
            for key, text in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                found[f"{area}.{key}"] = text
    return found


def system_language() -> str:
    """The language that the system asks for: zh_TW for Taiwan, Hong Kong and Macau, zh_CN for other Chinese, else en."""
    name = (locale.getlocale()[0] or "").replace("-", "_").lower()
    if name.startswith(("zh", "chinese")):
        return "zh_TW" if any(part in name for part in ("tw", "hk", "mo", "hant", "traditional")) else "zh_CN"
    return "en" if name.startswith(("en", "english")) else LANGUAGES[0]
