"""The table of what leaves this PC in one language, as pages show it; generated from the declarations, never written here."""

from dataclasses import dataclass

from app.content.texts import table
from app.privacy.declared import NEVER, Place
from app.privacy.table import rows, word


@dataclass(frozen=True, slots=True)
class TableRow:
    """One kind of data in words; `place` is leaves, stays or server, `fields` are the names that travel."""

    name: str
    place: str
    what: str
    fields: tuple[str, ...]
    purpose: str
    reader: str
    on_pc: str
    on_server: str


def table_rows(language: str) -> tuple[TableRow, ...]:
    """Every row of the privacy table, in its order."""
    words = table(language)
    made = []
    for row in rows():
        what = words[f"privacy.{row.key}"]
        if row.setting:
            what = f"{what} ({words['privacy.only_with'].format(setting=row.setting)})"
        made.append(
            TableRow(
                row.name, row.place.value, what, tuple(field.name for field in row.fields if field.name != "v"),
                word("purpose", row.purpose, words), word("reader", row.recipient, words),
                word("kept", row.on_pc, words), word("kept", row.on_server, words),
            )
        )  # fmt: skip
    return tuple(made)


def never_recorded(language: str) -> tuple[str, ...]:
    """What is recorded nowhere."""
    return tuple(table(language)[f"privacy.never_{name}"] for name in NEVER)


def kind_words(kind: str, language: str) -> str:
    """What a record's type is called; the bare type for one of another release."""
    return table(language).get("privacy.row_" + kind.replace(".", "_"), kind)


PLACES = tuple(place.value for place in Place)
