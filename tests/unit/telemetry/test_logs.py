"""What log lines and spans contain, and the personal data that they never contain."""

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
    """The log output of a test, as JSON lines."""
    stream = io.StringIO()
    configure_logs("partners", "INFO", json=True, stream=stream)
    return stream


@pytest.fixture
def spans() -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    configure_traces("partners", {}, SimpleSpanProcessor(exporter))
    return exporter


def only_line(written: io.StringIO) -> dict[str, Any]:
    """The only line in the log."""
    (line,) = written.getvalue().splitlines()
    return json.loads(line)


def test_a_line_names_its_service_span_and_event(written: io.StringIO, spans: InMemorySpanExporter) -> None:
    """It has service, level, logger, the ids of the current span and bound values such as the event id."""
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
def test_personal_values_are_dropped(written: io.StringIO, key: str) -> None:
    """Every key that may hold personal data is removed with its value, at any depth."""
    log.info("kept", **{key: "Jiang"}, inner={"list": [{key: "Jiang", "id": 7}]})

    assert "Jiang" not in written.getvalue()
    assert only_line(written)["inner"] == {"list": [{"id": 7}]}


QUOTING = {
    "Postgres": "duplicate key\nDETAIL:  Key (email)=(jiang@example.org) exists, 江 too\nCONTEXT:  Jiang",
    "pydantic": "1 error\n  not a date [type=date, input_value='Jiang\nYuejian', input_type=str]",
    "a session": "no such token: participant-Jiang_Yuejian-0123456789abcdefghijklmnopqrst",
    "any exception": "refused eyJhbGciOi.eyJzdWIiOi.c2ln of <jiang@example.org>",
}


def fail_with(text: str) -> None:
    """Raises an error that quotes personal data, which is in a local variable too."""
    raise ValueError(text)


@pytest.mark.parametrize("text", QUOTING.values(), ids=QUOTING)
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "console"])
@pytest.mark.usefixtures("written")
def test_an_exception_is_logged_without_the_data_it_quotes(text: str, as_json: bool) -> None:
    """A traceback has its frames, but neither local variables nor personal data quoted in the message."""
    stream = io.StringIO()
    configure_logs("partners", "INFO", json=as_json, stream=stream)
    try:
        fail_with(text)
    except ValueError:
        log.exception("failed")

    logged = stream.getvalue()
    assert "fail_with" in logged
    assert text.split(maxsplit=1)[0] in logged
    for quoted in ("jiang@", "Jiang", "Yuejian", "江", "eyJ"):
        assert quoted not in logged


def test_lines_of_libraries_have_the_same_form(written: io.StringIO) -> None:
    """A line logged through the standard library has the same fields, and no email address in its text."""
    logging.getLogger("aiosmtplib").warning("refused %s", "jiang@example.org")

    line = only_line(written)
    assert (line["message"], line["level"], line["logger"]) == ("refused …@…", "warning", "aiosmtplib")


def test_repeated_lines_of_the_kafka_client_are_suppressed(written: io.StringIO) -> None:
    """While a broker is down the client repeats one line; new lines and those of other libraries still appear."""
    for number in range(5):
        logging.getLogger("aiokafka").error("Unable connect to node with id %s", number)
    logging.getLogger("aiokafka.conn").error("Unable connect to node with id %s", 1)
    for _ in range(2):
        logging.getLogger("asyncpg").error("lost")

    assert [json.loads(line)["logger"] for line in written.getvalue().splitlines()] == [
        "aiokafka", "aiokafka.conn", "asyncpg", "asyncpg",
    ]  # fmt: skip


def test_requests_are_not_logged_by_server_or_client(written: io.StringIO) -> None:
    """uvicorn's access log has raw paths and the HTTP client's log has full URLs, so both are off."""
    logging.getLogger("uvicorn.access").info("GET /people?email=jiang")
    logging.getLogger("httpx2").info("GET http://127.0.0.1/people?email=jiang")
    log.debug("below the level")

    assert written.getvalue() == ""


def test_chinese_is_readable(written: io.StringIO) -> None:
    """Chinese characters are written as they are, not as escapes."""
    log.info("协议已签署")

    assert "协议已签署" in written.getvalue()


def test_a_trace_continues_through_a_stored_traceparent(spans: InMemorySpanExporter) -> None:
    """Later work with a stored traceparent belongs to the same trace; a batch links to the traces of its records."""
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
def test_an_invalid_traceparent_starts_a_new_trace(spans: InMemorySpanExporter, parent: str) -> None:
    """It raises no error."""
    with span("apply", parent=parent):
        assert traceparent()

    assert spans.get_finished_spans()[0].parent is None


def test_a_failed_span_does_not_quote_the_exception(spans: InMemorySpanExporter) -> None:
    """A span records the type of the exception without its message, and the exception is raised."""
    with pytest.raises(ValueError, match="Jiang"), span("command"):
        raise ValueError("Jiang")

    (failed,) = spans.get_finished_spans()
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "ValueError")
    assert failed.events == ()


async def test_a_request_continues_the_callers_trace_without_its_query(spans: InMemorySpanExporter) -> None:
    """The one span of a request belongs to the caller's trace, names the route and omits the query."""
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
    """No trace is started to have one."""
    assert traceparent() is None
