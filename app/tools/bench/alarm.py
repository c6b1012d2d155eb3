"""Alarm: gesture complete on the agent's PC → painted on the lead's screen; lead answers → the agent's sign changes."""

from app.agent.client import ask
from app.agent.profile import Profile
from app.tools.bench.figures import spread
from app.tools.bench.floors import bare_path
from app.tools.bench.scene import Benchmark, benchmark
from app.tools.demo.play import part

ROUNDS = 300


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """`rounds` real alarms, typed by chord into a real X server, TLS on, each settled before the next."""
    painted: list[float] = []
    answered: list[float] = []
    with benchmark() as bench:
        for _ in range(rounds):
            once(bench, painted, answered)
        floor = bare_path(bench.cast, rounds)
    ours = spread(painted, "ms")
    return {
        "pressed_to_painted": ours,
        "answer_to_sign": spread(answered, "ms"),
        "floor_http_commit_sse": floor,
        "ratio_p50_to_floor": round(float(str(ours["p50"])) / float(str(floor["p50"])), 2),
    }


def once(bench: Benchmark, painted: list[float], answered: list[float]) -> None:
    """One alarm from the chord to the settlement."""
    cast = bench.cast
    bench.desk.keys("ctrl+alt+grave", "ctrl+alt+grave")
    row: dict[str, object] = {}

    def seen() -> bool:
        rows = part(cast.status(bench.lead), "desk").get("rows")
        if isinstance(rows, list) and rows and rows[0]["painted_boot"]:
            row.update(rows[0])
        return bool(row)

    cast.until(seen, "the lead's window to paint", 15)
    pressed = int(str(part(cast.status(bench.agent), "help")["pressed_boot"]))
    painted.append((int(str(row["painted_boot"])) - pressed) / 1e6)
    control = Profile(bench.lead.profile).control
    for act, sign in (("take", "coming"), ("on_spot", "coming"), ("settle", "none")):
        told = ask(control, "desk", alarm=str(row["alarm"]), act=act)
        assert isinstance(told, dict)
        state: dict[str, object] = {}

        def changed(state: dict[str, object] = state, sign: str = sign) -> bool:
            state.update(cast.status(bench.agent))
            return part(state, "help").get("sign") == sign

        cast.until(changed, f"the sign to say {sign}", 15)
        if act == "take":
            answered.append((int(str(part(state, "help")["sign_boot"])) - int(told["asked_boot"])) / 1e6)
        if act == "on_spot":
            cast.until(lambda: action(bench) == "settle", "the lead to be on the spot", 15)
    cast.until(lambda: action(bench) == "", "the desk to be empty", 15)


def action(bench: Benchmark) -> str:
    """The next action of the first row, empty without rows."""
    rows = part(bench.cast.status(bench.lead), "desk").get("rows")
    return str(rows[0]["next_action"]) if isinstance(rows, list) and rows else ""
