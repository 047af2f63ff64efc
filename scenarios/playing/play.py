"""Plays a scenario through the public HTTP APIs: each step by its person, then its expectations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scenarios.catalogue import Catalogue, catalogue
from scenarios.playing.calls import check_calls
from scenarios.playing.client import Endpoints, PlayError, connect
from scenarios.playing.directory import ensure_directory
from scenarios.playing.expectations import check_expectation
from scenarios.playing.participants import note_earlier_mails
from scenarios.playing.progress import Check, Ensured, Finding, Progress, StepBegan, StepResult
from scenarios.playing.session import Session
from scenarios.story import Scenario, Step


@dataclass(frozen=True)
class Played:
    """How a scenario went: the result of each step, the directory, and how many events were seen."""

    results: list[StepResult]
    events: int
    directory: Sequence[Ensured] = ()

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return all(result.ok for result in self.results)


async def play(
    scenario: Scenario, endpoints: Endpoints, report: Callable[[Progress], None], rows: Catalogue | None = None
) -> Played:
    """Plays a scenario on an installation and reports what happens; raises PlayError if it cannot begin.

    It ends at the first step that is not as expected, since the later ones build on it.
    """
    async with connect(endpoints) as client:
        ensured: list[Ensured] = []

        def note(progress: Progress) -> None:
            if isinstance(progress, Ensured):
                ensured.append(progress)
            report(progress)

        session = Session(scenario, client, rows or catalogue(), note)
        await note_earlier_mails(session)
        await ensure_directory(session)
        results = await _play_steps(session)
        return Played(results, len(session.tracker.events), ensured)


async def _play_steps(session: Session) -> list[StepResult]:
    results: list[StepResult] = []
    for step in session.scenario.steps:
        if results and not results[-1].ok:
            results.append(StepResult(step, played=False))
            continue
        session.report(StepBegan(step, len(session.scenario.steps)))
        results.append(await _play_step(session, step))
    return results


async def _play_step(session: Session, step: Step) -> StepResult:
    result = StepResult(step)
    try:
        await _check_step(session, result)
    except PlayError as error:
        expected, seen = Finding("an answer", {}), Finding(str(error), {"error": str(error)})
        await _add(session, result, Check("call", expected, seen, ok=False, line=step.line))
    return result


async def _check_step(session: Session, result: StepResult) -> None:
    step, subject = result.step, None
    if step.calls:
        checks, subject = await check_calls(session, step)
        for check in checks:
            await _add(session, result, check)
    await _settle(session, result)
    for expectation in step.later if result.ok else ():
        check = await check_expectation(session, step, expectation.fields, subject)
        await _add(session, result, replace(check, line=expectation.line))
    # What an expectation waited for may have published more, such as at a start date: the next step builds on it.
    await _settle(session, result)


async def _settle(session: Session, result: StepResult) -> None:
    if result.ok and (behind := await session.tracker.settled()):
        await _add(session, result, replace(behind, line=result.step.line))


async def _add(session: Session, result: StepResult, check: Check) -> None:
    """Adds a check, with names instead of ids in its words."""
    words = (check.expected.words, check.seen.words, check.why)
    if not check.ok:
        await session.look_up_names(words)
    expected, seen, why = map(session.readable, words)
    check = replace(
        check, expected=check.expected._replace(words=expected), seen=check.seen._replace(words=seen), why=why
    )
    result.checks.append(check)
    session.report(check)
