"""Showing a scenario as it is played: who did what, which events every other service took from it, and the table."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from scenarios.playing.play import Played
from scenarios.playing.progress import (
    Applied,
    Called,
    Delivered,
    Ensured,
    Happening,
    Held,
    Outcome,
    Published,
    StepBegan,
    short,
)
from scenarios.story import Scenario

INDENT = 6
NOT_PLAYED = "not played"


class Screen:
    """Tells what happens on a console; `tell` is for `play`."""

    def __init__(self, console: Console, scenario: Scenario) -> None:
        self._console, self._scenario = console, scenario
        self._ensured: list[Ensured] = []
        self._began = False
        self._asked = ""

    def begin(self) -> None:
        """The title."""
        name = self._scenario.name
        self._console.print(Line(" · ".join(filter(None, (name.en, name.zh))) + "\n", style="bold"))

    def tell(self, happening: Happening) -> None:
        """Shows one thing that happened."""
        match happening:
            case Ensured():
                self._ensured.append(happening)
            case StepBegan():
                self._step(happening)
            case Called():
                self._called(happening)
            case Published() if self._began:
                self._published(happening)
            case Applied() if self._began:
                event = short(happening.event.type)
                self._print(f"{happening.service} took it ({happening.consumer}): {event}", "green", deeper=1)
            case Delivered():
                where = f"mail to {happening.address}" if happening.address else "inbox"
                self._print(f"{happening.to.name} is told ({where}):", "magenta")
                self._print(happening.title, "magenta", deeper=1)
            case Held() if happening.expected != "done" or not happening.ok:
                self._held(happening)
            case _:
                pass  # the directory's own events, before the story, and what was merely done

    def _step(self, began: StepBegan) -> None:
        if not self._began:
            self._began = True
            self._directory()
        title = began.step.title
        self._console.print(Line(f"\n{began.step.number:>2}/{began.total} {title.en or title.zh}", style="bold"))
        if title.en and title.zh:
            self._print(title.zh, "dim")

    def _directory(self) -> None:
        made = sum(each.made for each in self._ensured)
        people = sum(each.what == "person" for each in self._ensured)
        others = len(self._ensured) - people
        self._console.print(f"The directory: {others} organisations and {people} people, {made} of them new.")

    def _called(self, called: Called) -> None:
        self._asked = called.use_case
        self._print(f"{called.actor.name} → {called.service}: {_words(called.use_case)}")
        if called.problem:
            self._print(f"refused: {called.problem}", "yellow", deeper=1)
            self._print(called.detail, "dim", deeper=1)

    def _published(self, event: Published) -> None:
        about = f" ({event.about})" if event.about else ""
        why = "" if event.use_case == self._asked else f", by itself: {_words(event.use_case)}"
        self._print(f"{event.service} published {short(event.type)}{about}{why}", "cyan")

    def _held(self, held: Held) -> None:
        if held.ok:
            self._print(f"ok: {held.expected}")
        else:
            self._print(f"NOT as expected: {held.expected}; seen: {held.seen} (line {held.line})", "bold red")

    def table(self, played: Played) -> None:
        """The steps with what was expected and seen, and how it ended."""
        table = Table(title=str(self._scenario.name), title_justify="left", pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("#", justify="right", no_wrap=True)
        for name in ("step", "expected", "seen"):
            table.add_column(name, ratio=1, overflow="fold")
        table.add_column("ok", no_wrap=True)
        for outcome in played.outcomes:
            _rows(table, outcome)
        self._console.print()
        self._console.print(table)
        right = sum(outcome.ok for outcome in played.outcomes)
        said = f"{right} of {len(played.outcomes)} steps as expected, {played.events} events.{_end(played)}"
        self._console.print(Line(said, style="bold green" if played.ok else "bold red"))

    def _print(self, text: str, style: str = "", *, deeper: int = 0) -> None:
        """A line below its step, also where it is too long for one."""
        self._console.print(Padding(Line(text, style=style), (0, 0, 0, INDENT + 2 * deeper), expand=False))


def document(played: Played) -> dict[str, object]:
    """What `--json` prints."""
    steps = [
        {
            "step": str(outcome.step.title),
            "expected": "; ".join(held.expected for held in outcome.held),
            "seen": "; ".join(held.seen for held in outcome.held) if outcome.played else NOT_PLAYED,
            "ok": outcome.ok,
        }
        for outcome in played.outcomes
    ]
    return {"ok": played.ok, "steps": steps, "events": played.events}


def _end(played: Played) -> str:
    """Where the story ended before its end."""
    wrong = ((outcome.step, held) for outcome in played.outcomes for held in outcome.held if not held.ok)
    return next((f" It ended at step {step.number}, line {held.line}." for step, held in wrong), "")


def _rows(table: Table, outcome: Outcome) -> None:
    number, title = str(outcome.step.number), Line(str(outcome.step.title))
    if not outcome.played:
        table.add_row(number, title, "", Line(NOT_PLAYED, style="dim"), Line("–", style="dim"), end_section=True)
    for index, held in enumerate(outcome.held):
        first, last = index == 0, index == len(outcome.held) - 1
        ok = Line("ok", style="green") if held.ok else Line("NO", style="bold red")
        seen = Line(held.seen if held.ok else f"{held.seen} (step {number}, line {held.line})")
        table.add_row(*((number, title) if first else ("", "")), Line(held.expected), seen, ok, end_section=last)


def _words(name: str) -> str:
    return name.replace("_", " ")
