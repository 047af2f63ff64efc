"""A small valid scenario, and its mistakes after a change."""

from pathlib import Path

from scenarios.reading.load import load
from scenarios.reading.mistakes import WrongScenario

RIGHT = """\
name: {en: Two cities}
organisations:
  here:
    kind: university
    name: {en: Here}
    country: GB
    city: {en: Here}
  there:
    kind: government
    name: {en: There, zh: 那里}
    country: CN
    city: {en: There}
people:
  operator:
    subject: keeper
    name: {en: Keeper}
    offices: [{organisation_id: $here, title: {en: Keeper}, roles: [operator]}]
  officer:
    subject: officer
    name: {en: Officer}
    offices: [{organisation_id: $here, title: {en: Officer}, roles: [partnership-officer]}]
steps:
  - step: An agreement is drafted
    as: officer
    draft_agreement:
      kind: treaty-of-friendship
      title: {en: Friends}
      text: {en: We are friends.}
      areas: [culture]
      time_zone: Europe/London
      starts_on: today
      signatories: [$here, $there]
    save: agreement
    expect:
      - partners: {agreements: $agreement, status: draft}
"""


def written(folder: Path, text: str = RIGHT) -> Path:
    """Writes `text` to a file."""
    path = folder / "story.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes_of(folder: Path, text: str) -> list[str]:
    """The mistakes reported in a file with this text, without the file's name."""
    path = written(folder, text)
    try:
        load(path)
    except WrongScenario as wrong:
        return [str(fault).removeprefix(f"{path}:") for fault in wrong.mistakes]
    return []


def mistakes_with(folder: Path, right: str, wrong: str) -> list[str]:
    """The mistakes reported in the valid scenario with `right` replaced by `wrong`."""
    assert RIGHT.count(right) == 1, f"{right!r} must occur exactly once in the scenario"
    return mistakes_of(folder, RIGHT.replace(right, wrong))
