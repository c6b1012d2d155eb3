"""The table of what agents type: each text finds its script among the first three."""

import tomllib
from pathlib import Path

import pytest

from app.content.library import Library
from app.content.shapes import LANGUAGES

TABLE = Path(__file__).resolve().parents[2] / "data" / "content" / "queries.toml"
QUERIES = tomllib.loads(TABLE.read_text(encoding="utf-8"))["query"]
SEARCH = Library("zh_CN").search()


@pytest.mark.parametrize("row", QUERIES, ids=lambda row: f"{row['typed']}-{row['wanted']}")
def test_what_agents_type_finds_the_script_among_the_first_three(row: dict[str, str]) -> None:
    found = SEARCH.find(row["typed"])
    assert row["wanted"] in [hit.script_id for hit in found[:3]]


def test_the_table_has_sixty_different_texts_in_all_languages() -> None:
    assert len({row["typed"] for row in QUERIES}) == len(QUERIES) >= 60
    assert {row["language"] for row in QUERIES} == set(LANGUAGES)
