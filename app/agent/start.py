"""Wires the agent of one profile: desktop, files, links, parts, actor, control port; and takes it down in order."""

import logging
import logging.handlers
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.agent import commands
from app.agent.actor import Actor, Part
from app.agent.client import agent_kind, ask
from app.agent.control import ControlPort, Verb
from app.agent.ending import Ending
from app.agent.events import (
    BindHotkeys,
    Commit,
    DoLock,
    Effect,
    ForgetMoves,
    KeepChoice,
    KeepMove,
    MoveDone,
    OpenVault,
    ReadState,
    SaveState,
    ShowNotice,
    Started,
    StopWatching,
    TakeHandover,
    TellAgain,
)
from app.agent.events.microphone import AskMicrophone
from app.agent.files import Files
from app.agent.handover import Handover
from app.agent.handwork import Handwork
from app.agent.identity import Identity, own_ids
from app.agent.lanes import Carrier, Lanes
from app.agent.livepolicy import LivePolicy
from app.agent.network import Network
from app.agent.ownnet import OwnNetwork
from app.agent.ownpages import OwnPages
from app.agent.parts.alarm import AlarmPart
from app.agent.parts.calls import CallsPart
from app.agent.parts.checks import ChecksPart
from app.agent.parts.choices import ChoicesPart
from app.agent.parts.content import ContentPart
from app.agent.parts.day import DayPart
from app.agent.parts.desk import DeskPart
from app.agent.parts.guide import GuidePart
from app.agent.parts.handover import HandoverPart
from app.agent.parts.keeper import KeeperPart
from app.agent.parts.link import LinkPart
from app.agent.parts.photos import PhotosPart
from app.agent.parts.reports import ReportsPart
from app.agent.parts.seat import SeatPart
from app.agent.parts.site import SitePart
from app.agent.parts.training import TrainingPart
from app.agent.profile import InstanceLock, Profile
from app.agent.reportfiles import ReportFiles
from app.agent.reportnet import ReportNetwork
from app.agent.settings import Preferences
from app.agent.sitepack import SitePacks
from app.agent.sleep import Sleep
from app.agent.snapshot import Snapshot
from app.agent.verbs import Verbs
from app.content.texts import Texts
from app.desktop.open import open_desktop
from app.desktop.ports import Desktop
from app.domain.errors import SafeSeatError, UnavailableError, UsageError
from app.domain.moment import NS
from app.sync.proxy import Ways

if TYPE_CHECKING:
    from app.content.library import Library

log = logging.getLogger(__name__)

TAKEOVER_LIMIT = 15.0
"""Seconds that a headless agent may take to stop in order before the tray gives up."""


class AlreadyRunningError(UnavailableError):
    """Another agent of this profile runs, and it stays."""


@dataclass(frozen=True, slots=True)
class AgentOptions:
    """How to start: profile folder, adapter name, policy file, `KEY=VALUE` settings of this run."""

    profile: Path | None = None
    desktop: str | None = None
    policy: Path | None = None
    settings: tuple[str, ...] = ()
    lead: bool = False
    headless: bool = False
    pretend_lock: bool = False


@dataclass(slots=True)
class RunningAgent:
    """A started agent, as faces hold it; any thread."""

    profile: Profile
    actor: Actor
    _lanes: Lanes
    _network: Network
    _files: Files
    _lock: InstanceLock
    _boot: Callable[[], int]
    _packs: SitePacks
    _control: ControlPort | None = None
    _policy: LivePolicy | None = None
    _stopped: bool = field(default=False, init=False)

    @property
    def snapshot(self) -> Snapshot:
        """The newest Snapshot."""
        return self.actor.snapshot

    def boot(self) -> int:
        """The clock of the Snapshots in nanoseconds (see `Moment.boot`), as the agent's own adapter reads it; simulated ones too."""
        return self._boot()

    def library(self, language: str) -> "Library":
        """The content of now in a language: the site's pack over the shipped one, read anew at each call. Any thread."""
        from app.content.library import Library

        return Library(language, self._packs.current())

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """See `Actor.subscribe`."""
        return self.actor.subscribe(callback)

    def post(self, command: object) -> None:
        """See `Actor.post`."""
        self.actor.post(command)

    def add_verb(self, name: str, verb: Verb) -> None:
        """Let the control port answer one more verb (a face tells where its controls stand)."""
        if self._control is not None:
            self._control.add(name, verb)

    def stop(self, timeout: float = 10.0, reason: str = "quit") -> bool:
        """Stop in order and release everything; True when nothing is left. Blocking up to `timeout` seconds.

        `reason` as in `Quit`, unless the end is under way already.
        """
        if self._stopped:
            return True
        self._stopped = True
        if self._policy is not None:
            self._policy.close()
        end = time.monotonic() + timeout
        self.actor.post(commands.Quit(reason))
        self._packs.stop()
        well = self.actor.join(max(0.1, end - time.monotonic()))
        late = self._lanes.stop(max(0.1, end - time.monotonic()))
        self._network.close(max(0.1, end - time.monotonic()))
        if self._control is not None:
            self._control.close()
        self._files.close()
        self._lock.release()
        if late:
            log.warning("lanes that did not end in time: %s", late)
        return well and not late


