"""What a setting is: its type, bounds, scope and the direction in which a change would weaken protection."""

import re
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from app.domain.errors import UsageError

Value = int | bool | str | tuple[str, ...]
"""Every value that a setting may have; lists are tuples, so that a resolved policy cannot be changed by accident."""

LAB_DIVISOR = 60
"""The lab scope divides the lower bounds of times by this, never below 1 s (shift-file contract, end of the table)."""


class PolicyError(UsageError):
    """A policy or one of its values is not acceptable; the text names the key and the bound."""


class Weaker(Enum):
    """Which change of a setting weakens protection: of the screen, the agent's rest, the agent's privacy."""

    HIGHER = "higher"
    LOWER = "lower"
    ANY = "any"


class Scope(Enum):
    """Who may set it: IT for the PC, IT for a user, or the person at the PC within what IT left open."""

    MACHINE = "machine"
    USER = "user"
    PERSONAL = "personal"


class Unit(Enum):
    """What a number counts; only times have a lab scope."""

    SECONDS = "s"
    COUNT = "count"


class Form(Enum):
    """The type of a value as the policy file, the schema and the templates see it."""

    INTEGER = "integer"
    BOOLEAN = "boolean"
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Metadata of a field of `Settings`, written in its `Annotated` type.

    `low` and `high` are inclusive; `pattern` must match the whole text (or each entry of a list); `choices` lists all
    permitted texts; `longest` bounds the characters of a text and the entries of a list.
    """

    key: str
    scope: Scope = Scope.MACHINE
    unit: Unit | None = None
    low: int = 0
    high: int = 0
    weaker: Weaker | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    shape: str = ""
    longest: int = 255
    renamed_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting: the metadata together with field name, form and default of the dataclass field."""

    about: About
    name: str
    form: Form
    default: Value
    pattern: re.Pattern[str] | None = field(compare=False)

    @property
    def key(self) -> str:
        """The name for people and files, for ever (renames are data: `About.renamed_from`)."""
        return self.about.key

    def low(self, *, lab: bool = False) -> int:
        """Lowest permitted number, for times divided in the lab scope."""
        low = self.about.low
        if not lab or self.about.unit is not Unit.SECONDS or low == 0:
            return low
        return max(1, low // LAB_DIVISOR)

    def checked(self, value: object, *, lab: bool = False) -> Value:
        """Return `value` as this setting's type.

        Raises PolicyError that names the key and the bound, for a wrong type or a value out of bounds.
        """
        if self.form is Form.INTEGER:
            return self._integer(value, lab=lab)
        if self.form is Form.BOOLEAN:
            if not isinstance(value, bool):
                raise self._error(value, "must be true or false")
            return value
        if self.form is Form.TEXT:
            return self._text(value)
        if not isinstance(value, (list, tuple)):
            raise self._error(value, "must be a list of texts")
        if len(value) > self.about.longest:
            raise self._error(value, f"must have at most {self.about.longest} entries")
        return tuple(self._text(entry) for entry in value)

    def parsed(self, words: str) -> object:
        """Read a value typed on a command line: numbers, true/false, text as it is, lists separated by commas.

        What does not look like the type comes back as text, so that `checked` says what is wrong with it.
        """
        if self.form is Form.INTEGER and re.fullmatch(r"-?[0-9]{1,12}", words):
            return int(words)
        if self.form is Form.BOOLEAN and words in ("true", "false"):
            return words == "true"
        if self.form is Form.LIST:
            return [entry.strip() for entry in words.split(",") if entry.strip()]
        return words

    def weakened(self, old: Value, new: Value) -> bool:
        """Say whether going from `old` to `new` weakens protection; a setting without a direction never does."""
        if old == new or self.about.weaker is None:
            return False
        if self.about.weaker is Weaker.ANY or not isinstance(old, int) or not isinstance(new, int):
            return True
        return new > old if self.about.weaker is Weaker.HIGHER else new < old

    def _integer(self, value: object, *, lab: bool) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._error(value, "must be a whole number")
        low = self.low(lab=lab)
        if not low <= value <= self.about.high:
            raise self._error(value, f"must be from {low} to {self.about.high}")
        return value

    def _text(self, value: object) -> str:
        if not isinstance(value, str):
            raise self._error(value, "must be text")
        if self.about.choices and value not in self.about.choices:
            raise self._error(value, f"must be one of {', '.join(self.about.choices)}")
        if self.form is Form.TEXT and len(value) > self.about.longest:
            raise self._error(value, f"must have at most {self.about.longest} characters")
        if self.pattern is not None and not self.pattern.fullmatch(value):
            raise self._error(value, f"must be {self.about.shape}")
        return value

    def _error(self, value: object, why: str) -> PolicyError:
        return PolicyError(f"{self.key} = {shown(value)}: {why}.")


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that depends on another setting: `key` is at most (or, if `strict`, below) `share` of `other`."""

    key: str
    other: str
    share: Fraction = Fraction(1)
    strict: bool = False

    def holds(self, value: int, other: int) -> bool:
        """Say whether the two numbers go together; exact, with fractions."""
        return value < other * self.share if self.strict else value <= other * self.share

    def words(self) -> str:
        """The bound in words for errors and documents."""
        share = "" if self.share == 1 else f" * {self.share}"
        return f"{'below' if self.strict else 'at most'} {self.other}{share}"


def shown(value: object) -> str:
    """A value as it would be typed in a policy file, cut to 80 characters; foreign types by their Python form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    elif isinstance(value, (list, tuple)):
        text = "[" + ", ".join(shown(entry) for entry in value) + "]"
    else:
        text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"
