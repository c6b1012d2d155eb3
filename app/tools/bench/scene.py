"""Two virtual desktops with a server, an agent's tray and a lead's desk, under the default policy."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.tools.demo.cast import Cast, Member
from app.tools.demo.play import environment, part
from app.tools.stage import Setup, Stage

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
"""With root the agent's desktop has a real login session, as a PC has; without one its lock adapter keeps looking for it."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a measurement needs."""

    cast: Cast
    agent: Member
    lead: Member
    desk: Stage
    office: Stage


@contextmanager
def benchmark(*, with_lead: bool = True) -> Iterator[Benchmark]:
    """Everything started, enrolled and connected; nothing is left afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="safeseat-bench-") as name,
        Stage(Setup(login=AS_ROOT)) as desk,
        Stage(Setup()) as office,
    ):
        folder = Path(name)
        cast = Cast(folder)
        agent = Member(folder / "agent", "林小雨", "agent", "A-17")
        lead = Member(folder / "lead", "陈主管", "lead", "L-01")
        try:
            cast.start_server({**os.environ})
            cast.enrol(agent, "demo", environment(desk))
            cast.enrol(lead, "demo", environment(office))
            if with_lead:
                cast.start_tray("lead", lead, environment(office), "--lead", lab=False)
            cast.start_tray("agent", agent, environment(desk), lab=False)
            cast.until(lambda: part(cast.status(agent), "sync").get("connected"), "the agent to be connected", 20)
            if with_lead:
                cast.until(lambda: part(cast.status(agent), "help").get("listeners"), "a listener", 20)
            yield Benchmark(cast, agent, lead, desk, office)
        finally:
            cast.close()
