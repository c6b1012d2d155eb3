"""The table of what leaves this PC, why, who reads it and how long it is kept, made from the declarations themselves."""

import re
from collections.abc import Mapping

import msgspec

from app.privacy.declared import FORMATS, NEVER, SENT, Field, Place, Row
from app.protocol.api import MESSAGES
from app.protocol.fields import description
from app.protocol.records import KINDS, Kind, Retention

Words = Mapping[str, str]
"""All keys of one language as `privacy.<name>` -> text, as `app.content.texts.table` gives them."""
LANGUAGES = ("zh_CN", "en", "zh_TW")


def rows() -> list[Row]:
    """Every row: what leaves the PC first, then what stays on it, then what the server holds from elsewhere."""
    found = [*map(_record, KINDS.values()), *map(_message, SENT), *FORMATS]
    order = list(Place)
    return sorted(found, key=lambda row: order.index(row.place))


def _record(kind: Kind) -> Row:
    server = f"{kind.retention.server_days} days" if kind.leaves else "never there"
    if kind.retention in (Retention.ALARM, Retention.REPORT):
        server = "2 years after closing"
    return Row(
        kind.name,
        Place.LEAVES if kind.leaves else Place.STAYS,
        tuple(Field(name, meaning) for name, meaning in kind.fields().items()),
        kind.purpose,
        kind.recipient,
        f"{kind.retention.pc_days} days",
        server,
        kind.setting,
    )


def _message(struct: type[msgspec.Struct]) -> Row:
    info = msgspec.inspect.type_info(struct)
    assert isinstance(info, msgspec.inspect.StructType)
    declared = MESSAGES[struct]
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", struct.__name__).lower()
    fields = tuple(Field(field.encode_name, description(field)) for field in info.fields)
    return Row(
        f"message.{name}", Place.LEAVES, fields, declared.purpose, declared.recipient, "not kept", declared.retention
    )


def word(sort: str, text: str, words: Words) -> str:
    """The translation of a purpose, recipient or time that a declaration states in English; KeyError names the key."""
    days = re.fullmatch(r"([0-9]+) days", text)
    if days:
        return words["privacy.days"].format(days=days[1])
    return words[f"privacy.{sort}_{re.sub('[^a-z0-9]+', '_', text.lower()).strip('_')}"]


def markdown(words: Mapping[str, Words]) -> str:
    """The page for users in three languages with one appendix of all fields; ends with a line break."""
    parts = ["# " + " · ".join(words[language]["privacy.title"] for language in LANGUAGES)]
    for language in LANGUAGES:
        parts += _section(words[language])
    parts += ["## Fields", ""]
    for row in rows():
        parts += [f"**{row.name}**", "", *(f"- `{field.name}`: {field.meaning or '-'}" for field in row.fields), ""]
    return "\n".join(parts)


def _section(words: Words) -> list[str]:
    parts = ["", f"## {words['privacy.language']}", "", words["privacy.intro"], ""]
    for place in Place:
        heads = [words[f"privacy.column_{name}"] for name in ("what", "fields", "purpose", "reader", "pc", "server")]
        parts += [f"### {words[f'privacy.place_{place.value}']}", "", f"| {' | '.join(heads)} |", "|---" * 6 + "|"]
        parts += [_line(row, words) for row in rows() if row.place is place]
        parts.append("")
    never = [words[f"privacy.never_{name}"] for name in NEVER]
    return [*parts, f"### {words['privacy.never']}", "", words["privacy.comma"].join(never), ""]


def _line(row: Row, words: Words) -> str:
    what = words[f"privacy.{row.key}"]
    if row.setting:
        what = f"{what} ({words['privacy.only_with'].format(setting=f'`{row.setting}`')})"
    cells = [
        what,
        " ".join(f"`{field.name}`" for field in row.fields if field.name != "v"),
        word("purpose", row.purpose, words),
        word("reader", row.recipient, words),
        word("kept", row.on_pc, words),
        word("kept", row.on_server, words),
    ]
    return f"| {' | '.join(cells)} |"