def start_agent(options: AgentOptions, desktop: Desktop | None = None) -> RunningAgent:
    """Start the agent of a profile; blocking about 0.3 s. Raises AlreadyRunningError, UnavailableError, UsageError.

    `desktop`: the machine to run on, which the agent then owns; None opens the one that the options name.
    """
    profile = Profile(options.profile)
    lock = InstanceLock(profile)
    _become_the_one(profile, lock, options)
    try:
        return _start(profile, lock, options, desktop)
    except BaseException:
        lock.release()
        raise


def _become_the_one(profile: Profile, lock: InstanceLock, options: AgentOptions) -> None:
    """Take the profile's lock; a tray asks a headless agent to stop in order, everybody else stands back."""
    if lock.take():
        return
    if options.headless or agent_kind(profile.control) != "headless":
        raise AlreadyRunningError("SafeSeat already runs in this profile.")
    try:
        ask(profile.control, "stop", reason="takeover")
    except SafeSeatError as fault:
        log.info("the headless agent did not answer: %s", fault)
    end = time.monotonic() + TAKEOVER_LIMIT
    while not lock.take():
        if time.monotonic() > end:
            raise AlreadyRunningError("The SafeSeat that runs without a screen did not stop in time.")
        time.sleep(0.05)


def _start(profile: Profile, lock: InstanceLock, options: AgentOptions, desktop: Desktop | None) -> RunningAgent:
    _log_to(profile)
    desktop = desktop or open_desktop(options.desktop)
    try:
        if options.pretend_lock and not (profile.folder / "demo").exists():
            raise UsageError("Only the demo's own profile may pretend to lock.")
        return _wire(profile, lock, options, _without_real_lock(desktop) if options.pretend_lock else desktop)
    except BaseException:
        desktop.close()
        raise


def _wire(profile: Profile, lock: InstanceLock, options: AgentOptions, desktop: Desktop) -> RunningAgent:
    lab = desktop.name == "simulated" or (profile.folder / "demo").exists()
    preferences = Preferences(profile, options, lab=lab)
    identity = Identity(own_ids(profile))
    actor: Actor

    def post(item: object) -> None:
        actor.post(item)

    files = Files(profile, identity, desktop.vault, desktop.clock.now)
    ways = Ways(None if desktop.proxies is None else desktop.proxies.for_url)
    network = Network(profile, identity, files, preferences.policy.server_ca_file, desktop.clock.now, post, ways)
    hands = Handwork(desktop, Texts(preferences.settings().language), post)
    code = Handover(profile, identity, desktop.installed, lambda: preferences.policy, desktop.clock.now, network.reload, ways)
    sleep = Sleep(desktop.power, post, network.goodbye, network.woke)
    ending = Ending(desktop.ending, post, network.goodbye)
    pages = OwnPages(files, profile, desktop)
    packs = SitePacks(profile, network, identity, desktop.clock.now)
    others = (sleep, ending, pages, packs, OwnNetwork(network))
    more = {key: one for each in others for key, one in each.carriers().items()}
    lanes = Lanes({**_carriers(files, hands, network, preferences, code), **more})
    welcome = not options.headless and not lab and profile.first_tray()
    actor = Actor(_parts(desktop, identity, preferences, options, welcome=welcome), lanes, desktop.clock.now)
    network.snapshot = lambda: actor.snapshot
    files.heard_to, files.servers = network.cursors, network.servers
    agent = RunningAgent(profile, actor, lanes, network, files, lock, lambda: desktop.clock.now().boot, packs)
    table = Verbs(agent.post, lambda: actor.snapshot, agent.boot).table()
    agent._control = ControlPort(profile, table, "headless" if options.headless else "tray")
    agent.add_verb("reload", lambda _asked: network.reload())
    actor.start()
    actor.post(Started())
    hands.watch()
    sleep.watch()
    ending.watch()
    network.configure(preferences.policy.server_ca_file, preferences.policy.server_urls)
    network.start()
    agent._policy = LivePolicy(preferences, hands, network, post)
    agent._policy.start()
    return agent


