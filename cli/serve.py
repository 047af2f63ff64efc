"""`entente serve`: one process of a service, the development issuer or the mailbox. It imports no other service."""

import logging
from typing import Annotated, Literal

import typer
import uvloop

from local.installation import state_folder
from services import SERVICES
from shared.service.settings import Settings, SettingsError
from shared.telemetry.logs import configure_logs

DEVELOPMENT = ("issuer", "mailbox")
QUIET = ("aiokafka", "uvicorn", "uvicorn.error", "faststream")


def serve(
    service: Annotated[str, typer.Argument(help="A service, or issuer or mailbox for development.")],
    only: Annotated[
        Literal["api", "work"] | None,
        typer.Option(
            envvar="ENTENTE_ONLY",
            help="api: only HTTP. work: only relay, consumers, timers, health and metrics.",
        ),
    ] = None,
    trusted_network: Annotated[
        bool,
        typer.Option("--trusted-network", help="For issuer and mailbox: also answer other machines, as in Compose."),
    ] = False,
) -> None:
    """Serve one service in the foreground until SIGTERM. Takes its settings from ENTENTE_ variables.

    Example: ENTENTE_HTTP=127.0.0.1:8081 entente serve partners --only api
    """
    if service not in SERVICES and service not in DEVELOPMENT:
        raise typer.BadParameter(
            f"no service is called {service!r}; choose one of {', '.join(SERVICES)}, issuer, mailbox"
        )
    if only and service in DEVELOPMENT:
        raise typer.BadParameter(f"--only is for services, not for {service}")
    settings = Settings()
    configure_logs(service, settings.log_level, settings.log_json)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if service in SERVICES:
        from shared.service.serve import serve as serve_service

        uvloop.run(serve_service(SERVICES[service](settings), only=only))
    else:
        _serve_development(service, settings, trusted_network=trusted_network)


def _serve_development(name: str, settings: Settings, *, trusted_network: bool) -> None:
    if not settings.development:
        raise SettingsError(f"{name} is for development on this machine only: set ENTENTE_DEVELOPMENT=1 to run it")
    serve_it = _issuer if name == "issuer" else _mailbox
    uvloop.run(serve_it(settings, trusted_network))


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
