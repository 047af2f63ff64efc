"""What is logged, how, and what never is."""

import io
import json
import logging
from typing import Any

import httpx2
import pytest
import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from shared.messaging.envelope import traceparent
from shared.telemetry.logs import configure_logs
from shared.telemetry.traces import HTTP_TELEMETRY, configure_traces, span

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

log: structlog.stdlib.BoundLogger = structlog.get_logger("tests")


@pytest.fixture
def written() -> io.StringIO:
    """What is logged as JSON during a test."""
    stream = io.StringIO()
    configure_logs("partners", "INFO", json=True, stream=stream)
    return stream


@pytest.fixture
def spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    configure_traces("partners", {}, SimpleSpanProcessor(exporter))
    return exporter


def only_line(written: io.StringIO) -> dict[str, Any]:
    """The single line that was logged."""
    (line,) = written.getvalue().splitlines()
    return json.loads(line)


def test_a_line_says_which_service_span_and_event_it_belongs_to(
    written: io.StringIO, spans: InMemorySpanExporter
) -> None:
    """A line has service, level, logger, the ids of the current span and what is bound, such as the event's id."""
    with span("apply", parent=PARENT) as current, structlog.contextvars.bound_contextvars(event_id="e-1"):
        log.info("applied", topic="entente.partners.agreement")

    line = only_line(written)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "service": "partners",
        "level": "info",
        "logger": "tests",
        "message": "applied",
        "topic": "entente.partners.agreement",
        "event_id": "e-1",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "span_id": f"{current.get_span_context().span_id:016x}",
    }


@pytest.mark.parametrize(
    "key",
    ["name", "full_name", "email", "contact_email", "address", "token", "access_token", "Authorization", "to", "body"],
)
def test_values_that_name_a_person_are_dropped(written: io.StringIO, key: str) -> None:
    """Whatever a person's key is called, neither it nor its value is in the line, however deep it lies."""
    log.info("kept", **{key: "Jiang"}, inner={"list": [{key: "Jiang", "id": 7}]})

    assert "Jiang" not in written.getvalue()
    assert only_line(written)["inner"] == {"list": [{"id": 7}]}


QUOTING = {
    "Postgres": "duplicate key\nDETAIL:  Key (email)=(jiang@example.org) exists, 江 too\nCONTEXT:  Jiang",
    "pydantic": "1 error\n  not a date [type=date, input_value='Jiang\nYuejian', input_type=str]",
    "a session": "no such token: participant-Jiang_Yuejian-0123456789abcdefghijklmnopqrst",
    "anybody": "refused eyJhbGciOi.eyJzdWIiOi.c2ln of <jiang@example.org>",
}


def fail_with(text: str) -> None:
    """Raises what quotes a person's data, which is in a local variable too."""
    raise ValueError(text)


@pytest.mark.parametrize("text", QUOTING.values(), ids=QUOTING)
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
@pytest.mark.usefixtures("written")
def test_an_exception_is_logged_without_what_it_quotes(text: str, as_json: bool) -> None:
    """A traceback has its frames, and neither local variables nor the person's data that the exception quotes."""
    stream = io.StringIO()
    configure_logs("partners", "INFO", json=as_json, stream=stream)
    try:
        fail_with(text)
    except ValueError:
        log.exception("failed")

    said = stream.getvalue()
    assert "fail_with" in said
    assert text.split(maxsplit=1)[0] in said
    for quoted in ("jiang@", "Jiang", "Yuejian", "江", "eyJ"):
        assert quoted not in said


def test_lines_of_libraries_look_the_same(written: io.StringIO) -> None:
    """A line through the standard library has the same shape, without an address in its text."""
    logging.getLogger("aiosmtplib").warning("refused %s", "jiang@example.org")

    line = only_line(written)
    assert (line["message"], line["level"], line["logger"]) == ("refused …@…", "warning", "aiosmtplib")


