"""Another program on the same X screen: a client of its own with a window that has the keyboard and counts what it gets."""

from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import X
from Xlib.display import Display


class OtherProgram:
    """One window of another X client; `keys` and `clicks` are what arrived there."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._root = self._display.screen().root
        self.window = self._root.create_window(
            0, 0, 100, 100, 0, X.CopyFromParent, X.InputOutput, background_pixel=0x557799, override_redirect=True,
            event_mask=X.KeyPressMask | X.ButtonPressMask | X.FocusChangeMask,
        )
        self.keys = self.clicks = self.focus_lost = 0

    def show(self, x: int, y: int, width: int, height: int, *, top: bool = False) -> None:
        """Place the window; `top` puts it over everything."""
        self.window.configure(x=x, y=y, width=width, height=height, stack_mode=X.Above if top else X.Below)
        self.window.map()
        self._display.sync()

    def hide(self) -> None:
        """Take the window away."""
        self.window.unmap()
        self._display.sync()

    def focus(self) -> None:
        """Take the keyboard, as the program in which somebody types."""
        self.window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._display.sync()
        self.look()
        self.focus_lost = 0

    @property
    def focused(self) -> bool:
        """Whether the keyboard is still here."""
        self.look()
        holder = self._display.get_input_focus().focus
        return bool(getattr(holder, "id", None) == self.window.id)

    def look(self) -> "OtherProgram":
        """Count what has arrived."""
        self._display.sync()
        while self._display.pending_events():
            kind = self._display.next_event().type
            self.keys += kind == X.KeyPress
            self.clicks += kind == X.ButtonPress
            self.focus_lost += kind == X.FocusOut
        return self

    def close(self) -> None:
        """Leave the screen."""
        self.window.destroy()
        self._display.close()


@contextmanager
def other_program(display: str) -> Iterator[OtherProgram]:
    """Another program for the length of a story; it has the keyboard."""
    program = OtherProgram(display)
    program.show(0, 0, 60, 60)
    program.focus()
    try:
        yield program
    finally:
        program.close()
