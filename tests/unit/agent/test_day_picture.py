"""The picture of a day from the records that only this PC has."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.agent.daypicture import picture
from app.agent.pagefaces import DaySpan

HOUR = 3_600_000
BEGAN, NOW = 100 * HOUR, 110 * HOUR


def row(kind: str, hours: float, **more: Any) -> dict[str, Any]:
    return {"type": kind, "ms": BEGAN + int(hours * HOUR), **more}


def span(kind: str, begun: float, ended: float) -> DaySpan:
    return DaySpan(kind, BEGAN + int(begun * HOUR), BEGAN + int(ended * HOUR))


def test_a_morning_becomes_spans_and_counts() -> None:
    face = picture(
        [
            row("shift.started", 1),
            row("call.started", 1.25, id="a"),
            row("call.ended", 1.5, id="a", seconds=900, hard=False),
            row("break.offered", 2, **{"break": "eyes"}),
            row("break.started", 2, **{"break": "eyes"}),
            row("break.kept", 2.25, **{"break": "eyes", "how": "taken"}),
            row("break.offered", 3, **{"break": "rest"}),
            row("break.started", 3, **{"break": "rest"}),
            row("break.cut_short", 3.25, **{"break": "rest"}),
            row("presence", 4, present=False, since_ms=BEGAN + int(3.5 * HOUR)),
            row("lock.confirmed", 4, method="logind"),
            row("session.unlocked", 5),
            row("presence", 5, present=True, since_ms=BEGAN + 5 * HOUR),
            row("call.ended", 6, id="b", seconds=600, hard=True),
            row("shift.ended", 8),
        ],
        BEGAN, NOW,
    )  # fmt: skip
    assert set(face.spans) == {
        span("work", 1, 3.5), span("call", 1.25, 1.5), span("eyes", 2, 2.25), span("rest", 3, 3.25), span("lock", 4, 5),
        span("work", 5, 8), DaySpan("hard", BEGAN + 6 * HOUR - 600_000, BEGAN + 6 * HOUR),
    }  # fmt: skip
    assert face.offered == (("eyes", 1), ("rest", 1))
    assert face.kept == (("eyes", 1),)


def test_what_is_open_goes_on_until_now_and_a_lost_stretch_ends_where_it_was_last_known() -> None:
    face = picture([row("shift.started", 1), row("break.offered", 2, **{"break": "eyes"}), row("shift.started", 6)], BEGAN, NOW)
    assert face.spans == (span("work", 1, 2), span("work", 6, 10))


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(
                    ("presence", "shift.started", "shift.ended", "call.started", "call.ended", "break.started", "break.kept",
                     "lock.confirmed", "session.unlocked", "other", "")
                ),
                "ms": st.integers(0, 2 * NOW) | st.none(),
                "present": st.booleans(), "since_ms": st.integers(0, 2 * NOW) | st.none(),
                "seconds": st.integers(0, 90_000) | st.none(), "hard": st.booleans(), "break": st.sampled_from(("eyes", "rest")),
            }
        ),
        max_size=30,
    )
)
def test_whatever_the_records_say_spans_stay_inside_the_day(rows: list[dict[str, Any]]) -> None:
    face = picture(rows, BEGAN, NOW)
    assert all(BEGAN <= one.from_ms < one.until_ms <= NOW for one in face.spans)
    assert list(face.spans) == sorted(face.spans, key=lambda one: (one.from_ms, one.kind))
