"""Who may weaken what: payloads, weakening directions and the two keys."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.merge import Layer, Source
from app.policy.setting import Form, PolicyError, Weaker
from app.policy.settings import SETTINGS, Settings, as_mapping
from app.policy.signed import LARGEST_PAYLOAD, Accepted, Refused, accept, opened, payload, weakens
from app.protocol.document import DocKind, Document, make_document, open_document
from app.protocol.keys import Ed25519Signer
from app.protocol.keyset import KeySet, ServerKey, Use

BUILT_IN = Settings()


def test_a_longer_lock_limit_weakens_and_a_shorter_one_does_not() -> None:
    longer = replace(BUILT_IN, lock_idle_after=301)
    assert weakens(BUILT_IN, longer) == ["lock.idle_after"]
    assert weakens(longer, BUILT_IN) == []


def test_shorter_rest_lock_times_and_another_server_weaken_but_looks_do_not() -> None:
    new = replace(
        BUILT_IN,
        breaks_rest_length=599,
        privacy_lock_events=True,
        server_urls=("https://b",),
        hotkey_help="",
        edge_handle=False,
        theme="dark",
        lock_warning=5,
    )
    told = ["breaks.rest.length", "server.urls", "privacy.lock_events", "hotkey.help", "edge_handle"]
    assert weakens(BUILT_IN, new) == told


def test_every_direction_declared_is_one_that_its_form_can_have() -> None:
    for setting in SETTINGS.values():
        if setting.about.weaker in (Weaker.HIGHER, Weaker.LOWER):
            assert setting.form in (Form.INTEGER, Form.BOOLEAN), setting.key


def test_the_online_key_may_tighten_and_nothing_else() -> None:
    tighter = accept(BUILT_IN, payload({"lock.idle_after": 120}), "answer")
    assert isinstance(tighter, Accepted)
    assert tighter.resolved.values.lock_idle_after == 120
    assert tighter.weakened == ()
    assert tighter.resolved.origin("lock.idle_after").source is Source.DOCUMENT
    weaker = accept(BUILT_IN, payload({"lock.idle_after": 600}), "answer")
    assert weaker == Refused("The online key may only tighten, but this weakens lock.idle_after.")


def test_the_offline_key_may_weaken_and_the_person_is_told_what() -> None:
    weaker = accept(BUILT_IN, payload({"lock.idle_after": 600, "breaks.eyes.length": 10}), "policy")
    assert isinstance(weaker, Accepted)
    assert weaker.weakened == ("lock.idle_after", "breaks.eyes.length")


def test_leaving_out_what_a_document_tightened_before_is_weakening() -> None:
    first = accept(BUILT_IN, payload({"lock.idle_after": 120}), "answer")
    assert isinstance(first, Accepted)
    assert accept(first.resolved.values, payload({}), "answer") == Refused(
        "The online key may only tighten, but this weakens lock.idle_after."
    )


def test_the_document_lies_above_the_other_sources() -> None:
    below = [Layer(Source.FILE, "p.toml", {"lock.idle_after": 240, "lock.retry": 20})]
    held = accept(replace(BUILT_IN, lock_idle_after=240), payload({"lock.idle_after": 200}), "answer", below)
    assert isinstance(held, Accepted)
    assert (held.resolved.values.lock_idle_after, held.resolved.values.lock_retry) == (200, 20)


def test_a_key_for_another_use_may_not_sign_policies() -> None:
    assert accept(BUILT_IN, payload({}), "content") == Refused("A key for content may not sign policies.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[]", "not a JSON object"),
        (b"\xff", "not a JSON object"),
        (b'{"a": 1}', "canonical"),
        (b'{"lock.retry":20,"lock.retry":5}', "canonical"),
        (b"x" * (LARGEST_PAYLOAD + 1), "larger than"),
    ],
)
def test_bytes_that_are_no_policy_are_refused(data: bytes, words: str) -> None:
    found = accept(BUILT_IN, data, "policy")
    assert isinstance(found, Refused)
    assert words in found.reason


def test_what_a_newer_server_knows_stays_on_its_item() -> None:
    found = accept(BUILT_IN, b'{"lock.idle_after":9999,"lock.new":1,"lock.retry":20}', "answer")
    assert isinstance(found, Accepted)
    assert found.resolved.values == replace(BUILT_IN, lock_retry=20)
    assert len(found.resolved.problems) == 2


def test_a_payload_is_canonical_and_holds_only_what_a_pc_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    assert payload({"lock": {"retry": 20}, "edge_handle": True}) == b'{"edge_handle":true,"lock.retry":20}'
    for bad in ({"lock.retry": 1}, {"no.such": 1}):
        with pytest.raises(PolicyError):
            payload(bad)
    monkeypatch.setattr("app.policy.merge.RENAMED", {"lock.again": "lock.retry"})
    assert payload({"lock.again": 20}) == b'{"lock.retry":20}'


def _settings() -> st.SearchStrategy[Settings]:
    numbers = {s.name: st.integers(s.about.low, s.about.high) for s in SETTINGS.values() if s.form is Form.INTEGER}
    numbers["lock_idle_after"] = st.integers(300, 1800)
    numbers["breaks_rest_every"] = st.integers(3600, 14400)
    numbers["breaks_rest_length"] = st.integers(60, 3599)
    numbers["breaks_eyes_every"] = st.integers(301, 7200)

    def changed(values: dict[str, Any]) -> Settings:
        return replace(BUILT_IN, **values)

    return st.fixed_dictionaries({}, optional=dict(numbers)).map(changed)


@given(_settings(), _settings(), st.booleans())
def test_whatever_the_online_key_signs_protection_never_falls(old: Settings, new: Settings, full: bool) -> None:
    said = as_mapping(new) if full else {k: v for k, v in as_mapping(new).items() if v != SETTINGS[k].default}
    found = accept(old, payload(said), "answer")
    if isinstance(found, Accepted):
        assert weakens(old, found.resolved.values) == []
    else:
        assert weakens(old, new)
    offline = accept(old, payload(said), "policy")
    assert isinstance(offline, Accepted)
    assert offline.resolved.values == new
    assert list(offline.weakened) == weakens(old, new)
    assert opened(payload(said)).keys() == said.keys()


def test_a_signed_document_travels_and_its_key_decides() -> None:
    keys = {"answer": Ed25519Signer(b"\2" * 32), "policy": Ed25519Signer(b"\3" * 32)}

    def listed(use: Use) -> ServerKey:
        return ServerKey(id=use, alg=1, pub=keys[use].pub33, use=use, from_ms=0, to_ms=10**12)

    keyset = KeySet(server=b"s" * 16, generation=1, expires=10**12, keys=(listed("answer"), listed("policy")))
    document = Document(DocKind.POLICY, b"i" * 16, 1, 0, 10**12, payload({"lock.idle_after": 900}))
    for use, kind in (("policy", Accepted), ("answer", Refused)):
        verified = open_document(make_document(document, keys[use]), DocKind.POLICY, keyset, 5)
        assert isinstance(accept(BUILT_IN, verified.document.body, verified.use), kind)
