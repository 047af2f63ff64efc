"""Sends the calls of a step, one or several at the same time, and checks how they were answered."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.catalogue import UseCase
from scenarios.playing.client import Problem, problem_of
from scenarios.playing.participants import person_of
from scenarios.playing.progress import Called, Check, Finding
from scenarios.playing.session import Session
from scenarios.references import UnknownReference
from scenarios.story import Call, Person, Step


@dataclass(frozen=True)
class Answer:
    """The answer to a call; `id` is that of the thing created or changed, or to be changed."""

    call: Call
    actor: Person
    id: str | None = None
    problem: Problem | None = None

    @property
    def words(self) -> str:
        """The answer in words, without who called."""
        return f"refused: {self.problem.slug}: {self.problem.detail}" if self.problem else "accepted"

    @property
    def data(self) -> dict[str, Any]:
        """The answer as data."""
        problem = self.problem._asdict() if self.problem else None
        return {"as": self.call.actor, "use_case": self.call.use_case, "accepted": not self.problem, "problem": problem}


@dataclass(frozen=True)
class _Request:
    """A call that is ready to be sent."""

    call: Call
    actor: Person
    use_case: UseCase
    path: str
    body: Mapping[str, Any] | None
    version: int | None
    target: str | None


async def send(session: Session, step: Step) -> list[Answer]:
    """Sends all calls of a step at once; raises UnknownReference before it sends anything."""
    requests = [await _prepare(session, call) for call in step.calls]
    answers = await asyncio.gather(*(_send(session, request) for request in requests))
    for answer in answers:
        problem = answer.problem or Problem("", "")
        use_case = session.rows.use_cases[answer.call.use_case]
        detail = session.readable(problem.detail)
        session.report(Called(answer.actor, use_case.service, use_case.row.name, problem.slug or None, detail))
    return answers


async def _prepare(session: Session, call: Call) -> _Request:
    use_case, actor = session.rows.use_cases[call.use_case], await person_of(session, call.actor)
    target = None if use_case.row.creates else session.resolved(call.fields).get(f"{use_case.kind}_id")
    where = session.rows.documents_of(use_case.kind or "")
    # Like a web page: people read what they change, and are refused if it has changed since.
    read = await session.look_at(actor, where, target, call.acting_for) if where and target else {}
    fields = session.resolved(call.fields)
    in_path = {name: fields[name] for name in use_case.row.path_fields}
    body = {name: value for name, value in fields.items() if name not in in_path} or None
    return _Request(call, actor, use_case, use_case.row.path.format(**in_path), body, read.get("version"), target)


async def _send(session: Session, request: _Request) -> Answer:
    call, actor = request.call, request.actor
    answer = await session.request(
        actor, request.use_case.service, "POST", request.path,
        acting_for=call.acting_for, body=request.body, version=request.version,
    )  # fmt: skip
    body: dict[str, Any] = answer.json()
    if answer.is_error:
        return Answer(call, actor, request.target, problem_of(body))
    kind = request.use_case.kind or ""
    session.seen(kind, body)
    if call.save:
        session.keep(call.save, kind, body)
    return Answer(call, actor, body.get("id"))


async def check_calls(session: Session, step: Step) -> tuple[list[Check], str | None]:
    """The checks of a step's calls, and the id of the thing that a single call created or changed."""
    try:
        answers = await send(session, step)
    except UnknownReference as unknown:
        expected = Finding("the step can be sent", {"accepted": True})
        return [Check("call", expected, Finding(str(unknown), {"error": str(unknown)}), ok=False, line=step.line)], None
    if step.at_the_same_time:
        return check_group(step, answers), None
    return [_check_one(step, answer) for answer in answers], answers[0].id


def _check_one(step: Step, answer: Answer) -> Check:
    seen = Finding(answer.words, answer.data)
    if not step.refusals:
        return Check("call", Finding("accepted", {"accepted": True}), seen, answer.problem is None, line=step.line)
    wanted = step.refusals[0]
    slug = wanted.fields["refused"]
    ok = bool(answer.problem and answer.problem.slug == slug)
    if ok:
        seen = Finding(f"refused: {slug}", answer.data)
    return Check("refused", Finding(f"refused: {slug}", {"refused": slug}), seen, ok, line=wanted.line)


def check_group(step: Step, answers: Sequence[Answer]) -> list[Check]:
    """How many calls were accepted, and with which problems the others were refused."""
    data = {"answers": [answer.data for answer in answers]}
    words = "; ".join(f"{answer.actor.name}: {answer.words}" for answer in answers)
    slugs = [answer.problem.slug for answer in answers if answer.problem]
    named = [each.fields["refused"] for each in step.refusals]
    checks: list[Check] = []
    for each in step.expect:
        if "accepted" in each.fields:
            number = each.fields["accepted"]
            ok = len(answers) - len(slugs) == number and (not named or set(slugs) <= set(named))
            others = f", the others refused with {' or '.join(named)}" if named else ""
            expected = Finding(f"{number} of {len(answers)} accepted{others}", {"accepted": number, "refused": named})
            seen = Finding(words, {"accepted": len(answers) - len(slugs)} | data)
            checks.append(Check("accepted", expected, seen, ok, line=each.line))
        elif "refused" in each.fields:
            slug = each.fields["refused"]
            expected = Finding(f"one or more refused: {slug}", {"refused": slug})
            checks.append(Check("refused", expected, Finding(words, data), slug in slugs, line=each.line))
    return checks
