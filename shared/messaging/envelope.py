"""Envelope: an event's record key and headers, as CloudEvents 1.0 defines them for Kafka (binary mode)."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

import uuid_utils.compat
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import ValidationError

from shared.contracts.event import Envelope, Event, dataschema

Headers = Sequence[tuple[str, bytes]]
T = TypeVar("T")
PROPAGATOR = TraceContextTextMapPropagator()
LONGEST_KEY = 200
"""The longest key, in bytes: keys are indexed. UUIDs have 36."""
NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""An escaped U+0000 in JSON, but not a backslash that is itself escaped and followed by `u0000`."""


class Unreadable(Exception):
    """A record whose key or headers cannot be read, so its place in the order is unknown."""


class Poison(Exception):
    """A record whose envelope was read, but whose body breaks its contract."""


def new_id() -> UUID:
    """A UUIDv7: grows with time."""
    return uuid_utils.compat.uuid7()


def traceparent() -> str | None:
    """The current span as a W3C `traceparent`, or None outside any span."""
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def to_headers(envelope: Envelope) -> list[tuple[str, bytes]]:
    """The record headers of `envelope`, in UTF-8. `traceparent` comes twice: CloudEvents and OpenTelemetry differ."""
    headers = [
        *_headers_of(envelope.source, envelope.type),
        ("ce_id", str(envelope.id).encode()),
        ("ce_subject", envelope.subject.encode()),
        ("ce_time", envelope.time.astimezone(UTC).isoformat().removesuffix("+00:00").encode() + b"Z"),
        ("ce_sequence", b"%d" % envelope.sequence),
    ]
    if envelope.traceparent:
        trace = envelope.traceparent.encode()
        headers += [("ce_traceparent", trace), ("traceparent", trace)]
    return headers


@cache
def _headers_of(source: str, type: str) -> tuple[tuple[str, bytes], ...]:
    """The headers that are the same for each event of a type: making them again took a third of the relay's time."""
    return (
        ("ce_specversion", b"1.0"),
        ("content-type", b"application/json"),
        ("ce_source", source.encode()),
        ("ce_type", type.encode()),
        ("ce_dataschema", dataschema(type).encode()),
    )


def read_key(key: bytes | None) -> str:
    """The key of a record; raises Unreadable if it is missing, too long, not UTF-8 or holds U+0000."""
    if key and len(key) > LONGEST_KEY:
        raise Unreadable(f"the key is over {LONGEST_KEY} bytes")
    try:
        text = (key or b"").decode()
    except UnicodeDecodeError:
        raise Unreadable("the key is not UTF-8") from None
    if not text or "\x00" in text:
        raise Unreadable("the record has no key" if not text else "the key holds U+0000")
    return text


def read_envelope(key: str, headers: Headers) -> Envelope:
    """The envelope of a record; raises Unreadable, which names the header that is missing or wrong."""
    fields = dict(headers)
    subject = _text(fields, "ce_subject")
    if subject != key:
        raise Unreadable(f"ce_subject {subject!r} is not the key {key!r}")
    trace = fields.get("traceparent") or fields.get("ce_traceparent")
    return Envelope(
        id=_parsed(fields, "ce_id", UUID),
        type=_text(fields, "ce_type"),
        subject=subject,
        sequence=_parsed(fields, "ce_sequence", _positive),
        time=_parsed(fields, "ce_time", _moment),
        source=_text(fields, "ce_source"),
        traceparent=trace.decode(errors="replace") if trace else None,
    )


def read_place(key: str, headers: Headers, problem: Unreadable) -> int:
    """The sequence of a record of which another header cannot be read; raises `problem` if this one cannot either."""
    fields = dict(headers)
    if fields.get("ce_subject") != key.encode():
        raise problem
    try:
        return _parsed(fields, "ce_sequence", _positive)
    except Unreadable:
        raise problem from None


def read_event(event: type[Event], envelope: Envelope, value: bytes | None) -> Event:
    """The `event` that `value` holds; raises Poison when the body breaks the contract."""
    if value is None:
        raise Poison("the record has no body")
    if b"\\u0000" in value and NULL.search(value):  # the expression alone takes 17 µs a body
        raise Poison("the body holds U+0000, which Postgres cannot store")
    try:
        return event.model_validate_json(value).within(envelope)
    except ValidationError as wrong:
        fields = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in wrong.errors())
        raise Poison(f"the body breaks {envelope.type}: {fields}") from None


def _text(fields: Mapping[str, bytes], name: str) -> str:
    try:
        value = fields[name].decode()
    except KeyError:
        raise Unreadable(f"the header {name} is missing") from None
    except UnicodeDecodeError:
        raise Unreadable(f"the header {name} is not UTF-8") from None
    if not value or "\x00" in value:
        raise Unreadable(f"the header {name} is empty or holds U+0000")
    return value


def _parsed(fields: Mapping[str, bytes], name: str, parse: Callable[[str], T]) -> T:
    text = _text(fields, name)
    try:
        return parse(text)
    except ValueError:
        raise Unreadable(f"the header {name} cannot be read: {text[:80]!r}") from None


def _positive(text: str) -> int:
    number = int(text)
    if not 1 <= number < 2**63:
        raise ValueError
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment
