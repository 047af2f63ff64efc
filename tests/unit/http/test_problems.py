"""How HTTP answers report validation errors."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from shared.domain.command import Command
from shared.http.bodies import LARGEST, ask_of
from shared.http.problems import add_problems


class Rename(Command):
    """A command of one field."""

    name: str


async def answer(body: Mapping[str, Any]) -> httpx2.Response:
    """The answer of a route with this command to a body."""
    app = FastAPI(telemetry={"tracing": False})
    add_problems(app)

    @app.post("/")
    async def rename(request: Request) -> Response:
        await ask_of(request, Rename, {})
        return Response(status_code=204)

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client:
        return await client.post("/", json=body)


async def test_each_error_is_named() -> None:
    """The problem has the field and the reason of every error; its sentence has them all."""
    found = await answer({"nmae": "Ada", "age": 7})
    errors = [
        ("body.name", "Field required"),
        *((f"body.{name}", "Extra inputs are not permitted") for name in ("nmae", "age")),
    ]
    assert found.status_code == 422
    assert [(each["field"], each["reason"]) for each in found.json()["errors"]] == errors
    assert found.json()["detail"] == f"The request is not valid: {'; '.join(': '.join(each) for each in errors)}."


@pytest.mark.parametrize("body", [
    {f"{number:05}": 0 for number in range(80_000)},
    {"n" * (LARGEST - 100): 0},
    {f"{number}" * 10_000: 0 for number in range(10, 60)},
], ids=["many", "long", "both"])  # fmt: skip
async def test_the_answer_is_short_whatever_was_sent(body: dict[str, int]) -> None:
    """It lists the first fifty errors, says how many there are, and shortens long names."""
    assert len(json.dumps(body)) <= LARGEST
    found = await answer(body)
    problem = found.json()
    assert (found.status_code, len(found.content) < 32_000) == (422, True)
    assert len(problem["errors"]) == min(len(body) + 1, 50)
    assert set(problem) == {"type", "title", "status", "detail", "errors"}
    assert len(problem["detail"]) <= 2000
    places = "" if len(body) < 50 else f" in {len(body) + 1} places; the first 50 are"
    assert problem["detail"].startswith(f"The request is not valid{places}: body.name: Field required; body.")
