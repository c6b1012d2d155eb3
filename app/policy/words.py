"""Titles and explanations of settings for the generators, which take them as values and read no files themselves."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from app.policy.setting import Form, Setting, Unit, shown

LANGUAGES = ("zh_CN", "zh_TW", "en")
"""Chinese first; the order in generated documents."""

Words = Mapping[str, str]
"""The area `policy` of one language's translations: field name -> title, field name + `_help` -> explanation."""


def shipped_words() -> dict[str, Words]:
    """The words of every language as shipped. Here and not through `app.content`, which lies above this layer."""
    folder = resources.files("resources").joinpath("translations")
    return {
        language: tomllib.loads(folder.joinpath(language, "policy.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }


def title(setting: Setting, words: Words) -> str:
    """The short name of a setting."""
    return words[setting.name]


def explanation(setting: Setting, words: Words) -> str:
    """What the setting does, followed by its default and, for numbers, its bounds."""
    about = setting.about
    if setting.form is Form.INTEGER:
        unit = words[f"unit_{(about.unit or Unit.COUNT).value}"]
        bounds = words["explain_number"].format(default=setting.default, low=about.low, high=about.high, unit=unit)
    else:
        default = words["none"] if setting.default in ("", ()) else shown(setting.default)
        bounds = words["explain_default"].format(default=default)
    return f"{words[setting.name + '_help']} {bounds}"


def area(setting: Setting) -> str:
    """The group that a setting is shown under: the first part of its key, `personal` for those without one."""
    head, dot, _rest = setting.key.partition(".")
    return head if dot else "personal"