def _parts(
    desktop: Desktop, identity: Identity, preferences: Preferences, options: AgentOptions, *, welcome: bool
) -> list[Callable[[], Part]]:
    """How each part is made, also anew after a fault; the keeper comes last because it judges what the others show."""
    idle = desktop.idle
    idle_ns: Callable[[], int | None] = idle.idle_ns if idle is not None else lambda: None
    missing = tuple(desktop.faults)
    return [
        lambda: SeatPart(preferences.rules, idle_ns, day_of, desktop.clock.now(), preferences.policy.privacy_lock_events),
        lambda: CallsPart(lambda: preferences.policy.calls_softphones),
        lambda: AlarmPart(identity.make_move, lambda: secrets.token_bytes(16), preferences.policy.site_help_number),
        lambda: LinkPart(preferences.policy.server_urls),
        lambda: HandoverPart(lambda: desktop.installed.code is not None and identity.machine is not None, random.random),
        lambda: DeskPart(idle_ns, options.lead),
        GuidePart,
        lambda: ReportsPart(lambda: secrets.token_bytes(16)),
        PhotosPart,
        lambda: SitePart(lambda: secrets.token_bytes(16), random.random),
        lambda: ChoicesPart(preferences.settings(), preferences.change, welcome),
        lambda: ContentPart(random.random),
        DayPart,
        lambda: ChecksPart(day_of),
        lambda: TrainingPart(identity.ids.stream, day_of),
        lambda: KeeperPart(missing, faceless=options.headless),
    ]


def _carriers(
    files: Files, hands: Handwork, network: Network, preferences: Preferences, code: Handover
) -> Mapping[type[Effect], tuple[str, Carrier]]:
    """Which lane carries which effect: the lock, the alarm's way and the disk never wait for each other."""

    def tell_again(effect: TellAgain) -> Iterable[object]:
        hands.tell_again()
        network.tell_again(effect.part)
        return (files.recall(),)

    def keep_choice(effect: KeepChoice) -> Iterable[object]:
        preferences.keep(effect.key, effect.value)
        return ()

    def stop(effect: StopWatching) -> Iterable[object]:
        code.stop()
        return hands.stop(effect)

    drafts = ReportFiles(files)
    table: dict[type[Effect], tuple[str, object]] = {
        DoLock: ("lock", hands.lock),
        BindHotkeys: ("desktop", hands.bind),
        ShowNotice: ("desktop", hands.notice),
        AskMicrophone: ("microphone", hands.ask_microphone),
        StopWatching: ("desktop", stop),
        TakeHandover: ("enrol", code.attempt),
        OpenVault: ("vault", files.open),
        Commit: ("journal", files.commit),
        KeepMove: ("journal", files.keep_move),
        MoveDone: ("journal", files.move_done),
        ForgetMoves: ("journal", files.forget_moves),
        SaveState: ("journal", files.save_state),
        ReadState: ("journal", files.read_state),
        TellAgain: ("journal", tell_again),
        KeepChoice: ("choices", keep_choice),
        **drafts.carriers(),
        **ReportNetwork(network, drafts).carriers(),
        **network.carriers(),
    }
    return table  # type: ignore[return-value]  # each carrier takes its own kind of effect, which the key says


def day_of(wall_ns: int) -> str:
    """The local day of a wall instant, as YYYY-MM-DD."""
    return datetime.fromtimestamp(wall_ns / NS).astimezone().strftime("%Y-%m-%d")


def _without_real_lock(desktop: Desktop) -> Desktop:
    """The same desktop with a lock that only pretends: for the demo on somebody's own screen."""
    from dataclasses import replace

    from app.desktop.simulated import Machine

    return replace(desktop, lock=Machine(running=True).desktop().lock)


def _log_to(profile: Profile) -> None:
    """Program faults go to a small rotating file; nothing that a person typed is ever logged."""
    root = logging.getLogger("app")
    if any(getattr(handler, "baseFilename", "") == str(profile.log) for handler in root.handlers):
        return
    handler = logging.handlers.RotatingFileHandler(profile.log, maxBytes=256_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.setLevel(logging.WARNING)
    root.addHandler(handler)
