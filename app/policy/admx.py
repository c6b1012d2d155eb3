"""Group Policy templates (ADMX and ADML) generated from the declaration, in an own namespace without a parent file.

Values lie under `Software\\Policies\\SafeSeat`, the value's name is the key; Intune takes such a template as it is
(own namespace, explanations of at most 1023 characters).
"""

from collections.abc import Mapping
from xml.etree import ElementTree as Xml

from app.policy.setting import Form, Scope, Setting
from app.policy.settings import SETTINGS
from app.policy.words import Words, area, explanation, title

KEY = "Software\\Policies\\SafeSeat"
NAMESPACE = "SafeSeat.Policies.SafeSeat"
SCHEMA = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
LONGEST_EXPLANATION = 1023
CULTURES = {"zh_CN": "zh-CN", "zh_TW": "zh-TW", "en": "en-US"}
"""Translation folder -> folder name of the ADML file."""

_CLASS = {Scope.MACHINE: "Machine", Scope.USER: "User", Scope.PERSONAL: "Both"}


def files(words: Mapping[str, Words]) -> dict[str, str]:
    """Path (forward slashes) -> text of the ADMX file and of one ADML file a language."""
    found = {"SafeSeat.admx": _text(admx())}
    for language, culture in CULTURES.items():
        found[f"{culture}/SafeSeat.adml"] = _text(adml(words[language]))
    return found


def admx() -> Xml.Element:
    """The language-neutral part: categories and one policy for each setting."""
    root = Xml.Element("policyDefinitions", {"xmlns": SCHEMA, "revision": "1.0", "schemaVersion": "1.0"})
    namespaces = Xml.SubElement(root, "policyNamespaces")
    Xml.SubElement(namespaces, "target", {"prefix": "safeseat", "namespace": NAMESPACE})
    Xml.SubElement(root, "resources", {"minRequiredRevision": "1.0"})
    definitions = Xml.SubElement(Xml.SubElement(root, "supportedOn"), "definitions")
    Xml.SubElement(definitions, "definition", {"name": "supported", "displayName": "$(string.supported)"})
    categories = Xml.SubElement(root, "categories")
    Xml.SubElement(categories, "category", {"name": "safeseat", "displayName": "$(string.title)"})
    for name in _areas():
        category = Xml.SubElement(
            categories, "category", {"name": f"safeseat_{name}", "displayName": f"$(string.category_{name})"}
        )
        Xml.SubElement(category, "parentCategory", {"ref": "safeseat"})
    policies = Xml.SubElement(root, "policies")
    for setting in SETTINGS.values():
        policies.append(_policy(setting))
    return root


def _areas() -> list[str]:
    return list(dict.fromkeys(area(setting) for setting in SETTINGS.values()))


def _policy(setting: Setting) -> Xml.Element:
    name, about = setting.name, setting.about
    attributes = {
        "name": name,
        "class": _CLASS[about.scope],
        "displayName": f"$(string.{name})",
        "explainText": f"$(string.{name}_help)",
        "key": KEY,
    }
    if setting.form is Form.BOOLEAN:
        attributes["valueName"] = setting.key
    else:
        attributes["presentation"] = f"$(presentation.{name})"
    policy = Xml.Element("policy", attributes)
    Xml.SubElement(policy, "parentCategory", {"ref": f"safeseat_{area(setting)}"})
    Xml.SubElement(policy, "supportedOn", {"ref": "supported"})
    if setting.form is Form.BOOLEAN:
        for tag, number in (("enabledValue", "1"), ("disabledValue", "0")):
            Xml.SubElement(Xml.SubElement(policy, tag), "decimal", {"value": number})
        return policy
    elements = Xml.SubElement(policy, "elements")
    value = {"id": name, "valueName": setting.key, "required": "true"}
    if setting.form is Form.INTEGER:
        Xml.SubElement(elements, "decimal", {**value, "minValue": str(about.low), "maxValue": str(about.high)})
    elif setting.form is Form.LIST:
        Xml.SubElement(elements, "list", {"id": name, "key": f"{KEY}\\{setting.key}", "valuePrefix": ""})
    elif about.choices:
        choices = Xml.SubElement(elements, "enum", value)
        for choice in about.choices:
            item = Xml.SubElement(choices, "item", {"displayName": f"$(string.choice_{choice})"})
            Xml.SubElement(Xml.SubElement(item, "value"), "string").text = choice
    else:
        # an empty text is a value of its own (no hotkey), so a text is never required
        Xml.SubElement(elements, "text", {"id": name, "valueName": setting.key, "maxLength": str(about.longest)})
    return policy


def adml(words: Words) -> Xml.Element:
    """The texts of one language: strings, and the fields shown for each policy."""
    root = Xml.Element("policyDefinitionResources", {"xmlns": SCHEMA, "revision": "1.0", "schemaVersion": "1.0"})
    Xml.SubElement(root, "displayName").text = words["title"]
    Xml.SubElement(root, "description").text = words["title"]
    resources = Xml.SubElement(root, "resources")
    strings = Xml.SubElement(resources, "stringTable")
    for name, text in _strings(words).items():
        Xml.SubElement(strings, "string", {"id": name}).text = text
    presentations = Xml.SubElement(resources, "presentationTable")
    for setting in SETTINGS.values():
        if setting.form is not Form.BOOLEAN:
            presentations.append(_presentation(setting, words))
    return root


def _strings(words: Words) -> dict[str, str]:
    found = {name: words[name] for name in ("title", "supported", *(f"category_{name}" for name in _areas()))}
    for setting in SETTINGS.values():
        found[setting.name] = title(setting, words)
        found[f"{setting.name}_help"] = explanation(setting, words)
        found.update({f"choice_{choice}": words[f"choice_{choice}"] for choice in setting.about.choices})
    return found


def _presentation(setting: Setting, words: Words) -> Xml.Element:
    presentation = Xml.Element("presentation", {"id": setting.name})
    label = title(setting, words)
    if setting.form is Form.INTEGER:
        box = {"refId": setting.name, "defaultValue": str(setting.default)}
        Xml.SubElement(presentation, "decimalTextBox", box).text = label
    elif setting.form is Form.LIST:
        Xml.SubElement(presentation, "listBox", {"refId": setting.name}).text = label
    elif setting.about.choices:
        default = str(setting.about.choices.index(str(setting.default)))
        box = {"refId": setting.name, "defaultItem": default, "noSort": "true"}
        Xml.SubElement(presentation, "dropdownList", box).text = label
    else:
        box_element = Xml.SubElement(presentation, "textBox", {"refId": setting.name})
        Xml.SubElement(box_element, "label").text = label
        Xml.SubElement(box_element, "defaultValue").text = str(setting.default)
    return presentation


def _text(root: Xml.Element) -> str:
    Xml.indent(root)
    body = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'
