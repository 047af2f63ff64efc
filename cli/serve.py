"""`entente serve`: one process of one service, or a development part; it imports no other."""

import logging
from typing import Annotated, Literal

import typer
import uvloop

from local.installation import state_folder
from services import SERVICES
from shared.service.settings import Settings, SettingsError
from shared.telemetry.logs import configure_logs

DEVELOPMENT_PARTS = ("issuer", "mailbox")
QUIET = ("aiokafka", "uvicorn", "uvicorn.error", "faststream")


def serve(
    service: Annotated[str, typer.Argument(help="A service; or the development parts issuer and mailbox.")],
    only: Annotated[
        Literal["api", "work"] | None,
        typer.Option(
            envvar="ENTENTE_ONLY",
            help="api: HTTP, nothing by itself. work: relay, consumers and timers, with health and metrics.",
        ),
    ] = None,
    trusted_network: Annotated[
        bool, typer.Option("--trusted-network", help="A development part answers others too: in compose's network.")
    ] = False,
) -> None:
    """Serve one service in the foreground until SIGTERM; told by ENTENTE_ variables.

    Example: ENTENTE_HTTP=127.0.0.1:8081 entente serve partners --only api
    """
    if service not in SERVICES and service not in DEVELOPMENT_PARTS:
        raise typer.BadParameter(f"no service is called {service!r}; there are {', '.join(SERVICES)}, issuer, mailbox")
    if only and service in DEVELOPMENT_PARTS:
        raise typer.BadParameter(f"--only is for services; {service} is one part")
    settings = Settings()
    configure_logs(service, settings.log_level, settings.log_json)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if service in SERVICES:
        from shared.service.serve import serve as serve_service

        uvloop.run(serve_service(SERVICES[service](settings), only=only))
    else:
        _serve_part(service, settings, trusted_network=trusted_network)


def _serve_part(name: str, settings: Settings, *, trusted_network: bool) -> None:
    if not settings.development:
        raise SettingsError(f"{name} is for development on this machine only: say so by ENTENTE_DEVELOPMENT=1")
    part = _issuer if name == "issuer" else _mailbox
    uvloop.run(part(settings, trusted_network))


async def _issuer(settings: Settings, trusted_network: bool) -> None:
    from local.development.issuer import DevelopmentIssuer, People, serve_issuer

    host, port = _split(settings.http)
    state = state_folder()
    known = DevelopmentIssuer(
        issuer=settings.issuer,
        address=settings.issuer_address or f"http://{host}:{port}",
        audience=settings.audience,
        people=People(state / "people.yaml"),
        state=state / "issuer",
    )
    await serve_issuer(known, port=port, host=host, trusted_network=trusted_network)


async def _mailbox(settings: Settings, trusted_network: bool) -> None:
    from local.development.mailbox import Mailbox, serve_mailbox

    host, port = _split(settings.http)
    _, smtp_port = _split(settings.smtp)
    mailbox = Mailbox(state_folder() / "mailbox")
    await serve_mailbox(mailbox, smtp_port=smtp_port, http_port=port, host=host, trusted_network=trusted_network)


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
