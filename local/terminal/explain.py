"""Turns expected errors into one line and an exit status, without a traceback."""

import asyncpg
from aiokafka.errors import KafkaError
from pydantic import ValidationError
from typer import Abort, TyperException

from local import Failed, NotReady, StateHeld
from local.errors import CommandError
from local.jars import JarUnavailable, WrongSum
from local.ports import NoPortFree
from local.running_as_root import FolderTaken
from shared.database.migrations import MigrationFailed, StillMigrating
from shared.database.pool import DatabaseAway
from shared.domain.refused import Refused
from shared.service.settings import Settings, SettingsError

WRONG_USAGE = 2
FAILURE = 1


SENTENCES = (
    CommandError, StateHeld, Failed, NotReady, JarUnavailable, WrongSum, FolderTaken, NoPortFree, MigrationFailed,
    StillMigrating, DatabaseAway, Refused,
)  # fmt: skip
AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError, OSError, TimeoutError)


def explain(error: BaseException) -> tuple[str, int] | None:
    """Return the error's sentence and exit status; None if the error is unexpected."""
    match error:
        case Abort():
            return "cancelled: nothing was done", FAILURE
        case TyperException():
            return one_line(_of_usage(error)), WRONG_USAGE
        case ValidationError() if error.title == Settings.__name__:
            return one_line(_of_settings(error)), WRONG_USAGE
        case ValidationError():
            return one_line(_of_fields(error)), WRONG_USAGE
        case SettingsError():
            return one_line(str(error)), WRONG_USAGE
        case _ if isinstance(error, SENTENCES):
            return one_line(str(error)), FAILURE
        case _ if isinstance(error, AWAY):
            name = type(error).__name__  # Kafka's errors begin with their own name
            return one_line(f"{name}: {str(error).removeprefix(f'{name}: ')}"), FAILURE
        case _:
            return None


def one_line(text: str) -> str:
    """Return the text with each run of white space replaced by one space."""
    return " ".join(text.split())


def _of_usage(error: TyperException) -> str:
    message = getattr(error, "format_message", lambda: str(error))()
    return f"{message.rstrip('.')}. `entente COMMAND --help` shows how." if message else "see `entente --help`"


def _of_settings(error: ValidationError) -> str:
    return "; ".join(
        f"{'ENTENTE_' + str(wrong['loc'][0]).upper() + ': ' if wrong['loc'] else ''}{_plain(wrong['msg'])}"
        for wrong in error.errors()
    )


def _of_fields(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, w['loc'])) or 'it'}: {_plain(w['msg'])}" for w in error.errors())


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")