def test_what_kafkas_client_repeats_is_written_once_a_while(written: io.StringIO) -> None:
    """While a broker is away the client's many equal lines hide nothing; what is new of it, and of others, stands."""
    for number in range(5):
        logging.getLogger("aiokafka").error("Unable connect to node with id %s", number)
    logging.getLogger("aiokafka.conn").error("Unable connect to node with id %s", 1)
    for _ in range(2):
        logging.getLogger("asyncpg").error("lost")

    assert [json.loads(line)["logger"] for line in written.getvalue().splitlines()] == [
        "aiokafka", "aiokafka.conn", "asyncpg", "asyncpg",
    ]  # fmt: skip


def test_no_line_a_request_of_the_server_itself(written: io.StringIO) -> None:
    """uvicorn's access log, whose lines have raw paths, and the client's, which have whole addresses, are silent."""
    logging.getLogger("uvicorn.access").info("GET /people?email=jiang")
    logging.getLogger("httpx2").info("GET http://127.0.0.1/people?email=jiang")
    log.debug("below the level")

    assert written.getvalue() == ""


def test_chinese_is_readable(written: io.StringIO) -> None:
    """Chinese stands in a line as it is, not as escapes."""
    log.info("协议已签署")

    assert "协议已签署" in written.getvalue()


def test_a_trace_passes_through_a_stored_traceparent(spans: InMemorySpanExporter) -> None:
    """What is done later with a stored traceparent belongs to its trace; a batch links to those of its records."""
    with span("command"):
        stored = traceparent()
    with span("relay", parent=stored, links=[PARENT, "nonsense"], topic="entente.partners.agreement"):
        pass

    command, relay = spans.get_finished_spans()
    above, below = command.get_span_context(), relay.get_span_context()
    assert above is not None
    assert below is not None
    assert relay.parent is not None
    assert stored == f"00-{above.trace_id:032x}-{above.span_id:016x}-{above.trace_flags:02x}"
    assert (below.trace_id, relay.parent.span_id) == (above.trace_id, above.span_id)
    assert [f"{link.context.trace_id:032x}" for link in relay.links] == [PARENT.split("-")[1]]
    assert relay.attributes == {"topic": "entente.partners.agreement"}


@pytest.mark.parametrize(
    "parent", ["", "nonsense", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "ff-" + "1" * 32 + "-" + "1" * 16 + "-01"]
)
def test_an_unreadable_traceparent_begins_a_new_trace(spans: InMemorySpanExporter, parent: str) -> None:
    """A header that is no valid traceparent stops nothing: a new trace begins."""
    with span("apply", parent=parent):
        assert traceparent()

    assert spans.get_finished_spans()[0].parent is None


def test_a_failed_span_does_not_quote_the_exception(spans: InMemorySpanExporter) -> None:
    """A span whose block raises says the exception's type, without its text, and lets it pass."""
    with pytest.raises(ValueError, match="Jiang"), span("command"):
        raise ValueError("Jiang")

    (failed,) = spans.get_finished_spans()
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "ValueError")
    assert failed.events == ()


async def test_a_request_continues_its_callers_trace_without_its_query(spans: InMemorySpanExporter) -> None:
    """FastAPI's one span of a request belongs to the caller's trace, names the template and hides what was searched."""
    app = FastAPI(telemetry=HTTP_TELEMETRY)

    @app.get("/people/{person_id}")
    async def person(person_id: str) -> str | None:
        return traceparent()

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.get("/people/1?q=jiang", headers={"traceparent": PARENT})
        await client.get("/health/live", headers={"traceparent": PARENT})

    (request,) = spans.get_finished_spans()
    assert answer.json().split("-")[1] == PARENT.split("-")[1]
    assert request.name == "GET /people/{person_id}"
    assert "jiang" not in str(request.attributes)


def test_outside_of_any_span_there_is_no_traceparent() -> None:
    """Nothing is made up where no trace is."""
    assert traceparent() is None
