"""What the Task Manager writes when a person switches a startup program off; pure."""

SWITCHED_ON = bytes([2]) + bytes(11)
SWITCHED_OFF = bytes([3]) + bytes(11)


def approved(data: bytes | None) -> bool:
    """Whether Windows starts the program: nothing written, or an even first byte (seen: 2, 6 on; 3, 7 off)."""
    return not data or data[0] % 2 == 0


def tray_command(executable: str) -> str:
    r"""The command of the Run key for a Python that runs from `executable`.

    The installed launchers are `SafeSeat.exe` and `bin\safeseat.exe`; from a checkout it is this Python with `-m ui`.
    """
    folder, _, name = executable.rpartition("\\")
    if name.lower() == "safeseat.exe":
        if folder.lower().endswith("\\bin"):
            folder = folder[: -len("\\bin")]
        return f'"{folder}\\SafeSeat.exe"'
    return f'"{executable}" -m ui'
