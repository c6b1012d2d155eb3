"""The installer's own actions: what runs, as whom, when and under which condition.

wixl places custom actions in the order of a hash table and knows only some kinds, so it writes none of them: the rows are
inserted in the finished file, with fixed numbers, and read back. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass

DLL, PROPERTY = 1, 51
"""Kinds: a function of the library `handover.dll` in the Binary table; a property that is set."""
CONTINUE, ROLLBACK, COMMIT, DEFERRED, AS_SYSTEM, HIDE_TARGET = 64, 256, 512, 1024, 2048, 8192
"""Flags of the Type column as Windows Installer defines them."""

BINARY = "handover"
REMOVED = 'REMOVE="ALL"'
REMEMBERED = ("SERVER_URL", "SERVER_KEY", "SITE", "AUTOSTART")
"""Properties that an upgrade takes from the registry when the command line does not give them."""

SECURE = (*REMEMBERED, "ENROLL_TOKEN")
"""Properties that an elevated installation may take from the person who started it."""

HIDDEN = ("ENROLL_TOKEN", "StoreEnrolment")
"""Properties whose values Windows Installer writes into no log; the second is the sealed code, on its way to its action."""

LAUNCH_CONDITIONS = 100
"""Where the standard action of this name stands."""

REMOVE_OLD_FIRST = 1501
"""RemoveExistingProducts directly after InstallInitialize: a failed upgrade brings the old version back."""


@dataclass(frozen=True, slots=True)
class Action:
    """A row of CustomAction and its row of InstallExecuteSequence; `source` is the Binary's or the property's name."""

    name: str
    kind: int
    source: str
    target: str
    sequence: int
    condition: str

    @property
    def in_window(self) -> bool:
        """With a window AppSearch runs there and not again, so what belongs around it must too."""
        return self.kind == PROPERTY and self.sequence < LAUNCH_CONDITIONS


def _remembered() -> list[Action]:
    """AppSearch (50) would let the registry win over the command line, so what was given is put aside before it and back after it.

    A name with small letters cannot be set on a command line."""
    saved = [Action(f"Save_{name}", PROPERTY, f"Given_{name}", f"[{name}]", 30 + n, name) for n, name in enumerate(REMEMBERED)]
    taken = [Action(f"Take_{name}", PROPERTY, name, f"[Given_{name}]", 60 + n, f"Given_{name}") for n, name in enumerate(REMEMBERED)]
    return saved + taken


SYSTEM = DLL | DEFERRED | AS_SYSTEM

ACTIONS = (
    *_remembered(),
    Action("AutostartByDefault", PROPERTY, "AUTOSTART", "1", 70, "NOT AUTOSTART"),
    # Refuses before anything is changed; seals the enrolment code and empties ENROLL_TOKEN.
    Action("CheckValues", DLL, BINARY, "CheckValues", 110, f"NOT {REMOVED}"),
    # Before InstallValidate (1400), which looks for files in use; once more as the system, for an installer without elevation.
    Action("StopTraysNow", DLL | CONTINUE, BINARY, "StopTrays", 1390, ""),
    Action("StopTrays", SYSTEM | CONTINUE, BINARY, "StopTrays", 1510, ""),
    # The rollback's twin stands before what it undoes.
    Action("UndoEnrolment", SYSTEM | ROLLBACK | CONTINUE, BINARY, "ForgetEnrolment", 5800, f"StoreEnrolment AND NOT {REMOVED}"),
    Action("StoreEnrolment", SYSTEM | HIDE_TARGET, BINARY, "StoreEnrolment", 5810, f"NOT {REMOVED}"),
    # Its data was taken over when it was scheduled: the sealed code need not stay among the properties, which logs list.
    Action("WipeSealedCode", PROPERTY, "StoreEnrolment", "", 5811, "StoreEnrolment"),
    Action("ForgetEnrolment", SYSTEM | CONTINUE, BINARY, "ForgetEnrolment", 5820, f"{REMOVED} AND NOT UPGRADINGPRODUCTCODE"),
    # Only after success. The file is deleted with the rights of the person who named it, never with the system's.
    Action("EraseTokenFile", DLL | DEFERRED | COMMIT | CONTINUE, BINARY, "EraseTokenFile", 6590, f"EraseTokenFile AND NOT {REMOVED}"),
    Action("StartTrays", SYSTEM | COMMIT | CONTINUE, BINARY, "StartTrays", 6595, f"StartTrays AND NOT {REMOVED}"),
)


def statements() -> list[str]:
    """SQL that writes the actions into a finished installer."""
    rows = []
    for one in ACTIONS:
        rows.append(
            "INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) "
            f"VALUES ('{one.name}', {one.kind}, '{one.source}', '{one.target}')"
        )
        columns, value = ("`Action`, `Condition`, `Sequence`", f"'{one.condition}', ") if one.condition else ("`Action`, `Sequence`", "")
        tables = ("InstallExecuteSequence", "InstallUISequence") if one.in_window else ("InstallExecuteSequence",)
        rows += [f"INSERT INTO `{table}` ({columns}) VALUES ('{one.name}', {value}{one.sequence})" for table in tables]
    rows.append(f"UPDATE `InstallExecuteSequence` SET `Sequence` = {REMOVE_OLD_FIRST} WHERE `Action` = 'RemoveExistingProducts'")
    return rows


def faults(custom_action: str, sequence: str, window: str) -> list[str]:
    """What three exported tables lack or have too much, one sentence each; empty when the installer is as meant."""
    found = []
    shown = {row[0]: row[1:3] for row in rows_of(window)}
    kinds = {row[0]: row[1:4] for row in rows_of(custom_action)}
    places = {row[0]: row[1:3] for row in rows_of(sequence)}
    for one in ACTIONS:
        if kinds.pop(one.name, None) != [str(one.kind), one.source, one.target]:
            found.append(f"The action {one.name} is not what it should be.")
        if places.get(one.name) != [one.condition, str(one.sequence)]:
            found.append(f"The action {one.name} does not stand where it should.")
        if shown.get(one.name) != ([one.condition, str(one.sequence)] if one.in_window else None):
            found.append(f"The action {one.name} does not stand where it should when there is a window.")
    found += [f"The action {name} is not known." for name in kinds]
    numbers = [place[1] for place in places.values()]
    if len(set(numbers)) != len(numbers):
        found.append("Two actions have one place in the sequence.")
    if places.get("RemoveExistingProducts", ["", ""])[1] != str(REMOVE_OLD_FIRST):
        found.append("The old version is not removed first.")
    return found


def rows_of(exported: str) -> list[list[str]]:
    """Rows of a table as `msiinfo export` prints it, without its three lines of heading."""
    return [line.rstrip("\r").split("\t") for line in exported.splitlines()[3:] if line.strip()]
