"""What is made from the declaration: the IT page, the schema, the Group Policy templates."""

import json
import re
from importlib import resources
from xml.etree import ElementTree as Xml

import pytest

from app.policy.admx import CULTURES, KEY, LONGEST_EXPLANATION, NAMESPACE, SCHEMA, files
from app.policy.docs import markdown
from app.policy.schema import json_schema
from app.policy.setting import Form
from app.policy.settings import LIMITS, SETTINGS
from app.policy.words import LANGUAGES, area, explanation, shipped_words

WORDS = shipped_words()
FILES = files(WORDS)
NS = {"p": SCHEMA}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_has_a_title_and_an_explanation_and_no_text_is_left_over(language: str) -> None:
    used = {"title", "supported", "none", "explain_number", "explain_default", "unit_s", "unit_count"}
    used |= {f"category_{area(setting)}" for setting in SETTINGS.values()}
    used |= {f"choice_{choice}" for setting in SETTINGS.values() for choice in setting.about.choices}
    used |= {name for setting in SETTINGS.values() for name in (setting.name, f"{setting.name}_help")}
    assert set(WORDS[language]) == used


def test_the_page_for_it_is_the_one_generated_now() -> None:
    page = resources.files("resources").joinpath("docs", "it", "policy.md").read_text(encoding="utf-8")
    assert page == markdown(WORDS), "run: safeseat policy generate docs --out resources/docs/it"


def test_the_page_names_every_key_with_default_and_bounds() -> None:
    page = markdown(WORDS)
    for key in SETTINGS:
        assert page.count(f"| `{key}` |") == 1
        assert page.count(f"- `{key}`: ") == 1
    assert "| `lock.warning` | `15` | 5..60 s, at most lock.idle_after * 1/2 | - | IT, PC |" in page
    assert "| `breaks.eyes.length` | `20` | 5..300 s, below breaks.eyes.every | lower | IT, PC |" in page
    assert '| `theme` | `"system"` | system, light, dark, contrast | - | person |' in page
    assert "| `edge_handle` | `true` | true, false | lower | person |" in page
    assert "| `server.urls` | `[]` | up to 8, each an address" in page
    assert '| `server.ca_file` | `""` | text of up to 1000 characters | any change | IT, PC |' in page
    assert all(f"{limit.key} is {limit.words()}" in json.loads(json_schema(WORDS))["x-limits"] for limit in LIMITS)


def test_the_schema_takes_every_default_and_names_the_same_bounds() -> None:
    schema = json.loads(json_schema(WORDS))
    assert list(schema["properties"]) == list(SETTINGS)
    assert schema["additionalProperties"] is False
    for key, found in schema["properties"].items():
        setting = SETTINGS[key]
        if setting.form is Form.INTEGER:
            assert (found["minimum"], found["maximum"]) == (setting.about.low, setting.about.high)
            assert found["minimum"] <= found["default"] <= found["maximum"]
        elif setting.form is Form.BOOLEAN:
            assert found["type"] == "boolean"
        elif setting.form is Form.LIST:
            for entry in found["default"] or ["https://a.example:8443"]:
                assert re.match(found["items"]["pattern"], entry)
        elif setting.about.choices:
            assert found["default"] in found["enum"]
        elif "pattern" in found:
            assert re.match(found["pattern"], found["default"])
        assert set(found["x-title"]) == set(LANGUAGES)


def test_the_templates_are_well_formed_and_in_an_own_namespace_without_a_parent_file() -> None:
    assert set(FILES) == {"SafeSeat.admx", *(f"{culture}/SafeSeat.adml" for culture in CULTURES.values())}
    root = Xml.fromstring(FILES["SafeSeat.admx"].encode())
    target = root.find("p:policyNamespaces/p:target", NS)
    assert target is not None
    assert target.get("namespace") == NAMESPACE
    assert root.find("p:policyNamespaces/p:using", NS) is None
    categories = {category.get("name") for category in root.iterfind("p:categories/p:category", NS)}
    for policy in root.iterfind("p:policies/p:policy", NS):
        parent = policy.find("p:parentCategory", NS)
        assert parent is not None
        assert parent.get("ref") in categories
        assert policy.get("key") == KEY


def test_every_setting_is_one_policy_with_its_bounds() -> None:
    root = Xml.fromstring(FILES["SafeSeat.admx"].encode())
    policies = {policy.get("name"): policy for policy in root.iterfind("p:policies/p:policy", NS)}
    assert list(policies) == [setting.name for setting in SETTINGS.values()]
    for setting in SETTINGS.values():
        policy = policies[setting.name]
        number, text = policy.find("p:elements/p:decimal", NS), policy.find("p:elements/p:text", NS)
        if setting.form is Form.INTEGER:
            assert number is not None
            bounds = (number.get("minValue"), number.get("maxValue"))
            assert bounds == (str(setting.about.low), str(setting.about.high))
            assert number.get("valueName") == setting.key
        elif setting.form is Form.BOOLEAN:
            assert policy.get("valueName") == setting.key
        elif setting.form is Form.LIST:
            assert policy.find("p:elements/p:list", NS) is not None
        elif setting.about.choices:
            items = policy.findall("p:elements/p:enum/p:item/p:value/p:string", NS)
            assert tuple(item.text for item in items) == setting.about.choices
        else:
            assert text is not None
            assert text.get("maxLength") == str(setting.about.longest)


@pytest.mark.parametrize("culture", CULTURES.values())
def test_every_text_that_the_template_names_is_there_in_every_language(culture: str) -> None:
    named = set(re.findall(r"\$\((string|presentation)\.(\w+)\)", FILES["SafeSeat.admx"]))
    root = Xml.fromstring(FILES[f"{culture}/SafeSeat.adml"].encode())
    strings = {string.get("id"): string.text or "" for string in root.iterfind(".//p:string", NS)}
    shown = {presentation.get("id"): presentation for presentation in root.iterfind(".//p:presentation", NS)}
    assert {name for sort, name in named if sort == "string"} == set(strings)
    assert {name for sort, name in named if sort == "presentation"} == set(shown)
    for presentation in shown.values():
        assert [box.get("refId") for box in presentation] == [presentation.get("id")]
    assert max(map(len, strings.values())) <= LONGEST_EXPLANATION
    assert all(strings.values())


def test_explanations_tell_default_and_bounds() -> None:
    assert explanation(SETTINGS["lock.retry"], WORDS["en"]).endswith("Default 30, from 5 to 300 (seconds).")
    assert explanation(SETTINGS["breaks.calm.postpones"], WORDS["zh_CN"]).endswith("默认 1，范围 0 到 20（次）。")
    assert explanation(SETTINGS["site.help_number"], WORDS["en"]).endswith("Default: none.")
    assert explanation(SETTINGS["theme"], WORDS["en"]).endswith('Default: "system".')
