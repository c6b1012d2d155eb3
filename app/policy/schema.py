"""JSON Schema of a policy (flat dotted keys), generated from the declaration, for editors and other tools."""

import json
from collections.abc import Mapping

from app.policy.setting import Form, Setting, Value
from app.policy.settings import LIMITS, SETTINGS
from app.policy.words import Words, explanation, title


def json_schema(words: Mapping[str, Words]) -> str:
    """The schema, draft 2020-12, as indented JSON; bounds between two settings stand in `x-limits`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": words["en"]["title"],
        "type": "object",
        "additionalProperties": False,
        "properties": {setting.key: _property(setting, words) for setting in SETTINGS.values()},
        "x-limits": [f"{limit.key} is {limit.words()}" for limit in LIMITS],
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _property(setting: Setting, words: Mapping[str, Words]) -> dict[str, object]:
    about = setting.about
    found: dict[str, object] = {
        "title": title(setting, words["en"]),
        "description": explanation(setting, words["en"]),
        "default": _json(setting.default),
        "x-title": {language: title(setting, table) for language, table in words.items()},
        "x-scope": about.scope.value,
        "x-weaker": about.weaker.value if about.weaker else None,
    }
    if setting.form is Form.INTEGER:
        return {**found, "type": "integer", "minimum": about.low, "maximum": about.high}
    if setting.form is Form.BOOLEAN:
        return {**found, "type": "boolean"}
    text: dict[str, object] = {"type": "string"}
    if about.choices:
        text["enum"] = list(about.choices)
    if setting.pattern is not None:
        text["pattern"] = f"^(?:{setting.pattern.pattern})$"
    if setting.form is Form.LIST:
        return {**found, "type": "array", "items": text, "maxItems": about.longest}
    return {**found, **text, "maxLength": about.longest}


def _json(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value
