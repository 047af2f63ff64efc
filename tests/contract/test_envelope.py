"""Compatibility with the CloudEvents SDK: each side reads what the other writes."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import load_all
from shared.contracts.event import Envelope, Event, Tombstone
from shared.contracts.schema import event_schema, key_of
from shared.messaging.envelope import new_id, read_envelope, read_event, to_headers

WITH_BODY = [event for event in load_all().values() if not issubclass(event, Tombstone)]
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

ENVELOPES = st.builds(
    Envelope,
    id=st.builds(new_id) | st.uuids(),
    type=st.sampled_from(sorted(load_all())),
    subject=st.uuids().map(str),
    sequence=st.integers(1, 2**63 - 1),
    time=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]), min_value=datetime(1900, 1, 2)),
    source=st.sampled_from(["/development/partners", "/南京/exchanges"]),
    traceparent=st.none() | st.just(TRACE),
)


def message(envelope: Envelope, value: bytes) -> KafkaMessage:
    return KafkaMessage(dict(to_headers(envelope)), envelope.subject.encode(), value)


@given(envelope=ENVELOPES)
def test_the_sdk_reads_our_headers(envelope: Envelope) -> None:
    """The SDK finds every attribute under its CloudEvents name."""
    read = from_binary_event(message(envelope, b"{}"))

    assert (read.get_specversion(), read.get_datacontenttype()) == ("1.0", "application/json")
    assert (read.get_id(), read.get_type()) == (str(envelope.id), envelope.type)
    assert (read.get_source(), read.get_subject()) == (envelope.source, envelope.subject)
    assert read.get_time() == envelope.time
    topic = load_all()[envelope.type].topic
    assert read.get_dataschema() == f"urn:entente:schema:{topic}#{envelope.type.removeprefix(f'{topic}.')}"
    assert read.get_extension("sequence") == str(envelope.sequence)
    assert read.get_extension("traceparent") == envelope.traceparent


@given(envelope=ENVELOPES)
def test_we_read_what_the_sdk_writes(envelope: Envelope) -> None:
    """Headers that the SDK has read and rewritten give the same envelope, including the trace."""
    again = to_binary_event(from_binary_event(message(envelope, b"{}")))

    assert read_envelope(envelope.subject, list(again.headers.items())) == envelope


@pytest.mark.parametrize("event", WITH_BODY, ids=lambda event: event.type)
def test_an_event_survives_a_round_trip_through_the_sdk(event: type[Event]) -> None:
    """A record that the SDK has read and rewritten gives the same event in the same envelope."""
    (body,) = event_schema(event)["examples"]
    envelope = Envelope(
        new_id(), event.type, body[key_of(event)], 7, datetime(2026, 11, 24, 9, tzinfo=UTC), "/development/partners"
    )
    sent = event.model_validate(body)
    read = from_binary_event(message(envelope, sent.model_dump_json().encode()))
    again = to_binary_event(read)
    received = read_event(event, read_envelope(body[key_of(event)], list(again.headers.items())), again.value)

    assert read.get_data() == json.loads(sent.model_dump_json())
    assert received.model_dump() == sent.model_dump()
    assert received.envelope == envelope


def test_the_plain_trace_header_takes_precedence() -> None:
    """If OpenTelemetry's `traceparent` differs from that of CloudEvents, it names the nearer span."""
    envelope = Envelope(UUID(int=1), "t", "s", 1, datetime(2026, 1, 1, tzinfo=UTC), "/x", TRACE)
    nearer = TRACE.replace("b7ad", "c8be")
    headers = dict(to_headers(envelope)) | {"traceparent": nearer.encode()}

    assert read_envelope("s", list(headers.items())) == replace(envelope, traceparent=nearer)
