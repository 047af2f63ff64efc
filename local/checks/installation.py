"""The installation: the database with its roles and schemas, the topics, the issuer, the clocks."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import asyncpg
import httpx2
from aiokafka.errors import KafkaError

from local.checks import Finding, note, ok, wrong
from services import SERVICES
from shared.database.migrations import KINDS, schema_state
from shared.database.schema import folders_of
from shared.http.identity.keys import LOOPBACK_HOSTS, IssuerUnavailable, KeySource
from shared.messaging.topics import Topics
from shared.service.settings import DEVELOPMENT_ISSUER, Settings, SettingsError

SKEW = 2.0
"""Seconds that clocks may differ: leases and timers go by the database's, tokens by the issuer's."""

Check = Callable[[Settings], Awaitable[list[Finding]]]
PROBLEMS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def roles_can_enter(settings: Settings) -> list[Finding]:
    """Each role of each service enters the database by its password."""
    return [await _enters(settings, service, kind) for service in SERVICES for kind in KINDS]


async def _enters(settings: Settings, service: str, kind: str) -> Finding:
    role = f"{service}_{kind}"
    try:
        db = await asyncpg.connect(settings.database_url(service, kind), timeout=5)
    except SettingsError:
        return note(f"{role} was not tried: its password is not given here")
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        return wrong(f"{role} is refused by {settings.database}: run `entente migrate --admin DSN` to set its password")
    except asyncpg.InvalidCatalogNameError:
        return wrong(f"there is no database {settings.database}: run `entente migrate --admin DSN` to make it")
    except asyncpg.PostgresError as problem:
        return wrong(f"{settings.database} answers and does not let {role} in ({_said(problem)}): {_remedy(problem)}")
    except PROBLEMS as problem:
        return wrong(f"{settings.database} does not answer ({_said(problem)}): start it, or set ENTENTE_DATABASE")
    await db.close()
    return ok(f"{role} enters {settings.database}")


def _remedy(refused: asyncpg.PostgresError) -> str:
    match refused:
        case asyncpg.InsufficientPrivilegeError():
            return "run `entente migrate --admin DSN` to set its rights"
        case asyncpg.TooManyConnectionsError():
            return "end what holds its connections, or raise its limit (max_connections)"
        case asyncpg.CannotConnectNowError():
            return "it starts or stops: ask again in a moment"
        case _:
            return "the database's log says more"


async def schemas_are_migrated(settings: Settings) -> list[Finding]:
    """Each service's schema is that of this version, or newer."""
    return [await _schema(settings, service) for service in SERVICES]


async def _schema(settings: Settings, service: str) -> Finding:
    try:
        state = await schema_state(_any_role(settings, service), folders_of(service))
    except (*PROBLEMS, SettingsError) as problem:
        return note(f"the schema of {service} was not looked at ({_said(problem)})")
    if state.missing:
        return wrong(f"the schema of {service} lacks {', '.join(state.missing)}: run `entente migrate {service}`")
    return ok(f"the schema of {service} is {'newer than' if state.newer else 'as'} this version expects")


def _any_role(settings: Settings, service: str) -> str:
    """The DSN of a role whose password is given here: on containers a tool has the operator's only."""
    try:
        return settings.database_url(service)
    except SettingsError:
        return settings.database_url(service, "operator")


async def topics_are_right(settings: Settings) -> list[Finding]:
    """Kafka answers, and its topics are as they should be."""
    try:
        differences = await Topics(settings.kafka, settings.topic_prefix).differences()
    except (KafkaError, OSError, TimeoutError) as problem:
        return [wrong(f"Kafka at {settings.kafka} does not answer ({_said(problem)}): start it, or set ENTENTE_KAFKA")]
    return [wrong(one.sentence) for one in differences] or [ok(f"the topics at {settings.kafka} are as they should be")]


async def issuer_has_keys(settings: Settings) -> list[Finding]:
    """The issuer's keys can be fetched."""
    if _issuer_is_not_named(settings):
        return [note("the issuer was not asked: ENTENTE_ISSUER names none")]
    address = settings.issuer_address or settings.issuer
    try:
        await KeySource(discovery=address).find(None)
    except IssuerUnavailable:
        return [wrong(f"the issuer at {address} gives no keys: start it, or set ENTENTE_ISSUER_ADDRESS")]
    return [ok(f"the issuer at {address} gives its keys")]


async def database_clock_agrees(settings: Settings) -> list[Finding]:
    """This machine's clock and that of the database."""
    service = next(iter(SERVICES))
    try:
        db = await asyncpg.connect(_any_role(settings, service), timeout=5)
    except (*PROBLEMS, SettingsError) as problem:
        return [note(f"the database's clock was not looked at ({_said(problem)})")]
    try:
        before = time.time()
        there: datetime = await db.fetchval("select clock_timestamp()")
        here = (before + time.time()) / 2
    finally:
        await db.close()
    return [_compared("the database", there.timestamp() - here, SKEW)]


async def issuer_clock_agrees(settings: Settings) -> list[Finding]:
    """This machine's clock and that of the issuer, as its answers are dated."""
    if _issuer_is_not_named(settings):
        return []
    address = settings.issuer_address or settings.issuer
    try:
        trust_env = httpx2.URL(address).host not in LOOPBACK_HOSTS
        async with httpx2.AsyncClient(trust_env=trust_env, timeout=5) as client:
            dated = parsedate_to_datetime((await client.get(address)).headers["date"])
    except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, ValueError) as problem:
        return [note(f"the issuer's clock was not looked at ({type(problem).__name__})")]
    return [_compared("the issuer", (dated - datetime.now(UTC)).total_seconds(), SKEW + 1)]


def _issuer_is_not_named(settings: Settings) -> bool:
    return settings.issuer == DEVELOPMENT_ISSUER and settings.issuer_address is None


def _compared(whose: str, seconds: float, most: float) -> Finding:
    if abs(seconds) <= most:
        return ok(f"the clock of {whose} agrees with this machine's")
    way = "ahead of" if seconds > 0 else "behind"
    return wrong(f"the clock of {whose} is {abs(seconds):.0f} s {way} this machine's: have both follow a time server")


def _said(problem: BaseException) -> str:
    name = type(problem).__name__
    return " ".join(f"{name}: {str(problem).removeprefix(f'{name}: ')}".split())[:200]


CHECKS: tuple[Check, ...] = (
    roles_can_enter,
    schemas_are_migrated,
    topics_are_right,
    issuer_has_keys,
    database_clock_agrees,
    issuer_clock_agrees,
)
