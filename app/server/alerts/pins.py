"""The PIN of a take-back, checked here only: both values are always compared, under a pepper outside the database."""

from dataclasses import dataclass

from app.domain.alarm_facts import PinResult
from app.protocol.alarm import AlarmMessage
from app.protocol.errors import ProtocolError
from app.protocol.pin import Step, open_proof, pin_value, same_value
from app.server.storage.directory import Directory

_NO_VALUE = bytes(32)


@dataclass(frozen=True, slots=True)
class PinCheck:
    """What is needed to check: the seal key opens the proof, the pepper turns it into the stored form."""

    seal: bytes
    pepper: bytes
    people: Directory

    def __call__(self, message: AlarmMessage) -> PinResult:
        """Return what the PIN was; UNCHECKED when nobody has set one. Takes the same steps for every answer."""
        move = message.move
        stream = self.people.streams.get(move.stream)
        known = stream is not None and stream.pin is not None and stream.duress is not None
        pin = (stream.pin if stream is not None else None) or _NO_VALUE
        duress = (stream.duress if stream is not None else None) or _NO_VALUE
        try:
            proof = open_proof(message.detail, self.seal, Step(move.device, move.stream, move.alarm, move.no))
        except ProtocolError:
            proof = bytes(32)
            opened = False
        else:
            opened = True
        value = pin_value(self.pepper, proof)
        right, forced = same_value(value, pin), same_value(value, duress)
        if not known:
            return PinResult.UNCHECKED
        if forced and opened:
            return PinResult.DURESS
        return PinResult.RIGHT if right and opened else PinResult.WRONG
