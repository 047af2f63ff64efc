"""An OpenID Connect provider for development and the demo: click a name to sign in, without a password, here only.

Pages sign in with the authorization code flow and PKCE (S256). Clients are public and need no registration. Programs
and `curl` get a token for a person with the client credentials grant. Its tokens' subject is the client (RFC 9068), so
each person is a client without a secret, whose id is the person's subject:

    curl -d grant_type=client_credentials -d client_id=SUBJECT http://127.0.0.1:PORT/token

You may add `audience`; the default is `entente`. To run it:
`python -m local.development.issuer --port 8080 --state FOLDER --people FILE`.
"""

import asyncio
import base64
import binascii
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import structlog
import typer
from fastapi import FastAPI, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from local.development.loopback import LoopbackOnly, check_address
from local.development.minting import LIFETIME, DevelopmentIssuer, person_claims
from local.development.people import People, Person
from local.development.serving import server_of
from local.development.sign_in import PAGE_HEADERS, Codes, SignIn, page
from shared.http.identity.keys import DISCOVERY_PATH
from shared.service.settings import DEVELOPMENT_ISSUER
from shared.telemetry.logs import configure_logs

__all__ = ["DevelopmentIssuer", "People", "Person", "issuer_app", "serve_issuer"]

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

NOT_STORED = {"cache-control": "no-store"}


def issuer_app(issuer: DevelopmentIssuer, *, trusted_network: bool = False) -> FastAPI:
    """Build the provider's endpoints. They answer only this machine, unless the network is trusted."""
    app = FastAPI(title="Entente development issuer", openapi_url=None, telemetry={"tracing": False})
    app.add_middleware(LoopbackOnly, names=[urlsplit(issuer.address).hostname or ""] if trusted_network else None)
    _add_metadata(app, issuer, trusted_network=trusted_network)
    codes = Codes()
    _add_sign_in(app, issuer, codes)
    _add_tokens(app, issuer, codes)
    return app


async def serve_issuer(
    issuer: DevelopmentIssuer, *, port: int, host: str = "127.0.0.1", trusted_network: bool = False
) -> None:
    """Serve until stopped. Raises `NotLoopback` if `host` is not a loopback address and the network is not trusted."""
    check_address(host, trusted_network=trusted_network)
    app = issuer_app(issuer, trusted_network=trusted_network)
    log.warning("development issuer: anyone on this machine can sign in as any person; for development only", port=port)
    await server_of(app, host, port).serve()


def _add_metadata(app: FastAPI, issuer: DevelopmentIssuer, *, trusted_network: bool) -> None:
    @app.get(DISCOVERY_PATH)
    async def discovery(request: Request) -> dict[str, object]:
        # Services in the network and people outside use different names for it: answer with the name they used.
        return _metadata(issuer, str(request.base_url).rstrip("/") if trusted_network else issuer.address)

    @app.get("/jwks")
    async def jwks() -> dict[str, object]:
        return issuer.jwks()

    @app.get("/userinfo")
    async def userinfo(authorization: Annotated[str, Header()] = "") -> Response:
        scheme, _, token = authorization.partition(" ")
        subject = issuer.subject_of(token) if scheme.lower() == "bearer" else None
        person = issuer.people.find(subject) if subject else None
        if person is None:
            return Response(status_code=401, headers={"www-authenticate": 'Bearer error="invalid_token"'})
        return JSONResponse(person_claims(person), headers=NOT_STORED)


def _metadata(issuer: DevelopmentIssuer, address: str) -> dict[str, object]:
    return {
        "issuer": issuer.issuer,
        "authorization_endpoint": f"{address}/authorize",
        "token_endpoint": f"{address}/token",
        "userinfo_endpoint": f"{address}/userinfo",
        "jwks_uri": f"{address}/jwks",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": ["openid", "profile"],
    }


