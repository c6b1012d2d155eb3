"""Where the agent meets its site's content pack; what verifies and reads packs is loaded only once there is one."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from app.agent.events import Effect
from app.agent.events.packs import FetchPack, LoadPack, PackHolds
from app.agent.identity import Identity
from app.agent.network import Network
from app.agent.profile import Profile
from app.domain.moment import Moment

if TYPE_CHECKING:
    from app.agent.packkeeper import PackKeeper
    from app.content.site import SitePack

LANE = "pack"


class SitePacks:
    """One per profile. Effects run in the lane `pack`; `current` and `stop` may come from any thread."""

    def __init__(self, profile: Profile, network: Network, identity: Identity, now: Callable[[], Moment]) -> None:
        self._profile = profile
        self._network, self._identity, self._now = network, identity, now
        self._guard = threading.Lock()
        self._keeper: PackKeeper | None = None
        self._stopped = False

    def carriers(self) -> dict[type[Effect], tuple[str, Any]]:
        """Which effect runs where."""
        return {LoadPack: (LANE, self._load), FetchPack: (LANE, self._fetch)}

    def current(self) -> "SitePack | None":
        """The pack that holds, read anew from its file; None if there is none. A few milliseconds."""
        keeper = self._keeper
        return None if keeper is None else keeper.current()

    def stop(self) -> None:
        """End what is under way; nothing is fetched any more."""
        with self._guard:
            self._stopped = True
            if self._keeper is not None:
                self._keeper.stop()

    def _load(self, effect: LoadPack) -> Iterable[object]:
        if self._keeper is None and not self._profile.pack.exists():
            return (PackHolds(),)
        keeper = self._made()
        return () if keeper is None else keeper.load(effect)

    def _fetch(self, effect: FetchPack) -> Iterable[object]:
        keeper = self._made()
        return () if keeper is None else keeper.fetch(effect)

    def _made(self) -> "PackKeeper | None":
        from app.agent.packkeeper import PackKeeper

        with self._guard:
            if self._keeper is None and not self._stopped:
                self._keeper = PackKeeper(self._profile, self._network, self._identity, self._now)
            return self._keeper
