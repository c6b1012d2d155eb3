"""Stories of one value on its way through the sources."""

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.merge import BUILT_IN, Layer, Resolved, Source, flattened, merge
from app.policy.setting import Form, Limit, PolicyError, Unit, shown
from app.policy.settings import LIMITS, SETTINGS, Settings, as_mapping, value_of


def laid(
    file: dict[str, object] | None = None, typed: dict[str, object] | None = None, *, lab: bool = False
) -> Resolved:
    layers = [Layer(Source.COMMAND_LINE, "command line", typed or {}), Layer(Source.FILE, "p.toml", file or {})]
    return merge(layers, lab=lab)


def test_without_sources_every_value_is_built_in() -> None:
    held = merge([])
    assert held.values == Settings()
    assert {held.origin(key) for key in SETTINGS} == {BUILT_IN}


def test_the_command_line_is_stronger_than_the_file_whatever_the_order() -> None:
    held = laid({"lock.idle_after": 120}, {"lock.idle_after": 90})
    assert held.values.lock_idle_after == 90
    assert held.origin("lock.idle_after").name == "command line"


def test_a_dotted_key_and_a_quoted_key_are_the_same_key() -> None:
    assert laid({"lock": {"idle_after": 90}}).values == laid({"lock.idle_after": 90}).values
    assert flattened({"a": {"b": {"c": 1}}, "d.e": 2}) == [("a.b.c", 1), ("d.e", 2)]


def test_a_bad_value_stays_on_its_item_and_the_next_lower_good_value_holds() -> None:
    held = laid({"lock.idle_after": 120, "lock.retry": 60}, {"lock.idle_after": 5000})
    assert held.values.lock_idle_after == 120
    assert held.values.lock_retry == 60
    (problem,) = held.problems
    assert problem.origin.source is Source.COMMAND_LINE
    assert problem.text == "lock.idle_after = 5000: must be from 60 to 1800."
    assert held.problems_of("lock.idle_after") == (problem,)
    assert held.problems_of("lock.retry") == ()


def test_an_unknown_key_is_reported() -> None:
    (problem,) = laid({"lock.idle": 3}).problems
    assert problem.text == "lock.idle is not a setting."


def test_a_key_given_twice_in_one_source_is_reported_and_the_first_holds() -> None:
    held = laid({"lock": {"idle_after": 90}, "lock.idle_after": 100})
    assert held.values.lock_idle_after == 90
    assert "twice" in held.problems[0].text


