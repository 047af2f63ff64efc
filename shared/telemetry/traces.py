"""Traces: one W3C trace context from the request through the outbox to the last effect.

FastAPI makes the span of each request, from the tracer provider set here: pass it `HTTP_TELEMETRY`, and add no other
instrumentation.
"""

import os
import re
from collections.abc import Generator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span as RecordedSpan
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")

_tracer = trace.get_tracer("entente")  # looks up the provider at its first span, so it can be made before


def _not_traced(scope: MutableMapping[str, Any]) -> bool:
    path = str(scope.get("path", ""))
    return path == "/metrics" or path.startswith("/health/")


HTTP_TELEMETRY: TelemetryConfig = {
    "operation_spans": False,  # three more spans a request
    "logs": False,  # the texts of exceptions may quote personal data
    "metrics": False,  # Prometheus has ours
    "auto_configure": False,  # the exporter is chosen here, once
    "exclude": _not_traced,
}
"""`FastAPI(telemetry=HTTP_TELEMETRY)`: the span of each request and nothing else."""


class _WithoutQuery(SpanProcessor):
    """Blanks the query that FastAPI records: people are searched for in it."""

    def on_start(self, span: RecordedSpan, parent_context: Context | None = None) -> None:
        if span.attributes and "url.query" in span.attributes:
            span.set_attribute("url.query", "REDACTED")


def configure_traces(
    service: str, environ: Mapping[str, str] = os.environ, *processors: SpanProcessor
) -> TracerProvider:
    """Turns tracing on, once per process; exports by OTLP over HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` is set.

    The exporter reads the other standard `OTEL_*` variables. Spans go to `processors` as well. Shut the provider down
    at the end, or unsent spans are lost.
    """
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider(resource=Resource.create({"service.name": f"entente-{service}"}))
        trace.set_tracer_provider(provider)
        provider.add_span_processor(_WithoutQuery())
        # Only W3C trace context: a caller's baggage could carry anything.
        propagate.set_global_textmap(TraceContextTextMapPropagator())
        if _exports(environ):
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    for processor in processors:
        provider.add_span_processor(processor)
    return provider


def _exports(environ: Mapping[str, str]) -> bool:
    wanted = environ.get("OTEL_TRACES_EXPORTER", "otlp") == "otlp"
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return wanted and any(environ.get(name) for name in endpoints)


@contextmanager
def span(
    name: str,
    *,
    parent: str | None = None,
    links: Sequence[str] = (),
    kind: SpanKind = SpanKind.INTERNAL,
    **attributes: AttributeValue,
) -> Generator[Span]:
    """A span for the block, below `parent` or the current span; ignores unreadable traceparents.

    An exception marks it as failed, by its type only: the text may quote personal data.
    """
    above = _context_of(parent)
    with _tracer.start_as_current_span(
        name,
        context=trace.set_span_in_context(NonRecordingSpan(above)) if above else None,
        kind=kind,
        attributes=attributes,
        links=[Link(found) for found in map(_context_of, links) if found],
        record_exception=False,
        set_status_on_exception=False,
    ) as made:
        try:
            yield made
        except BaseException as error:
            made.set_status(StatusCode.ERROR, type(error).__name__)
            raise


def _context_of(traceparent: str | None) -> SpanContext | None:
    found = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found is None:
        return None
    trace_id, span_id, flags = (int(part, 16) for part in found.groups())
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(flags))
    return context if context.is_valid else None
