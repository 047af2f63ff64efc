"""The areas of cooperation, which an installation names in a file."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML, YAMLError

from shared.contracts.values import Code, Text
from shared.domain.refused import Refused
from shared.messaging.outbox import Connection
from shared.service.settings import Settings, SettingsError

_FORM: TypeAdapter[dict[Code, Text]] = TypeAdapter(dict[Code, Text])


class AreaUnknown(Refused):
    """This installation has no area of cooperation {area}; choose from {areas}.

    `deploy/areas.yaml`, or the file that ENTENTE_AREAS names, lists the areas. An operator can add one.
    """

    status = 422


class Areas:
    """The areas of this installation with their names."""

    def __init__(self, names: dict[str, Text]) -> None:
        self.names = names

    def require(self, areas: Iterable[str]) -> None:
        """Raises AreaUnknown for the first area that the installation does not name."""
        for area in areas:
            if area not in self.names:
                raise AreaUnknown(area=area, areas=", ".join(self.names))


def areas_of(settings: Settings) -> Callable[[Connection], Areas]:
    """The port `areas` of a service, from the file of the settings; raises SettingsError when it cannot be read."""
    known = Areas(read_areas(settings.areas))

    def areas(db: Connection) -> Areas:
        return known

    return areas


@cache
def read_areas(path: Path) -> dict[str, Text]:
    """Code and name of each area in a file; raises SettingsError when it cannot be read."""
    try:
        names = _FORM.validate_python(YAML(typ="safe").load(path.read_text("utf-8")))
    except OSError as error:
        raise SettingsError(f"the areas of cooperation cannot be read: {error}; set ENTENTE_AREAS to a file") from None
    except (YAMLError, ValidationError, UnicodeDecodeError) as error:
        wrong = " ".join(str(error).split())[:300]
        raise SettingsError(f"{path} does not list areas as `code: {{en: …, zh: …}}`: {wrong}") from None
    if not names:
        raise SettingsError(f"{path} lists no area of cooperation; give at least one")
    return names
