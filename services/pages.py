"""The pages of docs/ that are written from the services' code: problems, lifecycles and personal data.

`python -m services.pages write` writes them (`make contracts`), `check` lists those that differ from the code.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Every module that a running service has: all its refusals are then known.
import shared.service.serve as _  # noqa: F401
from services import SERVICES
from services.privacy_page import privacy
from shared.contracts.event import Event
from shared.domain.aggregate import Lifecycle
from shared.http.problem_pages import TYPE, pages
from shared.service.rows import Service
from shared.service.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
PROBLEMS = f"""# Problems

Every refusal and every error is a problem detail (RFC 9457), `application/problem+json`. A refused request
changes nothing.

```json
{{
  "type": "{TYPE}places-promised",
  "title": "Places promised",
  "status": 409,
  "detail": "The programme has 1 places left, and the call asks for 3; ask for fewer, or close a call that does not need its places.",
  "facts": {{"free": 1, "number": 3}}
}}
```

- `type` is stable: compare it to distinguish problems. It is also an address of the service that you called, which has
  the problem's part of this page: no token is needed.
- `detail` says what to do, for people. `facts` has the values that it names, for programs.
- `errors`, with `invalid` only, has an entry for each wrong field: `field` and `reason`. `trace`, with `internal` only,
  leads an operator to the log.
"""  # noqa: E501
LIFECYCLES = """# Lifecycles

The states of every aggregate that has some, of a deal's milestones, an initiative's deliverables and an activity's
follow-up actions. Each row of a table is one transition, with the event that tells of it and what causes it: a use
case with the roles that may ask for it, a timer, or a policy on another event. An act with two rows needs every side:
the first row is for all but the last of them, the second for the last. A role alone is not enough where sides are
involved: the act is then refused to everybody else (`not-a-side`).
"""


def problems() -> str:
    """docs/problems.md: every problem of every service."""
    return "\n".join([PROBLEMS, *(f"{page.text}\n" for page in pages().values())])


def lifecycles(services: list[Service]) -> str:
    """docs/lifecycles.md: a diagram and a table for each lifecycle, service by service."""
    parts = [LIFECYCLES]
    for service in services:
        if found := dict(_with_lifecycle(service)):
            parts.append(f"## {service.name}\n")
            parts += [f"### {name}\n\n{_described(service, lifecycle)}\n" for name, lifecycle in found.items()]
    return "\n".join(parts)


def _with_lifecycle(service: Service) -> Iterator[tuple[str, Lifecycle]]:
    domain = [
        module for name, module in sorted(sys.modules.items()) if name.startswith(f"services.{service.name}.domain.")
    ]
    for module in domain:
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and "lifecycle" in vars(kind):
                yield re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower(), vars(kind)["lifecycle"]


def _described(service: Service, lifecycle: Lifecycle) -> str:
    rows = [
        f"| {row.source} | {row.what} | {row.target} | `{row.event.type}` | {'; '.join(_causes(service, row.event))} |"
        for row in lifecycle.rows
    ]
    table = ["| from | what | to | event | caused by |", "|---|---|---|---|---|", *rows]
    return "\n".join(["```mermaid", lifecycle.mermaid(), "```", "", *table])


def _causes(service: Service, event: type[Event]) -> Iterator[str]:
    """The rows of the service that emit the event."""
    for row in service.commands:
        if event in row.emits:
            yield f"`{row.name}` ({' or '.join(sorted(row.may))})"
    for timer in service.timers:
        if event in timer.emits:
            yield f"timer `{timer.kind}`"
    for policy in (each for consumer in service.consumers for each in consumer.policies):
        if event in policy.emits:
            yield f"policy on {', '.join(sorted(f'`{cause.type}`' for cause in policy.takes))}"


def written() -> dict[Path, str]:
    """What each page should hold."""
    services = [make(Settings.model_validate({"development": True})) for make in SERVICES.values()]
    made = {"problems.md": problems(), "lifecycles.md": lifecycles(services), "privacy.md": privacy(services)}
    return {DOCS / page: text for page, text in made.items()}


def main(arguments: list[str]) -> int:
    """Writes or checks the pages; returns the exit status."""
    if arguments not in (["write"], ["check"]):
        print("usage: python -m services.pages write|check", file=sys.stderr)
        return 2
    differing = [page for page, text in written().items() if not page.is_file() or page.read_text("utf-8") != text]
    if arguments == ["write"]:
        for page, text in written().items():
            page.write_text(text, "utf-8", newline="\n")
        return 0
    for page in differing:
        print(f"docs/{page.name} differs from the code: run `make contracts`, read the difference and commit it.")
    return bool(differing)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
