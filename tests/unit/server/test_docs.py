"""The developer's page lists every route and every code that the server can answer."""

import re
from pathlib import Path

from app.server.api.app import ROUTES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "resources/docs/developer/routes.md").read_text("utf-8")


def test_every_route_stands_on_the_page_with_its_largest_body_and_no_other() -> None:
    listed = re.findall(r"^\| `(GET|POST) (/v1/[^`]+)` \|.*\| (\d+) \|$", PAGE, re.MULTILINE)
    assert listed == [(one.method, one.path, str(one.limit)) for one in ROUTES]


def test_every_refusal_code_stands_on_the_page() -> None:
    found: set[str] = set()
    for path in (ROOT / "app/server/api").glob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'RefusedError\(\s*(?:\d+|error\.status_code|status), "([a-z_.]+)"', text))
        found |= set(re.findall(r'Held\("([a-z_.]+)"', text))
    assert found >= {"gap", "rate", "token", "no_such_alarm"}
    missing = {code for code in found if f"`{code}`" not in PAGE}
    assert not missing


def test_it_reads_of_every_verb_of_the_command() -> None:
    text = (ROOT / "resources/docs/it/server.md").read_text("utf-8")
    for verb in ("token", "approve", "head", "devices", "people import", "people pin"):
        assert f"safeseat server {verb}" in text
