"""Every problem has a page that says what it means and what to do, and no page is of no problem."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator

import pytest

import services
import shared
from shared.domain.refused import Refused
from shared.http.problems import SLUGS, TYPE
from tests.harness.parts import ROOT

OURS = ("shared.", "services.")
PAGES = ROOT / "docs" / "problems"


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _refusals() -> dict[str, type[Refused]]:
    for root in (shared, services):
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            importlib.import_module(module.name)
    return {one.slug(): one for one in _below(Refused) if one.__module__.startswith(OURS)}


REFUSALS = _refusals()
NAMES = sorted({*REFUSALS, *SLUGS})


def test_each_problem_has_a_page_and_each_page_a_problem() -> None:
    """The pages are those of the refusals and of what the edge itself answers, and the index names all of them."""
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
    index = re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \|", (PAGES / "README.md").read_text(encoding="utf-8"), re.M)

    assert (sorted(pages), index) == (NAMES, NAMES)


@pytest.mark.parametrize("slug", NAMES)
def test_a_page_says_all_of_its_problem(slug: str) -> None:
    """A page names the type and the status, says what it means and what to do, and shows a problem of this kind."""
    page = (PAGES / f"{slug}.md").read_text(encoding="utf-8")
    said = re.search(rf"^`{TYPE}{slug}`, status (\d+)$", page, re.M)
    shown = re.search(r"```json\n(.*)```", page, re.S)

    assert said is not None
    assert shown is not None
    example = json.loads(shown[1])
    assert (example["type"], example["status"]) == (TYPE + slug, int(said[1]))
    assert all(f"**{part}.** " in page for part in ("What it means", "What to do"))


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=list(REFUSALS))
def test_a_page_has_the_sentence_and_status_of_its_refusal(refusal: type[Refused]) -> None:
    """The page quotes the sentence that the service says, and its example is that sentence with its facts."""
    page = (PAGES / f"{refusal.slug()}.md").read_text(encoding="utf-8")
    shown = re.search(r"```json\n(.*)```", page, re.S)

    assert shown is not None
    example = json.loads(shown[1])
    sentence = " ".join((refusal.__doc__ or "").split())
    assert (f"> {sentence}\n" in page, example["status"]) == (True, refusal.status)
    if refusal.slug() != "invalid":  # its sentence is that of the fields
        assert example["detail"] == sentence.format(**example.get("facts", {}))


def test_no_two_refusals_share_a_type() -> None:
    """A type names one refusal, in whatever service: its sentence and status are the same everywhere."""
    kinds: dict[str, set[tuple[int, str]]] = {}
    for one in (one for one in _below(Refused) if one.__module__.startswith(OURS)):
        kinds.setdefault(one.slug(), set()).add((one.status, " ".join((one.__doc__ or "").split())))

    assert [slug for slug, said in kinds.items() if len(said) > 1] == []
