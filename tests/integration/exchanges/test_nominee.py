"""The two institutions see a nominee's name, until the person is erased."""

from tests.harness.installation import Client, Installation, until
from tests.harness.story import in_force, programme_of, two_sides

CALL = {"opens_on": "2026-01-01", "closes_on": "2126-12-31", "time_zone": "Asia/Shanghai"}
NAMED = """select exists (select from exchange where strpos(body::text, $1) > 0)
    or exists (select from idempotency where strpos(body, $1) > 0)"""


async def nominated(ours: Client, theirs: Client, entente: Installation, nominee: Client, name: str) -> str:
    """The path of an exchange for which `ours` nominated a person in the directory by this name."""
    agreement = await in_force(entente, ours, theirs)
    programme = await ours.done("exchanges", "/programmes", programme_of(agreement, ours, theirs))
    call = await ours.done("exchanges", f"/programmes/{programme['id']}/calls", {"places": programme["places"]} | CALL)
    ask = {
        "sending": str(ours.organisation_id), "receiving": str(theirs.organisation_id),
        "nominee": str(nominee.person_id), "nominee_name": {"en": name},
    }  # fmt: skip
    exchange = await ours.done("exchanges", f"/calls/{call['id']}/exchanges", ask, Idempotency_Key="once")
    return f"/exchanges/{exchange['id']}"


async def test_the_name_of_a_nominee_who_is_erased_is_kept_nowhere(entente: Installation) -> None:
    """The exchange continues under the opaque id; neither it nor a stored answer names the person."""
    ours, theirs = await two_sides(entente)
    student = await entente.person(await entente.organisation())
    pool = entente.services["exchanges"].pool
    path = await nominated(ours, theirs, entente, student, "Olivia Reed")
    before = await pool.fetchval(NAMED, "Olivia Reed")
    await entente.operator.done("partners", f"/people/{student.person_id}/erasure")

    async def forgotten() -> bool:
        return not await pool.fetchval(NAMED, "Olivia Reed")

    await until(forgotten, "the name is forgotten")
    found = await theirs.read("exchanges", path)

    assert before is True
    assert (found["nominee"], found["nominee_name"]) == (str(student.person_id), None)
    assert (await theirs.done("exchanges", f"{path}/approvals"))["status"] == "nominated"
