"""Every problem is explained in docs/problems.md and, in the same words, at the address in its type."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest
from fastapi import FastAPI

from services.pages import written
from shared.domain.refused import OURS, Refused, refusals
from shared.http import problems
from shared.http.problem_pages import EDGE, TYPE, pages

WRITTEN = written()
REFUSALS = refusals()
PAGES = pages()


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def facts(refused: type[Refused]) -> dict[str, Any]:
    """A value for each fact of the sentence."""
    return {name: f"the {name}" for _, name, _, _ in Formatter().parse(refused.sentence()) if name}


def service(refused: type[Refused]) -> httpx2.AsyncClient:
    """A client of a service that answers every call with this refusal."""
    app = FastAPI(telemetry={"tracing": False})
    problems.add_problems(app)

    @app.post("/calls/{id}/exchanges")
    async def call(id: str) -> None:
        raise refused(**facts(refused))

    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://exchanges:8002")


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_a_generated_page_is_up_to_date(page: Path) -> None:
    """`make contracts` writes the page from the code."""
    assert page.read_text(encoding="utf-8") == WRITTEN[page]


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=list(REFUSALS))
async def test_the_type_of_a_problem_leads_to_its_explanation(refused: type[Refused]) -> None:
    """Resolved against the address called, the type gives its section of the docs, without a token."""
    async with service(refused) as client:
        answer = await client.post("/calls/1/exchanges")
        page = await client.get(urljoin(str(answer.url), answer.json()["type"]))

    assert (page.status_code, page.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert f"\n{page.text}" in next(text for path, text in WRITTEN.items() if path.name == "problems.md")
    assert page.text.startswith(
        f"## {refused.slug()}\n\n`{answer.json()['type']}`, status {answer.status_code}\n\n> {refused.sentence()}\n"
    )
    assert all(f"`{name}`" in page.text for name in answer.json().get("facts", ()))
    assert page.text.endswith(f"{refused.guidance()}\n")


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=list(REFUSALS))
def test_the_detail_of_a_problem_is_one_sentence(refused: type[Refused]) -> None:
    """It is the first paragraph of the docstring; the other paragraphs appear on the page only."""
    first, *others = re.split(r"\n\s*\n", inspect.getdoc(refused) or "")

    assert str(refused(**facts(refused))) == " ".join(first.split()).format(**facts(refused))
    assert refused.guidance() == "\n\n".join(" ".join(each.split()) for each in others)


def test_problems_of_the_http_edge_are_explained() -> None:
    """Each problem that is not a refusal has a page with its status, and each page has a problem."""

    raised = re.findall(r'problem\((\d+), "([a-z-]+)"', inspect.getsource(problems))
    answered = {slug: int(status) for status, slug in raised} | {slug: code for code, slug in problems.OF_HTTP.items()}
    edge = {slug: status for slug, (status, _) in EDGE.items()} | {"refused-by-http": 400}

    assert {slug: PAGES[slug].status for slug in answered} == answered
    assert edge.keys() | {"invalid", "unavailable"} == answered.keys() | {"refused-by-http"}
    assert all(guidance for _, guidance in EDGE.values())


async def test_an_unknown_problem_is_not_found() -> None:
    """An address below /problems/ without a problem does not exist."""
    async with service(Refused) as client:
        answer = await client.get(f"{TYPE}nothing-of-the-kind")

    assert (answer.status_code, answer.json()["type"]) == (404, f"{TYPE}no-such-route")


def test_no_two_refusals_share_a_type() -> None:
    """A type has the same sentence and status in every service."""
    kinds: dict[str, set[tuple[int, str]]] = {}
    for one in (one for one in _below(Refused) if one.__module__.startswith(OURS)):
        kinds.setdefault(one.slug(), set()).add((one.status, one.sentence()))

    assert [slug for slug, said in kinds.items() if len(said) > 1] == []
