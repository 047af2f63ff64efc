"""A transcript of records, and what the sending institution recognises of it."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from services.exchanges.domain.component import Component, CreditWanted
from services.exchanges.domain.study_plan import MOST, recognised, sha256, studied, total
from shared.contracts.credit import Credit, CreditConversion
from shared.contracts.values import Code, Day, Instant, Sha256, Text, Words
from shared.domain.command import Command
from shared.domain.condition import Rounding
from shared.domain.refused import Invalid, Refused

ROUNDINGS = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
}


class NoConversion(Refused):
    """The programme does not say what credits of the scheme {scheme} count at the sending institution; amend its
    condition, or let the receiving institution give credits in a scheme that it names."""


class Result(Command):
    """What somebody achieved in one component."""

    key: Code
    """The component's in the learning agreement."""
    passed: bool
    credits: CreditWanted | None = None
    """What was achieved; none where credits do not apply."""
    grade: Words | None = None
    """In the scheme that the transcript names."""

    @model_validator(mode="after")
    def _nothing_for_failing(self) -> Self:
        if not self.passed and self.credits and Decimal(self.credits.value):
            raise ValueError("who did not pass has no `credits`: leave them out")
        return self


class TranscriptFile(Command):
    """The signed transcript, which is kept elsewhere."""

    sha256: Sha256
    """SHA-256 of the file's bytes, in hexadecimal."""
    url: HttpUrl


class TranscriptWanted(Command):
    """The results of a stay, as the receiving institution certifies them."""

    issued_on: Day
    grading_scheme: Text
    """How grades are to be read, such as "0–100, passed from 60"."""
    results: Annotated[list[Result], Field(min_length=1, max_length=MOST)]
    """One for each component that was to be studied there."""
    file: TranscriptFile | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({each.key for each in self.results}) < len(self.results):
            raise ValueError("give one result for each component")
        return self

    def require_covers(self, components: Iterable[Component]) -> None:
        """Raises Invalid unless it has a result for each component that is studied abroad, and for no other."""
        given, wanted = {each.key for each in self.results}, {each.key for each in studied(components)}
        if missing := wanted - given:
            raise Invalid(reason=f"a result is missing for {', '.join(sorted(missing))}")
        if unknown := given - wanted:
            raise Invalid(reason=f"no component in force is called {', '.join(sorted(unknown))}")


class Transcript(BaseModel):
    """A transcript as it was sent."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    issued_on: Day
    grading_scheme: Text
    results: list[Result]
    file: TranscriptFile | None
    sha256: Sha256
    """Over all of the above, in canonical form (RFC 8785); it stands on the public event."""
    sent_at: Instant

    @property
    def passed(self) -> list[tuple[Code, Credit]]:
        """The components that were passed with credits, and these."""
        return [
            (each.key, Credit(**each.credits.model_dump())) for each in self.results if each.passed and each.credits
        ]

    @property
    def credits(self) -> list[Credit]:
        """The sum of what was passed, in each scheme."""
        return total(credit for _, credit in self.passed)


def sent(wanted: TranscriptWanted, at: Instant) -> Transcript:
    """The transcript with its hash and the moment at which it was sent."""
    said = wanted.model_dump(mode="json", include=set(TranscriptWanted.model_fields))
    return Transcript(**{name: getattr(wanted, name) for name in said}, sha256=sha256(said), sent_at=at)


class Recognised(BaseModel):
    """What one component abroad counts at home."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    key: Code
    achieved: Credit
    counted: Credit
    """In a scheme of the sending institution."""


class Recognition(BaseModel):
    """What the sending institution recognised. All that was passed is: nobody is asked to sit another examination."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    conversion: CreditConversion | None
    """The rate that the programme named; null where both institutions use one scheme."""
    results: list[Recognised]
    credits: list[Credit]
    """The sum of what counts, in each scheme."""
    at: Instant


def recognition(
    transcript: Transcript, components: Sequence[Component], conversion: CreditConversion | None, at: Instant
) -> Recognition:
    """What the passed components count by the programme's conversion; raises NoConversion."""
    home = {credit.scheme for each in recognised(components) for credit in each.credits}
    results = [
        Recognised(key=key, achieved=credit, counted=converted(credit, conversion, home))
        for key, credit in transcript.passed
    ]
    counted = total(each.counted for each in results)
    return Recognition(conversion=conversion, results=results, credits=counted, at=at)


def converted(credit: Credit, conversion: CreditConversion | None, home: set[Code]) -> Credit:
    """What a component's credits count at home; `home` are the schemes that components recognised there have.

    Raises NoConversion.
    """
    if conversion is None:
        if home and credit.scheme not in home:
            raise NoConversion(scheme=credit.scheme)
        return credit
    if credit.scheme == conversion.sending_scheme:
        return credit
    if credit.scheme != conversion.receiving_scheme:
        raise NoConversion(scheme=credit.scheme)
    step = Decimal(conversion.step)
    steps = Decimal(credit.value) * Decimal(conversion.rate) / step
    rounded = steps.quantize(Decimal(1), ROUNDINGS[Rounding(conversion.rounding)]) * step
    return Credit(scheme=conversion.sending_scheme, value=f"{rounded:.2f}")
