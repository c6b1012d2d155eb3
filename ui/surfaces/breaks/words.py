"""The sentences of breaks, from lengths in seconds; no Qt."""

from collections.abc import Callable

from app.agent.snapshot import OfferView

Text = Callable[..., str]
HOUR = 3600
REST_LENGTH = 600
"""The rest of ten minutes after an hour has a sentence of its own (ux, the words)."""


def length(t: Text, seconds: int) -> str:
    """A length in the largest unit that says it whole, as it stands inside a sentence (Chinese: led by a space)."""
    if seconds == HOUR:
        return t("breaks.one_hour")
    if seconds < 60 or (seconds % 60 and seconds < 300):
        return t("breaks.seconds", n=seconds)
    return t("breaks.one_minute") if seconds // 60 == 1 else t("breaks.minutes", n=seconds // 60)


def title(t: Text, offer: OfferView, reason_seconds: int) -> str:
    """What an offer says; `reason_seconds` is the work or talk that led to it, 0 if not known."""
    says, worked = length(t, offer.seconds), length(t, reason_seconds)
    if offer.kind == "eyes":
        return t("breaks.eyes", length=says.strip())
    if offer.kind == "calm":
        return t("breaks.calm")
    if offer.kind == "talk":
        if not reason_seconds:
            return t("breaks.talk_plain", length=says.strip())
        if reason_seconds >= 60 and offer.seconds % 60 == 0:
            return t("breaks.talk_minutes", worked_n=reason_seconds // 60, length_n=offer.seconds // 60)
        return t("breaks.talk", worked=worked, length=says.strip())
    if not reason_seconds:
        return t("breaks.rest_plain", length=says.strip())
    if (reason_seconds // 60 * 60, offer.seconds) == (HOUR, REST_LENGTH):
        return t("breaks.rest_hour")
    return t("breaks.rest", worked=worked, length=says.strip())


def reason(t: Text, offer: OfferView) -> str:
    """The line under the title. Nothing pauses the phone line yet, so it asks the person to do it."""
    if offer.kind == "calm":
        return f"{t('breaks.calm_reason', length=length(t, offer.seconds).strip())} · {t('breaks.pause_line')}"
    return t("breaks.pause_line")


def skip(t: Text, offer: OfferView) -> str:
    """The word of the skip button with what is left; a negative count means that there is no limit."""
    return t("breaks.skip_left", left=offer.skips_left) if offer.skips_left >= 0 else t("breaks.skip")


def clock(seconds: int) -> str:
    """Time left as m:ss or h:mm:ss."""
    hours, rest = divmod(max(0, seconds), HOUR)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
