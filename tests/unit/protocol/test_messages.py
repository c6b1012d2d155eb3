"""Routes and messages: bounded, declared, and closed against anything more."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.protocol import api
from app.protocol.errors import ProtocolError, TooLargeError
from app.protocol.fields import description
from app.protocol.pins import sign_ack
from tests.unit.protocol import samples as s

MESSAGE_TYPES = [type(one) for one in s.MESSAGES]


@pytest.mark.parametrize("message", s.MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_was(message: api.Message) -> None:
    assert api.decode_message(api.encode_message(message), type(message)) == message


@pytest.mark.parametrize("event", s.EVENTS, ids=lambda one: type(one).__name__)
def test_an_event_comes_back_as_its_own_type(event: api.AnyEvent) -> None:
    found = api.decode_event(api.encode_event(event))
    assert found == event
    assert type(found) is type(event)


@pytest.mark.parametrize("kind", api.MESSAGES, ids=lambda one: one.__name__)
def test_every_field_and_message_says_what_it_is_for(kind: type[msgspec.Struct]) -> None:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    for field in info.fields:
        assert description(field), f"{kind.__name__}.{field.name}"
    declared = api.MESSAGES[kind]
    assert declared.purpose
    assert declared.recipient
    assert declared.retention
    assert kind.__struct_config__.forbid_unknown_fields
    assert kind.__struct_config__.frozen


def test_a_field_that_says_nothing_has_an_empty_description() -> None:
    class Silent(msgspec.Struct):
        """One field without a word."""

        x: int

    info = msgspec.inspect.type_info(Silent)
    assert isinstance(info, msgspec.inspect.StructType)
    assert description(info.fields[0]) == ""


@pytest.mark.parametrize("kind", api.MESSAGES, ids=lambda one: one.__name__)
def test_every_text_and_list_is_bounded(kind: type[msgspec.Struct]) -> None:
    schema = msgspec.json.schema(kind)

    def check(node: Any, path: str) -> None:
        if isinstance(node, dict):
            if node.get("type") == "string" and "enum" not in node and "const" not in node:
                assert node.keys() & {"maxLength", "pattern", "contentEncoding"}, path
            if node.get("type") == "array":
                assert "maxItems" in node, path
            for key, value in node.items():
                check(value, f"{path}.{key}")
        elif isinstance(node, list):
            for value in node:
                check(value, path)

    check(schema, kind.__name__)


@pytest.mark.parametrize("message", s.MESSAGES, ids=lambda one: type(one).__name__)
def test_a_field_that_is_not_declared_is_refused(message: api.Message) -> None:
    data = api.encode_message(message)
    with pytest.raises(ProtocolError):
        api.decode_message(data[:-1] + b',"person":"x"}', type(message))


def test_an_event_of_an_unknown_type_or_with_more_fields_is_refused() -> None:
    for data in (b'{"type":"other"}', b"{}", b'{"type":"listeners","count":1,"names":["x"]}'):
        with pytest.raises(ProtocolError):
            api.decode_event(data)


def test_what_is_not_declared_or_out_of_bounds_cannot_be_encoded() -> None:
    class Other(api.Message, frozen=True, kw_only=True):
        """Not in the table."""

    class OtherEvent(api.EventPayload, frozen=True, kw_only=True, tag="other"):
        """Not in the table."""

    with pytest.raises(ProtocolError, match="not declared"):
        api.encode_message(Other())
    with pytest.raises(ProtocolError, match="not declared"):
        api.encode_event(OtherEvent())  # type: ignore[arg-type]  # the point is that it is no such event
    with pytest.raises(ProtocolError):
        api.encode_message(api.Say(alarm=s.ALARM, sentence=0))
    with pytest.raises(ProtocolError):
        api.encode_event(api.Listeners(count=1, fallback="8" * 65))


def test_a_message_above_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLargeError):
        api.decode_message(b" " * (api.MESSAGE_MAX + 1), api.Say)
    with pytest.raises(TooLargeError):
        api.decode_event(b" " * (api.MESSAGE_MAX + 1))


def test_the_origin_of_an_alarm_is_told_no_name() -> None:
    fields = {field.name for field in msgspec.structs.fields(api.AlarmSign)}
    assert fields == {"alarm", "state", "sentence", "receipt", "receipt_sig"}


def test_an_ack_and_a_receipt_are_split_from_their_signatures() -> None:
    sig = sign_ack(s.ACK, s.ANSWER)
    assert api.split_ack(api.pack_signed(s.ACK.pack(), sig)) == (s.ACK.pack(), sig)
    assert api.split_receipt(api.pack_signed(s.RECEIPT.pack(), sig)) == (s.RECEIPT.pack(), sig)
    for body in (b"", bytes(242), bytes(244)):
        with pytest.raises(ProtocolError):
            api.split_ack(body)
    with pytest.raises(ProtocolError):
        api.split_receipt(bytes(129))


@settings(max_examples=150)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode), st.sampled_from(MESSAGE_TYPES))
def test_noise_is_no_message(noise: bytes, kind: type[api.Message]) -> None:
    with pytest.raises(ProtocolError):
        api.decode_message(noise, kind)
    with pytest.raises(ProtocolError):
        api.decode_event(noise)


def test_deep_nesting_is_refused_quietly() -> None:
    with pytest.raises(ProtocolError):
        api.decode_message(b'{"alarm":' + b"[" * 60_000, api.Say)
