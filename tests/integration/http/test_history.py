"""A document's history in pages, and the document as it was on an earlier day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation
from tests.harness.story import draft, two_sides
from tests.harness.wrong import slug_of

TODAY = datetime.now(UTC).date()
AGED = """update history set at = at - make_interval(days => 10 * ($2 - version::int))
    where aggregate_id = $1 and kind = 'agreement'"""
LATER = {"title": {"en": "Later"}, "text": {"en": "We exchange more."}, "areas": ["talent"], "time_zone": "UTC"}


async def _revised(ours: Client, agreement: dict[str, Any]) -> dict[str, Any]:
    """The agreement with a second revision."""
    same = {name: agreement[name] for name in ("kind", "signatories", "starts_on")}
    body = LATER | same
    return await ours.done("partners", f"/agreements/{agreement['id']}/revisions", body)


async def test_history_names_the_person_the_organisation_and_the_revision(entente: Installation) -> None:
    """Each step names who acted, for which organisation, and the resulting revision; pages give each step once."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    path = f"/agreements/{agreement['id']}"
    await ours.done("partners", f"{path}/submission")
    await theirs.done("partners", f"{path}/approvals", {"revision": agreement["revision"]})
    await _revised(ours, agreement)

    pages = [await theirs.read("partners", f"{path}/history?limit=3")]
    pages.append(await theirs.read("partners", f"{path}/history?limit=3&cursor={pages[0]['next']}"))

    steps = [step for page in pages for step in page["items"]]
    assert [len(page["items"]) for page in pages] == [3, 1]
    assert pages[1]["next"] is None
    assert [(s["use_case"], s["actor"], s["organisation_id"], s["revision"]) for s in steps] == [
        (use_case, str(who.person_id), str(who.organisation_id), revision)
        for use_case, who, revision in [
            ("draft_agreement", ours, 1), ("submit_agreement", ours, 1), ("approve_agreement", theirs, 1),
            ("revise_agreement", ours, 2),
        ]
    ]  # fmt: skip


async def test_a_document_can_be_read_as_of_a_day(entente: Installation) -> None:
    """It has the terms, status and version of that day; before its draft it is not found."""
    ours, theirs = await two_sides(entente)
    agreement = await draft(ours, theirs)
    path = f"/agreements/{agreement['id']}"
    await ours.done("partners", f"{path}/submission")
    await _revised(ours, agreement)
    await entente.services["partners"].pool.execute(AGED, agreement["id"], 3)  # 20, 10 and 0 days ago

    async def then(days: int) -> tuple[Any, ...]:
        found = await theirs.read("partners", f"{path}?as_of={TODAY - timedelta(days=days)}")
        return found["title"]["en"], found["status"], found["revision"]["number"], found["version"]

    assert [await then(days) for days in (20, 11, 10, 1, 0)] == [
        ("On students", "draft", 1, 1), ("On students", "draft", 1, 1), ("On students", "in-review", 1, 2),
        ("On students", "in-review", 1, 2), ("Later", "in-review", 2, 3),
    ]  # fmt: skip
    assert await theirs.read("partners", f"{path}?as_of={TODAY}") == await theirs.read("partners", path)
    before = await theirs.get("partners", f"{path}?as_of={TODAY - timedelta(days=21)}")
    stranger = await entente.person(await entente.organisation(), Role.PARTNERSHIP_OFFICER)
    assert slug_of(before, 404) == "not-found"
    assert slug_of(await stranger.get("partners", f"{path}?as_of={TODAY}"), 404) == "not-found"


async def test_history_keeps_no_version_of_a_person(entente: Installation) -> None:
    """Versions with personal data are not kept, so that erasure is complete; `as_of` is refused for people."""
    person = await entente.person(await entente.organisation(), name="Olivia Reed")
    pool = entente.services["partners"].pool

    kept = await pool.fetchval("select count(*) from history where kind = 'person' and body is not null")
    answer = await entente.operator.get("partners", f"/people/{person.person_id}?as_of={TODAY}")

    assert (kept, slug_of(answer, 422)) == (0, "invalid")
