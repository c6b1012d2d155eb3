"""Photos on their way, the site's lists and anonymous suggestions, driven by hand."""

from app.agent import commands
from app.agent.events import LinkChanged, ReadState, SaveState, StateRead, VaultOpened
from app.agent.events.reports import (
    AnswerHeard,
    DropPhotos,
    FetchAnswer,
    FetchHazards,
    FetchToken,
    HazardsHeard,
    KeepPhoto,
    KeepReports,
    MaskSuggestion,
    PhotoKept,
    PhotoSent,
    ReportCommitted,
    ReportMasked,
    ReportsKept,
    ReportsLoaded,
    SendPhoto,
    SendSuggestion,
    SuggestionMasked,
    SuggestionSent,
    TokenHeard,
)
from app.agent.parts.photos import AGAIN, FIRST, KEPT_MS, PhotosPart
from app.agent.parts.reports import ReportsPart
from app.agent.parts.site import LONGEST_MS, SHORTEST_MS, TOKEN_FIRST, SitePart
from app.agent.reportmask import mask_suggestion
from app.agent.reports import FIELDS, PHOTOS_MAX
from app.agent.snapshot import HazardView, ReportDraft, RiskView, SiteFace, Snapshot
from app.domain.moment import NS
from app.protocol.report_kinds import ReportSent
from app.protocol.reports import receipt_of
from tests.unit.agent.moments import START, at

ONE, CODE, TOKEN = b"\x01" * 16, b"\xc0" * 16, b"\x70" * 16
A, B = b"\xaa" * 32, b"\xbb" * 32
ID = "11010519491231002X"


def give(part: PhotosPart | SitePart | ReportsPart, item: object, seconds: float = 0) -> list[object]:
    return list(part.handle(item, at(seconds)))


def sent(*photos: bytes) -> ReportCommitted:
    record = ReportSent(ms=1, report=ONE, kind="fire", hazard=True, level=1, occurred_ms=1, text="x", photos=photos)
    return ReportCommitted(record, True)


# --- photos -------------------------------------------------------------------------------------------------------


def test_photos_go_after_their_report_one_by_one_and_are_forgotten_once_they_are_there() -> None:
    part = PhotosPart()
    assert give(part, VaultOpened(True, True)) == [ReadState("photos")]
    give(part, StateRead("photos", b""))
    assert part.due() is None
    (saved,) = give(part, sent(A, B))
    assert isinstance(saved, SaveState)
    assert part.due() == at(FIRST / NS).boot
    assert give(part, object(), FIRST / NS) == [SendPhoto(A)]
    assert give(part, PhotoSent(A, done=False), 4) == []
    assert give(part, object(), 4 + AGAIN / NS) == [SendPhoto(B)], "one that is refused does not hold up the others"
    drop, _ = give(part, PhotoSent(B, done=True), 70)
    assert drop == DropPhotos((B,))
    assert give(part, object(), 80) == [SendPhoto(A)]
    assert give(part, PhotoSent(A, done=True), 80)[0] == DropPhotos((A,))
    assert part.due() is None


def test_photos_that_wait_survive_a_restart_and_go_after_their_days() -> None:
    part = PhotosPart()
    give(part, StateRead("photos", b""))
    (saved,) = give(part, sent(A))
    assert isinstance(saved, SaveState)
    again = PhotosPart()
    give(again, StateRead("photos", saved.blob))
    assert give(again, object(), FIRST / NS) == [SendPhoto(A)]
    late = PhotosPart()
    give(late, StateRead("photos", saved.blob))
    assert DropPhotos((A,)) in give(late, object(), KEPT_MS / 1000 + 60)
    broken = PhotosPart()
    give(broken, StateRead("photos", b"[1,"))
    assert broken.due() is None
    assert broken.face(Snapshot(0, START), START) == Snapshot(0, START)


def drafts() -> ReportsPart:
    part = ReportsPart(lambda: ONE)
    give(part, ReportsLoaded(True))
    give(part, ReportsKept(True))
    return part


def photos(part: ReportsPart) -> tuple[bytes, ...]:
    return part.face(Snapshot(0, START), START).reports.drafts[0].photos


def masked(part: ReportsPart) -> None:
    give(part, ReportMasked(ReportDraft(ONE, "fire", fields=("",) * len(FIELDS)), False))


def test_a_photo_belongs_to_its_draft_even_when_it_came_before_the_first_word() -> None:
    part = drafts()
    assert give(part, commands.AddPhoto(ONE, b"jpeg")) == [KeepPhoto(ONE, b"jpeg")]
    assert give(part, PhotoKept(ONE, A, True)) == []
    masked(part)
    give(part, PhotoKept(ONE, B, True))
    give(part, PhotoKept(ONE, B, True))
    assert photos(part) == (A, B)
    masked(part)
    assert photos(part) == (A, B), "another version of the text changes nothing"
    assert DropPhotos((A,)) in give(part, commands.DropPhoto(ONE, A))
    assert photos(part) == (B,)
    assert DropPhotos((B,)) in give(part, commands.DiscardReport(ONE))
    assert give(part, PhotoKept(ONE, A, True)) == [DropPhotos((A,))], "its draft is gone"


