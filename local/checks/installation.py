"""Checks of the installation: database roles and schemas, topics, issuer, clocks."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import asyncpg
import httpx2
from aiokafka.errors import KafkaError

from local.checks import Finding, note, ok, wrong
from services import SERVICES, migrations_of
from shared.contracts import load_all
from shared.database.migrations import KINDS, schema_state
from shared.http.identity.keys import LOOPBACK_HOSTS, IssuerUnavailable, KeySource
from shared.kafka_admin.topics import Topics
from shared.service.settings import DEVELOPMENT_ISSUER, Settings, SettingsError

SKEW = 2.0
"""Seconds by which clocks may differ. Leases and timers follow the database's clock, tokens the issuer's."""

PATIENCE = 30.0
"""Seconds to wait for the database: a busy machine takes several to log in."""
Check = Callable[[Settings], Awaitable[list[Finding]]]
PROBLEMS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def roles_can_enter(settings: Settings) -> list[Finding]:
    """Each role of each service can log in to the database with its password."""
    return [await _logs_in(settings, service, kind) for service in SERVICES for kind in KINDS]


async def _logs_in(settings: Settings, service: str, kind: str) -> Finding:
    role = f"{service}_{kind}"
    try:
        db = await asyncpg.connect(settings.database_url(service, kind), timeout=PATIENCE)
    except SettingsError:
        return note(f"did not check {role}: its password is not set here")
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError):
        return wrong(f"{settings.database} refuses {role}'s password: run `entente migrate --admin DSN` to set it")
    except asyncpg.InvalidCatalogNameError:
        return wrong(f"the database {settings.database} does not exist: run `entente migrate --admin DSN` to create it")
    except asyncpg.PostgresError as problem:
        return wrong(f"{settings.database} answers but refuses {role} ({_said(problem)}): {_remedy(problem)}")
    except PROBLEMS as problem:
        return wrong(f"{settings.database} does not answer ({_said(problem)}): start it, or set ENTENTE_DATABASE")
    await db.close()
    return ok(f"{role} can log in to {settings.database}")


def _remedy(refused: asyncpg.PostgresError) -> str:
    match refused:
        case asyncpg.InsufficientPrivilegeError():
            return "run `entente migrate --admin DSN` to set its rights"
        case asyncpg.TooManyConnectionsError():
            return "close some of its connections, or raise max_connections"
        case asyncpg.CannotConnectNowError():
            return "it is starting or stopping: try again in a moment"
        case _:
            return "see the database's log"


async def schemas_are_migrated(settings: Settings) -> list[Finding]:
    """Each service's schema is as new as this version, or newer."""
    return [await _schema(settings, service) for service in SERVICES]


async def _schema(settings: Settings, service: str) -> Finding:
    try:
        state = await schema_state(_any_role(settings, service), migrations_of(service))
    except (*PROBLEMS, SettingsError) as problem:
        return note(f"could not check the schema of {service} ({_said(problem)})")
    if state.missing:
        return wrong(f"the schema of {service} lacks {', '.join(state.missing)}: run `entente migrate {service}`")
    return ok(f"the schema of {service} is {'newer than' if state.newer else 'what'} this version expects")


def _any_role(settings: Settings, service: str) -> str:
    """The DSN of a role whose password is set here. On Compose, a tool has only the operator's."""
    try:
        return settings.database_url(service)
    except SettingsError:
        return settings.database_url(service, "operator")


async def topics_are_right(settings: Settings) -> list[Finding]:
    """Kafka answers, and its topics are as this version needs them."""
    try:
        differences = await Topics(settings.kafka, load_all().values(), settings.topic_prefix).differences()
    except (KafkaError, OSError, TimeoutError) as problem:
        return [wrong(f"Kafka at {settings.kafka} does not answer ({_said(problem)}): start it, or set ENTENTE_KAFKA")]
    return [wrong(one.sentence) for one in differences] or [ok(f"the topics at {settings.kafka} are as they should be")]


async def issuer_has_keys(settings: Settings) -> list[Finding]:
    """The issuer's keys can be downloaded."""
    if _issuer_is_not_named(settings):
        return [note("did not check the issuer: ENTENTE_ISSUER is not set")]
    address = settings.issuer_address or settings.issuer
    try:
        await KeySource(discovery=address).find(None)
    except IssuerUnavailable:
        return [wrong(f"the issuer at {address} does not provide its keys: start it, or set ENTENTE_ISSUER_ADDRESS")]
    return [ok(f"the issuer at {address} provides its keys")]


async def database_clock_agrees(settings: Settings) -> list[Finding]:
    """The database's clock agrees with this machine's."""
    service = next(iter(SERVICES))
    try:
        db = await asyncpg.connect(_any_role(settings, service), timeout=PATIENCE)
    except (*PROBLEMS, SettingsError) as problem:
        return [note(f"could not check the database's clock ({_said(problem)})")]
    try:
        before = time.time()
        there: datetime = await db.fetchval("select clock_timestamp()")
        here = (before + time.time()) / 2
    finally:
        await db.close()
    return [_compared("the database", there.timestamp() - here, SKEW)]


async def issuer_clock_agrees(settings: Settings) -> list[Finding]:
    """The issuer's clock, taken from the Date header of its answer, agrees with this machine's."""
    if _issuer_is_not_named(settings):
        return []
    address = settings.issuer_address or settings.issuer
    try:
        trust_env = httpx2.URL(address).host not in LOOPBACK_HOSTS
        async with httpx2.AsyncClient(trust_env=trust_env, timeout=PATIENCE) as client:
            dated = parsedate_to_datetime((await client.get(address)).headers["date"])
    except (httpx2.HTTPError, httpx2.InvalidURL, KeyError, ValueError) as problem:
        return [note(f"could not check the issuer's clock ({type(problem).__name__})")]
    return [_compared("the issuer", (dated - datetime.now(UTC)).total_seconds(), SKEW + 1)]


def _issuer_is_not_named(settings: Settings) -> bool:
    return settings.issuer == DEVELOPMENT_ISSUER and settings.issuer_address is None


def _compared(whose: str, seconds: float, most: float) -> Finding:
    if abs(seconds) <= most:
        return ok(f"the clock of {whose} agrees with this machine's")
    way = "ahead of" if seconds > 0 else "behind"
    return wrong(f"the clock of {whose} is {abs(seconds):.0f} s {way} this machine's: use a time server for both")


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
