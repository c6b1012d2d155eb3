"""Hands and eyes at a virtual screen: typing, clicking, looking (xdotool, ImageMagick)."""

from pathlib import Path

from app.tools.stage.crew import StageError, await_true, run


class Hands:
    """Acts on the screen that `env` names; every call has a limit and raises StageError."""

    env: dict[str, str]

    def type_text(self, text: str, delay_ms: int = 12) -> None:
        """Type into the focused window, `delay_ms` between keys."""
        self._xdotool("type", "--delay", str(delay_ms), "--", text)

    def keys(self, *chords: str) -> None:
        """Press chords such as "ctrl+alt+1" or "Return" one after the other."""
        self._xdotool("key", "--", *chords)

    def move(self, x: int, y: int) -> None:
        """Move the pointer to a place in real pixels."""
        self._xdotool("mousemove", "--", str(x), str(y))

    def click(self, x: int, y: int, button: int = 1) -> None:
        """Move there and click."""
        self._xdotool("mousemove", "--", str(x), str(y), "click", str(button))

    def screenshot(self, path: Path) -> None:
        """Write the whole screen as a picture; the format follows the file's name."""
        path.parent.mkdir(parents=True, exist_ok=True)
        run(["import", "-silent", "-window", "root", str(path)], self.env, 20.0)

    def wait_window(self, name: str, limit: float = 10.0) -> int:
        """Wait for a visible window whose title matches the pattern `name`; returns its X id."""
        found: list[str] = []

        def there() -> bool:
            try:
                found[:] = self._xdotool("search", "--onlyvisible", "--name", name).split()
            except StageError:
                return False
            return bool(found)

        await_true(there, f"a window named {name}", limit, every=0.05)
        return int(found[-1])

    def finds(self, *pattern: str) -> bool:
        """Whether a window matches a search of xdotool, such as `"--class", "trayer"`."""
        try:
            return bool(self._xdotool("search", *pattern).strip())
        except StageError:
            return False

    def _xdotool(self, *arguments: str) -> str:
        return run(["xdotool", *arguments], self.env, 30.0)
