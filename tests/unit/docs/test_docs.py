"""The documents against the code: what is generated is fresh, what is named exists, what exists is named."""

import importlib.util
import re
from pathlib import Path

import pytest

from app.content.texts import table
from app.policy.settings import SETTINGS
from app.protocol import api
from app.protocol.records import KINDS
from tests.helpers.generate import DOCS, documents, main
from tests.unit.docs.pages import ROOT, code_words, page_id, pages, sections, text
from tests.unit.docs.parsers import Verb, verbs

GENERATED = documents()
VERBS = tuple(verbs())
ROUTES = sorted(str(value) for name, value in vars(api).items() if name.startswith("ROUTE_"))
FAULTS = sorted(key.removeprefix("fault.") for key in table("en") if key.startswith("fault."))


@pytest.mark.parametrize("page", GENERATED, ids=page_id)
def test_a_generated_page_is_the_one_that_the_code_makes_now(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == GENERATED[page], "run: python packaging/dev.py generate"


def test_generating_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = {page: page.read_bytes() for page in GENERATED}
    assert main() == 0
    assert capsys.readouterr().out == f"0 of {len(GENERATED)} documents were written anew\n"
    assert {page: page.read_bytes() for page in GENERATED} == before


def test_every_setting_stands_in_its_page_with_its_default() -> None:
    rows = [line for line in text("it", "policy.md").splitlines() if line.startswith("| `")]
    assert {line.split("`")[1] for line in rows} == set(SETTINGS)


def test_every_record_type_stands_in_its_page_once_in_the_part_of_its_file() -> None:
    journal, local = text("developer", "records.md").split("## The local file")
    for kind in KINDS.values():
        row = f"| `{kind.name}` | {kind.version} | {kind.retention.pc_days} days |"
        assert (journal.count(row), local.count(row)) == ((1, 0) if kind.leaves else (0, 1))


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_stands_in_the_map(route: str) -> None:
    assert f"`{route}`" in text("developer", "architecture.md")


def test_the_map_names_no_route_that_is_gone() -> None:
    named = {word for word in code_words(text("developer", "architecture.md")) if word.startswith("/v")}
    assert named == set(ROUTES)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.words)
def test_every_verb_has_a_section_with_all_its_options_and_no_others(verb: Verb) -> None:
    words = code_words(sections("it", "commands.md")[verb.words])
    assert {word for word in words if word.startswith("--")} == set(verb.options)
    assert set(verb.positional) <= words


def test_the_page_of_commands_has_no_section_for_a_verb_that_is_gone() -> None:
    assert set(sections("it", "commands.md")) == {verb.words for verb in VERBS}


@pytest.mark.parametrize("page", pages(), ids=page_id)
def test_a_command_that_a_page_shows_is_a_verb(page: Path) -> None:
    shown = re.findall(
        r"(?:^    |`)(safeseat(?:-tray)?(?: [a-z][a-z-]*)*)", page.read_text(encoding="utf-8"), flags=re.M
    )
    known = {f"{verb.words} " for verb in VERBS}
    groups = {" ".join(one.split()[:count]) for one in known for count in range(1, 4)}
    assert not [words for words in shown if words not in groups and not f"{words} ".startswith(tuple(known))]


def test_the_developers_entrance_is_told_whole() -> None:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    told = re.findall(r"^    python packaging/dev.py ([a-z]+)", text("developer", "testing.md"), flags=re.M)
    assert set(told) == set(dev.VERBS)


def test_every_fault_has_its_section_with_the_sentence_that_people_read_aloud() -> None:
    found = sections("it", "troubleshooting.md")
    assert sorted(found) == FAULTS
    for key in FAULTS:
        assert found[key].strip().startswith(table("zh_CN")[f"fault.{key}"])


@pytest.mark.parametrize("page", pages(), ids=page_id)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (page.parent / link).exists()]


@pytest.mark.parametrize("page", pages(), ids=page_id)
def test_files_that_a_page_names_exist(page: Path) -> None:
    words = code_words(page.read_text(encoding="utf-8"))
    paths = [word for word in words if re.fullmatch(r"(?:app|ui|tests|resources|packaging)/[a-z0-9_./-]+", word)]
    assert not [path for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", pages(), ids=page_id)
def test_modules_that_a_page_names_exist(page: Path) -> None:
    words = code_words(page.read_text(encoding="utf-8"))
    modules = [word for word in words if re.fullmatch(r"(?:app|ui|tests)(?:\.[a-z_0-9]+)+", word)]
    assert not [module for module in modules if importlib.util.find_spec(module) is None]


def test_decisions_are_numbered_without_gaps_and_have_all_their_parts() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    for record in records:
        source = record.read_text(encoding="utf-8")
        assert source.startswith(f"# {record.name[:4]} ")
        parts = [f"**{part}.**" for part in ("Context", "Decision", "Consequences", "Considered")]
        places = [source.find(part) for part in parts]
        assert -1 not in places, f"{record.name} lacks one of {parts}"
        assert places == sorted(places)