def test_a_photo_that_was_not_kept_is_told_and_a_fifth_one_is_not_taken() -> None:
    part = drafts()
    give(part, PhotoKept(ONE, A, False, "full"))
    masked(part)
    give(part, PhotoKept(ONE, A, False, "full"))
    assert part.face(Snapshot(0, START), START).reports.drafts[0].problem == "photo:full"
    for number in range(PHOTOS_MAX):
        give(part, PhotoKept(ONE, bytes([number]) * 32, True))
    assert give(part, PhotoKept(ONE, A, True)) == [DropPhotos((A,))]
    assert len(photos(part)) == PHOTOS_MAX


# --- the site -----------------------------------------------------------------------------------------------------


class Site:
    """The part with a code and a chance that are known."""

    def __init__(self, chance: float = 0.5) -> None:
        self.part = SitePart(lambda: CODE, lambda: chance)

    def give(self, item: object, seconds: float = 0) -> list[object]:
        return give(self.part, item, seconds)

    @property
    def face(self) -> SiteFace:
        return self.part.face(Snapshot(0, START), START).site

    def suggested(self) -> KeepReports:
        self.give(VaultOpened(True, True))
        self.give(StateRead("suggestions", b""))
        (mask,) = self.give(commands.Suggest(f"换一台饮水机，我的身份证是{ID}"))
        assert isinstance(mask, MaskSuggestion)
        (masked_text,) = mask_suggestion(mask)
        (kept,) = self.give(masked_text)
        assert isinstance(kept, KeepReports)
        return kept


def test_lists_come_when_they_are_asked_for_and_stay_when_the_server_is_gone() -> None:
    site = Site()
    assert site.give(commands.AskHazards()) == [FetchHazards()]
    hazard, risk = HazardView("SH-1", "fire", 1, "北门", "received", 5), RiskView("辱骂", 1, 3)
    site.give(HazardsHeard(True, (hazard,), (risk,)))
    assert (site.face.hazards, site.face.risks, site.face.asked_ms, site.face.unreachable) == ((hazard,), (risk,), START.wall_ms, False)
    site.give(HazardsHeard(False))
    assert (site.face.hazards, site.face.unreachable) == ((hazard,), True)


def test_every_pc_asks_for_the_token_at_random_whether_it_has_a_suggestion_or_not() -> None:
    site = Site()
    site.give(LinkChanged("s", "bulk", True, 0))
    assert site.part.due() == at(TOKEN_FIRST / NS / 2).boot
    assert site.give(object(), TOKEN_FIRST / NS / 2) == [FetchToken()]
    assert site.part.due() == at(TOKEN_FIRST / NS / 2 + 24 * 3600).boot


def test_a_suggestion_is_masked_kept_and_leaves_hours_later_with_the_token() -> None:
    site = Site()
    kept = site.suggested()
    assert ID.encode() not in kept.blob
    assert CODE not in kept.blob
    site.give(ReportsKept(True, name="suggestions"))
    assert (site.face.code, site.face.suggestion) == (CODE, "kept")
    site.give(TokenHeard(TOKEN, "2026-11"))
    wait = (SHORTEST_MS + (LONGEST_MS - SHORTEST_MS) / 2) / 1000
    assert site.part.due() == at(wait).boot
    assert site.give(object(), wait - 1) == []
    (send,) = site.give(object(), wait)
    assert isinstance(send, SendSuggestion)
    assert (send.receipt, send.token, send.month) == (receipt_of(CODE), TOKEN, "2026-11")
    assert site.give(object(), wait + 1) == [], "once at a time"
    assert site.give(SuggestionSent(receipt_of(CODE), "sent"), wait + 2) == [KeepReports(b"[]", "suggestions")]
    site.give(commands.PutCodeAway())
    assert (site.face.code, site.face.suggestion) == (b"", "")


def test_a_suggestion_that_was_not_taken_goes_again_later_and_another_month_needs_another_token() -> None:
    site = Site()
    kept = site.suggested()
    again = Site()
    again.give(StateRead("suggestions", kept.blob))
    again.give(TokenHeard(TOKEN, "2026-11"))
    late = LONGEST_MS / 1000
    assert any(isinstance(one, SendSuggestion) for one in again.give(object(), late))
    again.give(SuggestionSent(receipt_of(CODE), "again"), late)
    assert again.give(object(), late + 60) == []
    assert any(isinstance(one, SendSuggestion) for one in again.give(object(), late + 7200))
    again.give(SuggestionSent(receipt_of(CODE), "token"), late + 7200)
    assert again.give(object(), late + 7200 + TOKEN_FIRST / NS) == [FetchToken()]
    assert again.give(TokenHeard(b"\1" * 16, "2026-12"), late + 30000)[-1] == SendSuggestion(
        again.part._waiting[0].text, receipt_of(CODE), b"\1" * 16, "2026-12"
    )


def test_a_full_disk_and_closed_files_are_told_beside_the_code() -> None:
    site = Site()
    site.suggested()
    site.give(ReportsKept(False, "full", "suggestions"))
    assert site.face.suggestion == "full"
    closed = Site()
    closed.give(SuggestionMasked("x"))
    assert closed.face.suggestion == "closed"
    damaged = Site()
    damaged.give(StateRead("suggestions", b"{"))
    assert damaged.part._waiting == ()


def test_an_answer_is_asked_for_by_a_code_of_the_right_length() -> None:
    site = Site()
    assert site.give(commands.AskAnswer(CODE)) == [FetchAnswer(CODE)]
    assert site.give(commands.AskAnswer(b"short")) == []
    site.give(AnswerHeard("answered", "买了"))
    assert (site.face.reply_state, site.face.reply) == ("answered", "买了")
