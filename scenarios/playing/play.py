"""Playing a scenario through the public HTTP APIs: each step by its person, each expectation waited for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from scenarios.catalogue import Catalogue, UseCase, catalogue
from scenarios.playing.client import Places, PlayError, calling
from scenarios.playing.directory import ensure_directory
from scenarios.playing.expectations import expect
from scenarios.playing.progress import Called, Happening, Held, Outcome, StepBegan
from scenarios.playing.session import Stage
from scenarios.references import UnknownReference
from scenarios.story import Scenario, Step


@dataclass(frozen=True)
class Played:
    """How a scenario went: the outcome of each step, and how many events were seen."""

    outcomes: list[Outcome]
    events: int

    @property
    def ok(self) -> bool:
        """Whether everything was as expected."""
        return all(outcome.ok for outcome in self.outcomes)


async def play(
    scenario: Scenario, places: Places, tell: Callable[[Happening], None], rows: Catalogue | None = None
) -> Played:
    """Plays a scenario on the installation at `places`, telling what happens; raises PlayError if it cannot begin.

    The story ends at the first step that is not as expected, since the later ones build on it.
    """
    async with calling(places) as callers:
        return await _play(Stage(scenario, callers, rows or catalogue(), tell))


async def _play(stage: Stage) -> Played:
    await ensure_directory(stage)
    outcomes: list[Outcome] = []
    for step in stage.scenario.steps:
        if outcomes and not outcomes[-1].ok:
            outcomes.append(Outcome(step, played=False))
            continue
        stage.tell(StepBegan(step, len(stage.scenario.steps)))
        outcomes.append(await _step(stage, step))
    return Played(outcomes, len(stage.watch.events))


async def _step(stage: Stage, step: Step) -> Outcome:
    outcome = Outcome(step)
    try:
        await _play_step(stage, step, outcome)
    except PlayError as error:
        _hold(stage, outcome, Held("an answer", str(error), ok=False))
    return outcome


async def _play_step(stage: Stage, step: Step, outcome: Outcome) -> None:
    subject = None
    if step.use_case:
        called, subject = await _called(stage, step)
        _hold(stage, outcome, called)
    await _settle(stage, outcome)
    for said, line in zip(step.expect, step.expect_lines, strict=True) if outcome.ok else ():
        if "refused" not in said:
            _hold(stage, outcome, await expect(stage, said, subject), line)
    # What was seen may have come by itself after the call, such as a start date: the next step builds on that.
    await _settle(stage, outcome)


async def _settle(stage: Stage, outcome: Outcome) -> None:
    if outcome.ok and (lacking := await stage.watch.settled()):
        _hold(stage, outcome, lacking)


def _hold(stage: Stage, outcome: Outcome, held: Held, line: int | None = None) -> None:
    held = replace(held, line=line or outcome.step.line)
    outcome.held.append(held)
    stage.tell(held)


async def _called(stage: Stage, step: Step) -> tuple[Held, str | None]:
    """Whether the call went as expected, and the id of what it made or changed."""
    expected = f"refused: {step.refusal}" if step.refusal else "done"
    try:
        answer = await _call(stage, step)
    except UnknownReference as unknown:
        return Held(expected, str(unknown), ok=False), None
    body: Any = answer.json()
    if answer.is_error:
        problem = body["type"].rpartition("/")[2]
        seen = f"refused: {problem}" if problem == step.refusal else f"refused: {problem}: {body['detail']}"
        return Held(expected, seen, problem == step.refusal), None
    stage.seen(body)
    if step.save:
        stage.keep(step.save, body)
    return Held(expected, "done", step.refusal is None), body.get("id")


async def _call(stage: Stage, step: Step) -> httpx2.Response:
    use_case = stage.rows.use_cases[step.use_case or ""]
    actor = stage.scenario.people[step.actor or ""]
    asked = stage.resolved(step.fields)
    # As a page does: one reads what one changes, and is refused if it is no longer what one read.
    version = await _read_first(stage, step, use_case, asked)
    asked = stage.resolved(step.fields)
    in_path = {name: asked[name] for name in use_case.row.path_fields}
    body = {name: value for name, value in asked.items() if name not in in_path} or None
    answer = await stage.ask(
        actor, use_case.service, "POST", use_case.row.path.format(**in_path),
        acting_for=step.acting_for, body=body, version=version,
    )  # fmt: skip
    problem = answer.json() if answer.is_error else {}
    slug = problem.get("type", "").rpartition("/")[2] or None
    stage.tell(Called(actor, use_case.service, use_case.row.name, answer.status_code, slug, problem.get("detail", "")))
    return answer


async def _read_first(stage: Stage, step: Step, use_case: UseCase, asked: dict[str, Any]) -> int | None:
    """The version that the actor reads of what is to be changed; None for something new, or not theirs to see."""
    kind, where = use_case.kind, stage.rows.documents_of(use_case.kind or "")
    if use_case.row.creates or where is None or f"{kind}_id" not in asked:
        return None
    actor = stage.scenario.people[step.actor or ""]
    return (await stage.look_at(actor, where, asked[f"{kind}_id"], step.acting_for)).get("version")
