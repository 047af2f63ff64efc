"""Checks status, headers and body of every answer in a test against the service's OpenAPI document."""

import re
from functools import cached_property
from typing import Any

import httpx2
import jsonschema_rs
from fastapi import FastAPI

UNDECLARED = (405,)
"""Statuses that answer requests for which the document has no operation."""


class Declared:
    """The answers that a service's OpenAPI document declares."""

    def __init__(self, app: FastAPI) -> None:
        self._document: dict[str, Any] = app.openapi()
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check(self, method: str, answer: httpx2.Response) -> None:
        """Fails for an answer that the document does not describe."""
        operation = self._operation(method, answer.request.url.path)
        if operation is None or answer.status_code in UNDECLARED:
            return
        shown = f"{method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}"
        response = operation["responses"].get(str(answer.status_code))
        assert response is not None, f"not declared: {shown}"
        missing = [name for name in response.get("headers", {}) if name not in answer.headers]
        assert not missing, f"without the header {missing}: {shown}"
        media = answer.headers["content-type"].partition(";")[0]
        assert media in response["content"], f"another type than declared: {shown}"
        if not media.endswith(("/json", "+json")):
            return
        schema = response["content"][media]["schema"]
        problems = [str(error.message) for error in self._validator(schema).iter_errors(answer.json())]
        assert not problems, f"not as declared: {problems[:3]}: {shown}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, operations in self._paths:
            if pattern.fullmatch(path) and method.lower() in operations:
                return operations[method.lower()]
        return None

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
        # The path with fewer parameters is the better match: `/mutes/removal` before `/mutes/{id}`.
        found = sorted(self._document["paths"].items(), key=lambda item: item[0].count("{"))
        return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations) for path, operations in found]

    def _validator(self, schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
        key = str(schema)
        if key not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


_KNOWN: dict[str, Declared] = {}
"""By the title of the service: every installation of a worker describes it alike, and describing takes a second."""


def check_declared(app: FastAPI, method: str, answer: httpx2.Response) -> None:
    """Fails for an answer of `app` that its OpenAPI document does not describe."""
    if app.title not in _KNOWN:
        _KNOWN[app.title] = Declared(app)
    _KNOWN[app.title].check(method, answer)