def test_a_renamed_key_is_taken_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.policy.merge.RENAMED", {"lock.after": "lock.idle_after"})
    held = laid({"lock.after": 90})
    assert held.values.lock_idle_after == 90
    assert held.problems[0].taken
    assert held.problems[0].text == "lock.after is now called lock.idle_after."


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("lock.idle_after", 300.0, "whole number"),
        ("lock.idle_after", True, "whole number"),
        ("lock.idle_after", "300", "whole number"),
        ("edge_handle", 1, "true or false"),
        ("theme", "pink", "one of system, light, dark, contrast"),
        ("theme", 3, "must be text"),
        ("server.urls", "https://a", "list of texts"),
        ("server.urls", ["ftp://a"], "an address"),
        ("calls.softphones", ["C:\\a.exe"], "a program's name"),
        ("server.urls", ["http://safeseat.example"], "an address"),
        ("server.urls", ["https://a"] * 9, "at most 8 entries"),
        ("server.ca_file", "x" * 1001, "at most 1000 characters"),
        ("hotkey.help", "<ctrl>+<alt>+delete!", "modifiers and one key"),
        ("site.help_number", "call me", "a phone number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_key_and_reason(key: str, value: object, words: str) -> None:
    held = laid({key: value})
    assert held.values == Settings()
    (problem,) = held.problems
    assert problem.text.startswith(f"{key} = ")
    assert words in problem.text


def test_good_values_of_every_form_are_taken() -> None:
    held = laid(
        {
            "server.urls": ["https://a.example:8443", "http://127.0.0.1:9000/"],
            "edge_handle": False,
            "hotkey.help": "",
            "hotkey.card": "<ctrl>+<shift>+<f12>",
            "site.help_number": "8110",
            "language": "zh_TW",
        }
    )
    assert held.problems == ()
    assert held.values.server_urls == ("https://a.example:8443", "http://127.0.0.1:9000/")
    assert not held.values.edge_handle


def test_a_warning_longer_than_half_the_limit_is_refused() -> None:
    held = laid({"lock.warning": 31, "lock.idle_after": 60})
    assert (held.values.lock_warning, held.values.lock_idle_after) == (15, 60)
    assert held.problems[0].text == (
        "lock.warning = 31: lock.warning must be at most lock.idle_after * 1/2, and lock.idle_after is 60."
    )


def test_a_limit_too_short_for_the_held_warning_is_refused_itself() -> None:
    held = laid({"lock.warning": 60}, {"lock.idle_after": 100})
    assert (held.values.lock_warning, held.values.lock_idle_after) == (60, 300)
    assert held.problems[0].text == (
        "lock.idle_after = 100: lock.warning must be at most lock.idle_after * 1/2, and lock.warning is 60."
    )


def test_a_break_as_long_as_its_rhythm_is_refused() -> None:
    assert laid({"breaks.rest.every": 1200, "breaks.rest.length": 1200}).problems_of("breaks.rest.length")
    assert not laid({"breaks.rest.every": 1200, "breaks.rest.length": 1199}).problems


def test_the_lab_scope_divides_lower_bounds_of_times_by_sixty_but_never_below_a_second() -> None:
    lows = {key: setting.low(lab=True) for key, setting in SETTINGS.items() if setting.form is Form.INTEGER}
    assert lows["lock.idle_after"] == 1
    assert lows["lock.sign_out_after"] == 5
    assert lows["breaks.rest.every"] == 20
    assert lows["breaks.talk.gap"] == 0
    assert lows["breaks.eyes.auto_start"] == 1
    quick: dict[str, object] = {"lock.idle_after": 6, "lock.warning": 3, "presence.away_after": 2}
    assert laid(quick, lab=True).problems == ()
    assert len(laid(quick).problems) == 3


def test_counts_have_no_lab_scope_and_upper_bounds_stay() -> None:
    assert laid({"breaks.eyes.postpones": 21}, lab=True).problems
    assert laid({"lock.idle_after": 1801}, lab=True).problems


def _values() -> st.SearchStrategy[dict[str, object]]:
    numbers = [setting for setting in SETTINGS.values() if setting.form is Form.INTEGER]
    picked = {s.key: st.one_of(st.integers(s.low(lab=True), s.about.high), st.integers(-5, 20000)) for s in numbers}
    return st.fixed_dictionaries({}, optional=dict(picked))


@given(_values(), _values(), st.booleans())
def test_whatever_the_sources_say_the_policy_is_sound_and_each_loss_is_told(
    file: dict[str, object], typed: dict[str, object], lab: bool
) -> None:
    held = laid(file, typed, lab=lab)
    values = as_mapping(held.values)
    for key, setting in SETTINGS.items():
        assert setting.checked(values[key], lab=lab) == values[key]
    for limit in LIMITS:
        value, other = values[limit.key], values[limit.other]
        assert isinstance(value, int)
        assert isinstance(other, int)
        assert limit.holds(value, other)
    for source, given_values in ((Source.FILE, file), (Source.COMMAND_LINE, typed)):
        for key, wanted in given_values.items():
            taken = held.origin(key).source is source and values[key] == wanted
            stronger = held.origin(key).source > source
            told = any(p.origin.source is source for p in held.problems_of(key))
            assert taken or stronger or told


def test_every_field_is_named_after_its_key_and_the_contract_table_is_whole() -> None:
    for key, setting in SETTINGS.items():
        assert setting.name == key.replace(".", "_")
        assert getattr(Settings(), setting.name) == setting.default == value_of(Settings(), key)
        assert setting.checked(setting.default) == setting.default
    assert {f.name for f in dataclasses.fields(Settings)} == {s.name for s in SETTINGS.values()}


CONTRACT = """
lock.idle_after 300 60 1800 | lock.idle_after_on_call 600 60 900 | lock.warning 15 5 60 | lock.retry 30 5 300
lock.sign_out_after 900 300 14400 | presence.away_after 60 15 300 | breaks.eyes.every 1200 300 7200
breaks.eyes.length 20 5 300 | breaks.eyes.auto_start 10 3 120 | breaks.rest.every 3600 1200 14400
breaks.rest.length 600 60 3600 | breaks.talk.after 1800 300 7200 | breaks.talk.gap 60 0 600
breaks.talk.length 300 60 1800 | breaks.eyes.postpones 2 0 20 | breaks.rest.postpones 3 0 20
breaks.talk.postpones 2 0 20 | breaks.calm.postpones 1 0 20 | breaks.calm.length 180 60 1800
breaks.calm.after_alarm 600 60 3600 | breaks.wrap_up 10 0 300 | breaks.share_patience 900 0 7200
breaks.alarm_holds 1800 0 14400 | breaks.postpone 300 60 1800 | breaks.offer_patience 120 30 900
breaks.eyes.yield_to_rest 300 0 1800 | breaks.eyes.after_skip 1200 60 7200 | breaks.rest.after_skip 1800 60 14400
"""


def test_defaults_and_bounds_are_those_of_the_shift_file_contract() -> None:
    rows = [row.split() for line in CONTRACT.strip().splitlines() for row in line.split("|")]
    for key, default, low, high in rows:
        setting = SETTINGS[key]
        assert (setting.default, setting.about.low, setting.about.high) == (int(default), int(low), int(high)), key
        assert setting.about.unit is (Unit.COUNT if key.endswith("postpones") else Unit.SECONDS)
    seat = {key for key in SETTINGS if key.split(".")[0] in ("lock", "presence", "breaks")}
    assert seat == {row[0] for row in rows}
    assert set(LIMITS) == {
        Limit("lock.warning", "lock.idle_after", Fraction(1, 2)),
        Limit("presence.away_after", "lock.idle_after"),
        Limit("breaks.eyes.length", "breaks.eyes.every", strict=True),
        Limit("breaks.rest.length", "breaks.rest.every", strict=True),
    }


def test_values_are_shown_as_they_would_be_typed() -> None:
    assert shown(True) == "true"
    assert shown(["a", 'b"']) == '["a", "b\\""]'
    assert shown(3.5) == "3.5"
    assert len(shown("x" * 200)) == 80
    assert shown("x" * 78) == '"' + "x" * 78 + '"'
    with pytest.raises(PolicyError, match="must be true or false"):
        SETTINGS["edge_handle"].checked("yes")
