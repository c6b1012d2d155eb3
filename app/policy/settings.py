"""The declaration of every setting: type, default, bounds, unit, scope and weakening direction in one place.

A field's name is its key with dots as underscores, so mypy catches a wrong name. Defaults and bounds of lock, presence
and breaks are the shift-file contract's table. Titles and explanations: translations, area `policy`, key = field name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, get_args, get_origin, get_type_hints

from app.policy.setting import About, Form, Limit, Scope, Setting, Unit, Value, Weaker

_S, _N = Unit.SECONDS, Unit.COUNT
_UP, _DOWN = Weaker.HIGHER, Weaker.LOWER
_MINE = Scope.PERSONAL
_HOTKEY = r"(?:<(?:ctrl|alt|shift|cmd)>\+){1,3}(?:[a-z0-9`]|<space>|<f[1-9]>|<f1[0-2]>)|"
_KEYS = "modifiers and one key such as <ctrl>+<alt>+1, or empty for none"
_URL = r"https://[^\s/?#@\\]+/?|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?/?"
_PHONE = r"[0-9+*# -]{0,24}"
_PHONE_SHAPE = "a phone number or empty"
_PLACE = r"[^\x00-\x1f\x7f]*"
_PLACE_SHAPE = "one line of text or empty"
_PROGRAM = r"[^\x00-\x1f\x7f\\/:*?\"<>|,]{1,100}"
_ADDRESS = "an address such as https://safeseat.example:8443 (plain http only to this PC itself)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A complete policy; each value is within its bounds when it comes from `app.policy.merge`."""

    # Lock: a longer limit leaves an empty seat open for longer. The warning lies inside the limit, so it is neutral.
    lock_idle_after: Annotated[int, About(key="lock.idle_after", unit=_S, low=60, high=1800, weaker=_UP)] = 300
    lock_idle_after_on_call: Annotated[
        int, About(key="lock.idle_after_on_call", unit=_S, low=60, high=900, weaker=_UP)
    ] = 600
    lock_warning: Annotated[int, About(key="lock.warning", unit=_S, low=5, high=60)] = 15
    lock_retry: Annotated[int, About(key="lock.retry", unit=_S, low=5, high=300, weaker=_UP)] = 30
    lock_sign_out_after: Annotated[int, About(key="lock.sign_out_after", unit=_S, low=300, high=14400, weaker=_UP)] = (
        900
    )

    # A shorter minute lets every pause for thought count as rest, so fewer breaks are offered.
    presence_away_after: Annotated[int, About(key="presence.away_after", unit=_S, low=15, high=300, weaker=_DOWN)] = 60

    # Breaks protect the agent: rarer, shorter or later is weaker.
    breaks_eyes_every: Annotated[int, About(key="breaks.eyes.every", unit=_S, low=300, high=7200, weaker=_UP)] = 1200
    breaks_eyes_length: Annotated[int, About(key="breaks.eyes.length", unit=_S, low=5, high=300, weaker=_DOWN)] = 20
    breaks_eyes_auto_start: Annotated[int, About(key="breaks.eyes.auto_start", unit=_S, low=3, high=120)] = 10
    breaks_eyes_yield_to_rest: Annotated[
        int, About(key="breaks.eyes.yield_to_rest", unit=_S, low=0, high=1800, weaker=_UP)
    ] = 300
    breaks_eyes_after_skip: Annotated[
        int, About(key="breaks.eyes.after_skip", unit=_S, low=60, high=7200, weaker=_UP)
    ] = 1200
    breaks_eyes_postpones: Annotated[int, About(key="breaks.eyes.postpones", unit=_N, low=0, high=20, weaker=_UP)] = 2
    breaks_rest_every: Annotated[int, About(key="breaks.rest.every", unit=_S, low=1200, high=14400, weaker=_UP)] = 3600
    breaks_rest_length: Annotated[int, About(key="breaks.rest.length", unit=_S, low=60, high=3600, weaker=_DOWN)] = 600
    breaks_rest_after_skip: Annotated[
        int, About(key="breaks.rest.after_skip", unit=_S, low=60, high=14400, weaker=_UP)
    ] = 1800
    breaks_rest_postpones: Annotated[int, About(key="breaks.rest.postpones", unit=_N, low=0, high=20, weaker=_UP)] = 3
    breaks_talk_after: Annotated[int, About(key="breaks.talk.after", unit=_S, low=300, high=7200, weaker=_UP)] = 1800
    breaks_talk_gap: Annotated[int, About(key="breaks.talk.gap", unit=_S, low=0, high=600, weaker=_DOWN)] = 60
    breaks_talk_length: Annotated[int, About(key="breaks.talk.length", unit=_S, low=60, high=1800, weaker=_DOWN)] = 300
    breaks_talk_postpones: Annotated[int, About(key="breaks.talk.postpones", unit=_N, low=0, high=20, weaker=_UP)] = 2
    breaks_calm_length: Annotated[int, About(key="breaks.calm.length", unit=_S, low=60, high=1800, weaker=_DOWN)] = 180
    breaks_calm_after_alarm: Annotated[
        int, About(key="breaks.calm.after_alarm", unit=_S, low=60, high=3600, weaker=_DOWN)
    ] = 600
    breaks_calm_postpones: Annotated[int, About(key="breaks.calm.postpones", unit=_N, low=0, high=20, weaker=_UP)] = 1
    breaks_wrap_up: Annotated[int, About(key="breaks.wrap_up", unit=_S, low=0, high=300, weaker=_UP)] = 10
    breaks_share_patience: Annotated[int, About(key="breaks.share_patience", unit=_S, low=0, high=7200, weaker=_UP)] = (
        900
    )
    breaks_alarm_holds: Annotated[int, About(key="breaks.alarm_holds", unit=_S, low=0, high=14400, weaker=_UP)] = 1800
    breaks_postpone: Annotated[int, About(key="breaks.postpone", unit=_S, low=60, high=1800, weaker=_UP)] = 300
    breaks_offer_patience: Annotated[int, About(key="breaks.offer_patience", unit=_S, low=30, high=900)] = 120

    # More programs whose recording counts as a call: the longer limit of calls holds more often.
    calls_softphones: Annotated[
        tuple[str, ...],
        About(key="calls.softphones", weaker=Weaker.ANY, pattern=_PROGRAM, shape="a program's name such as zoiper5.exe", longest=32),
    ] = ("baresip", "bria", "linphone", "microsip", "zoiper", "zoiper5")

    # Whoever can name another server, number or key can silence a cry for help, so any change counts as weaker.
    server_urls: Annotated[
        tuple[str, ...], About(key="server.urls", weaker=Weaker.ANY, pattern=_URL, shape=_ADDRESS, longest=8)
    ] = ()
    server_ca_file: Annotated[str, About(key="server.ca_file", weaker=Weaker.ANY, longest=1000)] = ""
    site_help_number: Annotated[
        str,
        About(
            key="site.help_number",
            weaker=Weaker.ANY,
            pattern=_PHONE,
            shape=_PHONE_SHAPE,
            longest=24,
        ),
    ] = ""
    # What emergency cards show of the site: a wrong number or place sends people the wrong way.
    site_guards_phone: Annotated[
        str, About(key="site.guards_phone", weaker=Weaker.ANY, pattern=_PHONE, shape=_PHONE_SHAPE, longest=24)
    ] = ""
    site_internal_phone: Annotated[
        str, About(key="site.internal_phone", weaker=Weaker.ANY, pattern=_PHONE, shape=_PHONE_SHAPE, longest=24)
    ] = ""
    site_it_phone: Annotated[
        str, About(key="site.it_phone", weaker=Weaker.ANY, pattern=_PHONE, shape=_PHONE_SHAPE, longest=24)
    ] = ""
    site_utility_phone: Annotated[
        str, About(key="site.utility_phone", weaker=Weaker.ANY, pattern=_PHONE, shape=_PHONE_SHAPE, longest=24)
    ] = ""
    site_assembly_point: Annotated[
        str, About(key="site.assembly_point", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_exit_map: Annotated[
        str, About(key="site.exit_map", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_aed: Annotated[
        str, About(key="site.aed", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_first_aid_kit: Annotated[
        str, About(key="site.first_aid_kit", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_extinguishers: Annotated[
        str, About(key="site.extinguishers", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_wardens: Annotated[
        str, About(key="site.wardens", weaker=Weaker.ANY, pattern=_PLACE, shape=_PLACE_SHAPE, longest=120)
    ] = ""
    site_cards_reviewed_on: Annotated[
        str,
        About(
            key="site.cards_reviewed_on",
            weaker=Weaker.ANY,
            pattern=r"(?:20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))?",
            shape="a day such as 2026-11-21, or empty",
            longest=10,
        ),
    ] = ""
    privacy_lock_events: Annotated[bool, About(key="privacy.lock_events", weaker=_UP)] = False

    # The person's own: IT may set them as well, then they are shown as set by IT.
    hotkey_help: Annotated[
        str, About(key="hotkey.help", scope=_MINE, weaker=Weaker.ANY, pattern=_HOTKEY, shape=_KEYS)
    ] = "<ctrl>+<alt>+`"
    hotkey_scripts: Annotated[
        str, About(key="hotkey.scripts", scope=_MINE, pattern=_HOTKEY, shape=_KEYS)
    ] = "<ctrl>+<alt>+1"
    hotkey_cards: Annotated[
        str, About(key="hotkey.cards", scope=_MINE, pattern=_HOTKEY, shape=_KEYS)
    ] = "<ctrl>+<alt>+2"
    hotkey_mark: Annotated[str, About(key="hotkey.mark", scope=_MINE, pattern=_HOTKEY, shape=_KEYS)] = "<ctrl>+<alt>+3"
    hotkey_card: Annotated[str, About(key="hotkey.card", scope=_MINE, pattern=_HOTKEY, shape=_KEYS)] = "<ctrl>+<alt>+4"
    hotkey_sign: Annotated[str, About(key="hotkey.sign", scope=_MINE, pattern=_HOTKEY, shape=_KEYS)] = "<ctrl>+<alt>+5"
    language: Annotated[str, About(key="language", scope=_MINE, choices=("system", "zh_CN", "zh_TW", "en"))] = "system"
    theme: Annotated[str, About(key="theme", scope=_MINE, choices=("system", "light", "dark", "contrast"))] = "system"
    reduce_motion: Annotated[str, About(key="reduce_motion", scope=_MINE, choices=("system", "on", "off"))] = "system"
    edge_handle: Annotated[bool, About(key="edge_handle", scope=_MINE, weaker=_DOWN)] = True


LIMITS: tuple[Limit, ...] = (
    Limit("lock.warning", "lock.idle_after", Fraction(1, 2)),
    Limit("presence.away_after", "lock.idle_after"),
    Limit("breaks.eyes.length", "breaks.eyes.every", strict=True),
    Limit("breaks.rest.length", "breaks.rest.every", strict=True),
)
"""Bounds between two settings (shift-file contract, the table)."""


def _form(kind: object) -> Form:
    if get_origin(kind) is tuple:
        return Form.LIST
    forms: dict[object, Form] = {int: Form.INTEGER, bool: Form.BOOLEAN, str: Form.TEXT}
    return forms[kind]


def _declared() -> dict[str, Setting]:
    hints = get_type_hints(Settings, include_extras=True)
    found: dict[str, Setting] = {}
    built_in = Settings()
    for item in fields(Settings):
        kind, about = get_args(hints[item.name])
        pattern = re.compile(about.pattern) if about.pattern else None
        found[about.key] = Setting(about, item.name, _form(kind), getattr(built_in, item.name), pattern)
    return found


SETTINGS: Mapping[str, Setting] = MappingProxyType(_declared())
"""Every setting by its key, in the order of declaration."""

RENAMED: Mapping[str, str] = MappingProxyType(
    {old: setting.key for setting in SETTINGS.values() for old in setting.about.renamed_from}
)
"""Old key to present key; an old key is taken and reported."""


def value_of(settings: Settings, key: str) -> Value:
    """The value under a key that is known to exist (KeyError otherwise), for code that walks all keys."""
    value: Value = getattr(settings, SETTINGS[key].name)
    return value


def as_mapping(settings: Settings) -> dict[str, Value]:
    """All values by key, in the order of declaration."""
    return {key: value_of(settings, key) for key in SETTINGS}
