"""Shows a scenario on a terminal while it is played, and a table of its steps at the end."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from scenarios.playing.play import Played
from scenarios.playing.progress import (
    Applied,
    Called,
    Check,
    Delivered,
    Ensured,
    Progress,
    Published,
    SignedIn,
    StepBegan,
    StepResult,
    short,
)
from scenarios.story import Scenario

INDENT = 6


class Screen:
    """Shows the progress of one play; `show` is for `play`. `verbose` shows each applied event and right check too."""

    def __init__(self, console: Console, scenario: Scenario, *, verbose: bool = False) -> None:
        self._console, self._scenario, self._verbose = console, scenario, verbose
        self._ensured: list[Ensured] = []
        self._began = False
        self._asked: set[str] = set()

    def begin(self) -> None:
        """Shows the title."""
        name = self._scenario.name
        self._console.print(Line(" · ".join(filter(None, (name.en, name.zh))) + "\n", style="bold"))

    def show(self, progress: Progress) -> None:
        """Shows one thing that happened."""
        match progress:
            case Ensured():
                self._ensured.append(progress)
            case StepBegan():
                self._step(progress)
            case SignedIn():
                self._print(f"{progress.person.name} signs in with the link in the mail to {progress.address}")
            case Called():
                self._called(progress)
            case Published() if self._began:
                self._published(progress)
            case Applied() if self._began and self._verbose:
                event = short(progress.event.type)
                self._print(f"{progress.service} applied it ({progress.consumer}): {event}", "green", deeper=1)
            case Delivered():
                where = f"mail to {progress.address}" if progress.address else "inbox"
                self._print(f"{progress.to.name} gets a message ({where}):", "magenta")
                self._print(progress.title, "magenta", deeper=1)
            case Check() if not progress.ok or (self._verbose and progress.kind != "call"):
                self._check(progress)
            case _:
                pass  # the directory's own events, and calls that were accepted

    def _step(self, began: StepBegan) -> None:
        if not self._began:
            self._began = True
            self._directory()
        title = began.step.title
        self._asked = {call.use_case for call in began.step.calls}
        self._console.print(Line(f"\n{began.step.number:>2}/{began.total} {title.en or title.zh}", style="bold"))
        if title.en and title.zh:
            self._print(title.zh, "dim")
        if began.step.at_the_same_time:
            self._print("at the same time:", "dim")

    def _directory(self) -> None:
        made = sum(each.made for each in self._ensured)
        people = sum(each.kind == "person" for each in self._ensured)
        others = len(self._ensured) - people
        self._console.print(f"The directory: {others} organisations and {people} people, {made} of them new.")
        for each in self._ensured:
            if each.differences:
                self._print(difference_of(each), "yellow")

    def _called(self, called: Called) -> None:
        self._print(f"{called.actor.name} → {called.service}: {_words(called.use_case)}")
        if called.problem:
            self._print(f"refused: {called.problem}", "yellow", deeper=1)
            self._print(called.detail, "dim", deeper=1)

    def _published(self, event: Published) -> None:
        about = f" ({event.about})" if event.about else ""
        why = "" if event.use_case in self._asked else f", automatically: {_words(event.use_case)}"
        self._print(f"{event.service} published {short(event.type)}{about}{why}", "cyan")

    def _check(self, check: Check) -> None:
        if check.ok:
            self._print(f"ok: {check.expected.words}")
        else:
            self._print(f"NOT as expected (line {check.line}): {check.expected.words}", "bold red")
            self._print(f"seen: {check.seen.words}", "red", deeper=1)
            if check.why:
                self._print(f"because {check.why}", "red", deeper=1)

    def table(self, played: Played) -> None:
        """Shows one line for each step that was played, and how the story ended."""
        # `ratio` counts in an expanded table only: otherwise a long title takes the room of the other columns too.
        table = Table(
            title=str(self._scenario.name), title_justify="left", pad_edge=False, padding=(0, 1, 0, 0), expand=True
        )
        table.add_column("#", justify="right", no_wrap=True)
        table.add_column("step", ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column("checks", justify="right", no_wrap=True)
        table.add_column("", no_wrap=True)
        for result in played.results:
            if result.played:
                table.add_row(*_row(result))
        if left := [result.step for result in played.results if not result.played]:
            last = f"–{left[-1].number}" if len(left) > 1 else ""
            table.add_row(f"{left[0].number}{last}", f"{len(left)} not played", "", "–", style="dim")
        self._console.print()
        self._console.print(table)
        self._console.print(Line(_end(played), style="bold green" if played.ok else "bold red"))

    def _print(self, text: str, style: str = "", *, deeper: int = 0) -> None:
        """Prints indented text, including wrapped lines."""
        self._console.print(Padding(Line(text, style=style), (0, 0, 0, INDENT + 2 * deeper), expand=False))


def difference_of(ensured: Ensured) -> str:
    """A sentence on what the directory has otherwise than the file."""
    fields = ", ".join(each.field for each in ensured.differences)
    if ensured.made:
        return f"{ensured.name}: new; the directory has another one of this name, which differs in {fields}"
    return f"{ensured.name}: differs from your file: {fields}; the directory is used as it is"


def _row(result: StepResult) -> tuple[str, Line, str, Line]:
    ok = Line("ok", style="green") if result.ok else Line("NO", style="bold red")
    right = sum(check.ok for check in result.checks)
    return str(result.step.number), Line(str(result.step.title)), f"{right}/{len(result.checks)}", ok


def _end(played: Played) -> str:
    right = sum(result.ok for result in played.results)
    total = f"{right} of {len(played.results)} steps as expected, {played.events} events."
    failed = next((result for result in played.results if result.played and not result.ok), None)
    wrong = next((check for check in failed.checks if not check.ok), None) if failed else None
    if failed is None or wrong is None:
        return total
    why = f", because {wrong.why}" if wrong.why else ""
    return (
        f"{total} It ended at step {failed.step.number}, line {wrong.line}:"
        f" expected {wrong.expected.words}; seen {wrong.seen.words}{why}".rstrip(".")
        + "."
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
