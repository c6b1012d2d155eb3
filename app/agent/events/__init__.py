"""What travels inside the agent: inputs that lanes and watchers bring, effects that parts ask for.

All frozen values, one module a matter. Commands of faces stand in `commands`; bytes of the wire stay opaque here.
"""

from app.agent.events.base import Effect
from app.agent.events.calls import CallChanged
from app.agent.events.desk import DeskEvent, SendDeskAct, SendReceipt
from app.agent.events.desktop import (
    BindHotkeys,
    DoLock,
    HotkeyPressed,
    HotkeysBound,
    LockTried,
    SessionChanged,
    ShowNotice,
)
from app.agent.events.files import Commit, Committed, JournalMute, OpenVault, SaveState, ShowCard, VaultOpened
from app.agent.events.help import (
    AlarmNote,
    ForgetMoves,
    KeepMove,
    MoveDone,
    MoveKept,
    MoveStored,
    PinSealed,
    SealPin,
    SendMove,
    SignChanged,
)
from app.agent.events.links import (
    Acked,
    EnrolmentChanged,
    HandoverTried,
    HistoryFault,
    LinkChanged,
    ListenersChanged,
    OpenLinks,
    SayGoodbye,
    ServerKnows,
    TakeHandover,
    WakeLinks,
)
from app.agent.events.turns import (
    KeepChoice,
    LaneFailed,
    PartFailed,
    Started,
    StateRecalled,
    Stop,
    StopWatching,
    TellAgain,
)

__all__ = [
    "Acked",
    "AlarmNote",
    "BindHotkeys",
    "CallChanged",
    "Commit",
    "Committed",
    "DeskEvent",
    "DoLock",
    "Effect",
    "EnrolmentChanged",
    "ForgetMoves",
    "HandoverTried",
    "HistoryFault",
    "HotkeyPressed",
    "HotkeysBound",
    "JournalMute",
    "KeepChoice",
    "KeepMove",
    "LaneFailed",
    "LinkChanged",
    "ListenersChanged",
    "LockTried",
    "MoveDone",
    "MoveKept",
    "MoveStored",
    "OpenLinks",
    "OpenVault",
    "PartFailed",
    "PinSealed",
    "SaveState",
    "SayGoodbye",
    "SealPin",
    "SendDeskAct",
    "SendMove",
    "SendReceipt",
    "ServerKnows",
    "SessionChanged",
    "ShowCard",
    "ShowNotice",
    "SignChanged",
    "Started",
    "StateRecalled",
    "Stop",
    "StopWatching",
    "TakeHandover",
    "TellAgain",
    "VaultOpened",
    "WakeLinks",
]