def _add_sign_in(app: FastAPI, issuer: DevelopmentIssuer, codes: Codes) -> None:
    @app.get("/authorize")
    async def choose(asked: Annotated[SignIn, Query()]) -> HTMLResponse:
        del asked  # its type has validated it; the page does not need it
        return HTMLResponse(page(issuer.people.all()), headers=PAGE_HEADERS)

    @app.post("/authorize")
    async def chosen(asked: Annotated[SignIn, Query()], request: Request) -> Response:
        subject = (await _form(request)).get("subject", "")
        if issuer.people.find(subject) is None:
            return HTMLResponse(page(issuer.people.all()), 400, headers=PAGE_HEADERS)
        return RedirectResponse(asked.answered_with(codes.give(asked, subject)), 303, headers=NOT_STORED)


def _add_tokens(app: FastAPI, issuer: DevelopmentIssuer, codes: Codes) -> None:
    @app.post("/token")
    async def token(request: Request) -> Response:
        form = _client_of(request) | await _form(request)
        match form.get("grant_type"):
            case "client_credentials":
                return _for_person(issuer, form)
            case "authorization_code":
                return _for_code(issuer, codes, form)
            case _:
                return _refused("unsupported_grant_type", "use authorization_code or client_credentials")


def _for_person(issuer: DevelopmentIssuer, form: dict[str, str]) -> Response:
    person = issuer.people.find(form.get("client_id", ""))
    if person is None:
        return _refused("invalid_client", "client_id must be the subject of a known person", status=401)
    return _granted({"access_token": issuer.token(person.subject, form.get("audience"))})


def _for_code(issuer: DevelopmentIssuer, codes: Codes, form: dict[str, str]) -> Response:
    exchanged = codes.exchange(form)
    person = issuer.people.find(exchanged[1]) if exchanged else None
    if exchanged is None or person is None:
        return _refused("invalid_grant", "the code was used before, or code, verifier, client or redirect_uri is wrong")
    asked = exchanged[0]
    access = issuer.token(person.subject, client_id=asked.client_id, scope=asked.scope)
    id_token = issuer.id_token(person, asked.client_id, asked.nonce)
    return _granted({"access_token": access, "id_token": id_token, "scope": asked.scope})


def _granted(tokens: dict[str, str]) -> Response:
    return JSONResponse({**tokens, "token_type": "Bearer", "expires_in": LIFETIME}, headers=NOT_STORED)


def _refused(error: str, description: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status, headers=NOT_STORED)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _client_of(request: Request) -> dict[str, str]:
    """Return the client id if given by HTTP Basic. Ignore the secret, because clients have none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name = base64.b64decode(value).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": unquote_plus(name)}


def main(
    port: Annotated[int, typer.Option(help="The port to listen on.")],
    state: Annotated[Path, typer.Option(help="The folder for the key, so that tokens stay valid after a restart.")],
    people: Annotated[Path | None, typer.Option(help="A JSON or YAML list of {subject, name: {en, zh}}.")] = None,
    issuer: Annotated[str, typer.Option(help="The iss of its tokens.")] = DEVELOPMENT_ISSUER,
    audience: Annotated[str, typer.Option(help="The aud of its tokens, unless a request names one.")] = "entente",
    address: Annotated[str | None, typer.Option(help="The base URL of its pages, if not on 127.0.0.1.")] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    trusted_network: Annotated[bool, typer.Option(help="Also answer other machines, as in a compose network.")] = False,
) -> None:
    """Serve the development issuer. Never run it where others can reach it."""
    configure_logs("issuer", "INFO", json=not sys.stderr.isatty())
    known = DevelopmentIssuer(
        issuer=issuer,
        address=address or f"http://127.0.0.1:{port}",
        audience=audience,
        people=People(people),
        state=state,
    )
    asyncio.run(serve_issuer(known, port=port, host=host, trusted_network=trusted_network))


if __name__ == "__main__":
    typer.run(main)
