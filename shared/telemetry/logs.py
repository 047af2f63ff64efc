"""Structured logs: one line for each occurrence, with trace and event ids, without personal data."""

import logging
import re
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, TextIO, cast

import structlog
from opentelemetry import trace
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = re.compile(
    r"(given_|family_|full_|display_|user_?|sur)?names?|to|cc|bcc|recipients?|sender|contacts?|body|text|dsn"
    r"|(.*_)?(e?mails?|address(es)?|phones?|tokens?|authorization|cookies?|passwords?|secrets?|credentials?)",
    re.IGNORECASE,
)
"""Keys to drop with their values, at any depth, if they match as a whole."""

# Personal data that exceptions quote: the row (Postgres), the input (pydantic), addresses and tokens (any).
QUOTED = [
    (re.compile(r"\n(?:DETAIL|CONTEXT):.*?(?=\n\n(?:The above|During)|\Z)", re.DOTALL), ""),
    (re.compile(r"input_value=.*?(?=, input_type=)", re.DOTALL), "input_value=…"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), "…"),
    (re.compile(r"participant-[\w-]{40,}"), "…"),
    (re.compile(r"[^\s<>\"'=(]+@[\w-]+(?:\.[\w-]+)+"), "…@…"),
]

CHATTY = ("httpx2", "httpcore2", "asyncio", "mail.log")
REPEATED = 30.0
"""Seconds before the same line of Kafka's client is written again: it logs one for each attempt."""


def configure_logs(service: str, level: str, json: bool, stream: TextIO | None = None) -> None:
    """Sends structlog's and the standard library's lines to `stream` (standard error), as JSON or for a reader.

    `level` is a name such as `INFO`. uvicorn's access log is off: the service logs one line for each request itself.
    To put more on each line of a piece of work, use `structlog.contextvars.bound_contextvars(event_id=…)`.
    """
    structlog.configure(
        processors=[*_CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(service, json, colours=handler.stream.isatty()))
    handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    _quieten()


def _quieten() -> None:
    for name in CHATTY:  # at INFO they log the whole address of each request, or each line of SMTP
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False


def _formatter(service: str, json: bool, colours: bool) -> structlog.stdlib.ProcessorFormatter:
    if json:
        last: list[Processor] = [
            ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            mask_quoted,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        # Rendered to text first: the console's own tracebacks show local variables.
        last = [structlog.processors.format_exc_info, mask_quoted, structlog.dev.ConsoleRenderer(colors=colours)]
    named: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _Service(service)]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_CHAIN, processors=[*named, *last])


class _Seldom(logging.Filter):
    """Drops repeated lines of a Kafka client that looks for its broker, which would hide all others."""

    def __init__(self) -> None:
        super().__init__("aiokafka")
        self._written: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not super().filter(record):
            return True
        text, now = (record.name, str(record.msg)), time.monotonic()
        if now - self._written.get(text, -REPEATED) < REPEATED:
            return False
        self._written[text] = now
        return True


class _Service:
    def __init__(self, service: str) -> None:
        self._service = service

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        line["service"] = self._service
        return line


def add_trace(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Adds the ids of the current span."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = trace.format_trace_id(context.trace_id)
        line["span_id"] = trace.format_span_id(context.span_id)
    return line


def drop_personal(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Drops the keys that match `PERSONAL`, also inside values."""
    return cast("EventDict", _without_personal(line))


def mask_quoted(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Masks personal data that texts quote, above all those of exceptions."""
    return cast("EventDict", _masked(line))


def _without_personal(value: object) -> object:
    match value:
        case Mapping():
            known = cast("Mapping[Any, object]", value)
            return {key: _without_personal(v) for key, v in known.items() if not PERSONAL.fullmatch(str(key))}
        case list():
            return [_without_personal(v) for v in cast("list[object]", value)]
        case _:
            return value


def _masked(value: object) -> object:
    match value:
        case str():
            for pattern, instead in QUOTED:
                value = pattern.sub(instead, value)
            return value
        case Mapping():
            return {key: _masked(v) for key, v in cast("Mapping[Any, object]", value).items()}
        case list() | tuple():
            return [_masked(v) for v in cast("Sequence[object]", value)]
        case _:
            return value


_CHAIN: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    drop_personal,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    add_trace,
]
