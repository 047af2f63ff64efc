"""The explanation of each problem, at the address in its `type` and in docs/problems.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse

from shared.domain.refused import Refused, refusals

TYPE = "/problems/"
"""The start of every problem's `type`, which is relative to the address of the request (RFC 9457)."""


@dataclass(frozen=True)
class Page:
    """What a problem means and what to do about it."""

    slug: str
    status: int
    sentence: str
    """The text of `detail`, with `{facts}` to be filled in; empty if it differs each time."""
    guidance: str

    @classmethod
    def of(cls, refused: type[Refused]) -> "Page":
        """The page of a refusal, from its docstring."""
        return cls(refused.slug(), refused.status, refused.sentence(), refused.guidance())

    @property
    def text(self) -> str:
        """The page in Markdown, under a heading of its own."""
        named = dict.fromkeys(name for _, name, _, _ in Formatter().parse(self.sentence) if name)
        facts = f"`facts`: {', '.join(f'`{name}`' for name in named)}." if named else ""
        parts = [f"## {self.slug}", f"`{TYPE}{self.slug}`, status {self.status}"]
        return "\n\n".join(filter(None, [*parts, self.sentence and f"> {self.sentence}", facts, self.guidance]))


EDGE: Mapping[str, tuple[int, str]] = {
    "internal": (
        500,
        "An error in the service itself. Nothing of your request was done, and the problem says nothing about the "
        "cause. Give the `trace` to an operator: the service's log has the error under it. You can repeat the "
        "request with the same `Idempotency-Key`.",
    ),
    "invalid-token": (
        401,
        "The token does not prove who you are: it has expired or is not valid yet, its signature is unknown or of "
        "a kind that is not accepted, another issuer made it or it is meant for another audience, or the request "
        "has two of them. The reason is in brackets. Sign in again. If a new token is refused too, compare its "
        "`iss`, its `aud` and your clock with the service's settings.",
    ),
    "issuer-unavailable": (
        503,
        "The service has just started and has not read the keys yet that it checks tokens with; until then it "
        "neither accepts nor rejects a token. Wait as many seconds as `Retry-After` says. Operators: check that "
        "the service can reach the identity provider.",
    ),
    "method-not-allowed": (
        405,
        "The address is right, but it does not take this method. The header `Allow` lists those that it takes: "
        "`GET` reads, `POST` acts.",
    ),
    "no-such-route": (
        404,
        "Nothing has this address. Check the address, that you are asking the right service, and that there is no "
        "slash at the end; `/docs` lists all addresses.",
    ),
    "no-token": (
        401,
        "The request has no `Authorization: Bearer` header. Sign in at the identity provider and send its access "
        "token with every request.",
    ),
    "refused-by-http": (
        400,
        "Something else about the HTTP request is wrong, and the status, which may be another than 400, says what. "
        "Compare the request with what `/docs` shows.",
    ),
}
"""Status and guidance of the problems that are no refusals: HTTP's own, those of tokens, errors of the service."""


def pages() -> dict[str, Page]:
    """Every problem that this process can answer, by its slug; sorted."""
    edge = [Page(slug, status, "", guidance) for slug, (status, guidance) in EDGE.items()]
    found = [*edge, *map(Page.of, refusals().values())]
    return {page.slug: page for page in sorted(found, key=lambda page: page.slug)}


def add_problem_pages(app: FastAPI) -> None:
    """Serves the text of each problem where its `type` leads to. It needs no token, as problems do not."""

    @app.get(TYPE + "{slug}", include_in_schema=False)
    async def page(slug: str) -> PlainTextResponse:
        """What one problem means."""
        if not (found := pages().get(slug)):
            raise HTTPException(404)
        return PlainTextResponse(f"{found.text}\n")
