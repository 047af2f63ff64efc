"""Who is notified of what: inboxes over HTTP, and mails in a real mail server."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from shared.domain.actor import Role
from tests.harness.installation import Client, until
from tests.harness.mailing import World, draft, inbox, mails, submit, unsent, world_of
from tests.harness.parts import Addresses


@pytest.fixture(scope="module")
async def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[World]:
    """Services that send mail to a mailbox."""
    async with world_of(addresses, tmp_path_factory.mktemp("mails")) as world:
        yield world


async def test_a_submission_notifies_the_other_side_only(world: World) -> None:
    """It puts one entry in the inbox of the other side's officer, and none in the submitter's."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", "CN")
    await submit(ours, theirs)

    found = await inbox(theirs)

    assert [(e["title"], e["language"], e["mail"]) for e in found] == [("请审核：学生交流", "zh", "no-address")]
    assert (await ours.read("notifications", "/inbox"))["items"] == []


async def test_a_mail_is_in_the_contacts_language(world: World) -> None:
    """A contact who chose English gets one English mail, even in China, under the entry's Message-ID."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", "CN", language="en")
    agreement = await submit(ours, theirs)

    entry, mail = (await inbox(theirs))[0], (await mails(world, theirs))[0]

    assert (mail.subject, mail.message_id) == ("Please review: On students", f"<{entry['id']}@localhost>")
    assert f"partners: /agreements/{agreement['id']}" in mail.text
    assert "You received this because you are a partnership officer of Nanjing" in mail.text
    await sent(world, theirs)


async def test_a_chinese_mail_arrives_intact(world: World) -> None:
    """Its subject and text are unchanged."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", "CN", language="zh")
    await submit(ours, theirs)

    entry, mail = (await inbox(theirs))[0], (await mails(world, theirs))[0]

    assert mail.subject == "请审核：学生交流"
    assert mail.text.startswith(entry["text"])


async def test_a_redelivered_event_notifies_once(world: World) -> None:
    """A consumer that reads a topic again from the first event sends no second entry or mail."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    agreement = await submit(ours, theirs)
    await mails(world, theirs)
    await sent(world, theirs)

    async with world.stopped() as pool:
        await pool.execute("delete from offsets where consumer = 'rules'")
        await pool.execute("delete from positions where consumer = 'rules'")
    # At the partition's next record the consumer looks up its position, and restarts from the beginning.
    await ours.done(
        "partners",
        f"/agreements/{agreement['id']}/withdrawal",
        {"reason_code": "priorities-changed", "reason": {"en": "No funds"}},
    )
    await world.all_notified(agreement["id"], sequence=3)

    kinds = ["agreement-withdrawn", "agreement-to-review"]
    assert [entry["kind"] for entry in await inbox(theirs)] == kinds
    assert [mail.subject.partition(":")[0] for mail in await mails(world, theirs)] == ["Please review", "Withdrawn"]


async def test_events_from_before_the_installation_notify_nobody(world: World) -> None:
    """A service installed later notifies people of later events, not of the history it reads."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    async with world.stopped() as pool:
        agreement = await submit(ours, theirs)
        await pool.execute("update installation set since = now()")
    await ours.done(
        "partners",
        f"/agreements/{agreement['id']}/withdrawal",
        {"reason_code": "priorities-changed", "reason": {"en": "No funds"}},
    )
    await world.all_notified(agreement["id"], sequence=3)

    assert [entry["kind"] for entry in await inbox(theirs)] == ["agreement-withdrawn"]


async def test_a_muted_agreement_sends_no_mail(world: World) -> None:
    """Entries still appear in the inbox; once it is unmuted, mails are sent again."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    agreement = await draft(ours, theirs)
    await theirs.done("notifications", "/mutes", {"subject": agreement["id"]})
    await ours.done("partners", f"/agreements/{agreement['id']}/submission")
    muted = await inbox(theirs)
    await theirs.done("notifications", "/mutes/removal", {"subject": agreement["id"]})
    await ours.done(
        "partners",
        f"/agreements/{agreement['id']}/withdrawal",
        {"reason_code": "priorities-changed", "reason": {"en": "No funds"}},
    )

    found = await mails(world, theirs)

    assert [entry["mail"] for entry in muted] == ["muted"]
    assert [mail.subject for mail in found] == ["Withdrawn: On students"]


async def test_a_mute_needs_a_kind_or_a_subject(world: World) -> None:
    """A mute without either is refused, and the refusal says what to give."""
    ours = await world.officer("Birmingham")

    answer = await ours.post("notifications", "/mutes", {})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert "give either a `kind` or a `subject`" in answer.json()["detail"]


async def test_a_person_with_two_roles_is_notified_once(world: World) -> None:
    """An officer who is also a signatory is asked to sign, and gets no second entry about the approval."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    agreement = await submit(ours, theirs)
    for side in (ours, theirs):
        await side.done("partners", f"/agreements/{agreement['id']}/approvals", {"revision": agreement["revision"]})

    assert [entry["kind"] for entry in await inbox(ours)] == ["agreement-to-sign"]


async def test_people_in_a_unit_of_an_organisation_are_notified_too(world: World) -> None:
    """An officer of an institute within a signatory is notified of the agreement, with the reason why."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    institute = await world.officer("China Institute", parent_id=str(ours.organisation_id))
    agreement = await submit(ours, theirs)
    await theirs.done(
        "partners",
        f"/agreements/{agreement['id']}/returns",
        {"reason_code": "changes-needed", "reason": {"en": "Add a clause."}},
    )

    found = await inbox(institute)

    assert [entry["kind"] for entry in found] == ["agreement-returned"]
    assert "officer of China Institute, part of Birmingham" in found[0]["because"]
    assert found[0]["text"].endswith("Reason: changes are needed.")


async def test_an_inbox_is_private(world: World) -> None:
    """Nobody can read another person's entries; reading an entry marks it as read."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    await submit(ours, theirs)
    entry = (await inbox(theirs))[0]
    path = f"/inbox/{entry['id']}"

    assert await ours.refused("notifications", f"{path}/reading") == "not-found"
    assert (await ours.get("notifications", path)).status_code == 404
    assert (await world.entente.operator.get("notifications", path)).status_code == 404
    assert len((await theirs.read("notifications", "/inbox?unread=true"))["items"]) == 1
    assert (await theirs.done("notifications", f"{path}/reading"))["unread"] is False
    assert (await theirs.read("notifications", "/inbox?unread=true"))["items"] == []


async def test_an_inbox_is_listed_newest_first(world: World) -> None:
    """Pages run from the newest entry to the oldest."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    agreement = await submit(ours, theirs)
    await inbox(theirs)
    await ours.done(
        "partners",
        f"/agreements/{agreement['id']}/withdrawal",
        {"reason_code": "priorities-changed", "reason": {"en": "No funds"}},
    )
    await inbox(theirs, 2)

    first = await theirs.read("notifications", "/inbox?limit=1")
    second = await theirs.read("notifications", f"/inbox?limit=1&cursor={first['next']}")

    kinds = [page["items"][0]["kind"] for page in (first, second)]
    assert (kinds, second["next"]) == (["agreement-withdrawn", "agreement-to-review"], None)


async def test_an_officer_may_set_the_contacts_of_their_own_people_only(world: World) -> None:
    """A contact can be set by the person, an officer of the same organisation, or an operator."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    colleague = await world.colleague(ours)
    contact = {"language": "en", "address": "colleague@example.org", "person_id": str(colleague.person_id)}

    assert await theirs.refused("notifications", "/contacts", contact) == "not-allowed"
    assert (await ours.done("notifications", "/contacts", contact))["address"] == "colleague@example.org"
    assert (await world.entente.operator.done("notifications", "/contacts", contact))["person_id"]
    assert await colleague.refused("notifications", "/contacts", contact | {"person_id": str(ours.person_id)})
    assert [c["address"] for c in (await colleague.read("notifications", "/contacts"))["items"]] == [contact["address"]]
    assert (await ours.read("notifications", "/contacts"))["items"] == []


async def test_an_office_elsewhere_gives_no_power_over_a_persons_mail(world: World) -> None:
    """An officer who grants a person an office elsewhere cannot redirect their mail; an officer above all their offices
    can."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    institute = await world.officer("China Institute", parent_id=str(theirs.organisation_id))
    person, guest = f"/people/{institute.person_id}", {"title": {"en": "Guest"}, "roles": ["reader"]}
    contact = {"language": "en", "address": "elsewhere@example.org", "person_id": str(institute.person_id)}
    office = {"organisation_id": str(ours.organisation_id)}

    given = await world.entente.operator.done("partners", f"{person}/offices", guest | office)
    await world.entente.heard("notifications", "entente.partners.person", institute.person_id, 2)
    refusals = [await officer.refused("notifications", "/contacts", contact) for officer in (ours, theirs)]
    await ours.done("partners", f"{person}/revocations", {"office_id": given["offices"][-1]["office_id"]})
    await world.entente.heard("notifications", "entente.partners.person", institute.person_id, 3)
    set_by_theirs = await theirs.done("notifications", "/contacts", contact)

    assert refusals == ["not-allowed", "not-allowed"]
    assert set_by_theirs["address"] == contact["address"]


async def test_a_mail_waits_for_the_server(world: World) -> None:
    """While the mail server is down operators see the mail as pending; it is sent once the server is back."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    async with world.without_mail_server():
        await submit(ours, theirs)
        pending = await until(lambda: delivery(world, theirs, "pending", attempts=1), "the mail fails")
        metrics = (await world.entente.operator.get("notifications", "/metrics")).text

    assert pending["problem"] == "SMTPConnectError"
    assert unsent(metrics) >= 1
    assert len(await mails(world, theirs)) == 1
    await sent(world, theirs)


async def test_a_permanently_refused_mail_is_sent_to_a_corrected_address(world: World) -> None:
    """An address that the server refuses is tried once; correcting the contact sends the failed mail."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    await theirs.done("notifications", "/contacts", {"language": "en", "address": "unknown@example.org"})
    await submit(ours, theirs)
    failed = await until(lambda: delivery(world, theirs, "failed"), "the mail is refused")
    better = f"{theirs.subject}@example.org"
    await theirs.done("notifications", "/contacts", {"language": "en", "address": better})

    found = await mails(world, theirs)

    assert (failed["attempts"], failed["problem"]) == (1, "SMTPRecipientsRefused")
    assert len(found) == 1


async def test_an_abandoned_mail_is_not_reported_as_sent(world: World) -> None:
    """If a person removes their address, a pending mail is reported as having no address."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    async with world.without_mail_server():
        await submit(ours, theirs)
        await until(lambda: delivery(world, theirs, "pending"), "the mail is pending")
        await theirs.done("notifications", "/contacts", {"language": "en"})

    found = await world.entente.operator.get("notifications", f"/deliveries?person_id={theirs.person_id}")
    assert [each["mail"] for each in found.json()] == ["no-address"]


async def test_no_data_of_an_erased_person_is_kept(world: World) -> None:
    """Erasing a person deletes their contact, mutes, inbox and pending mails; they are not notified again."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    await theirs.done("notifications", "/mutes", {"kind": "call-opened"})
    address = f"{theirs.subject}@example.org"
    await theirs.done("notifications", "/contacts", {"language": "zh", "address": address}, Idempotency_Key="k")
    async with world.without_mail_server():
        await submit(ours, theirs)
        await until(lambda: delivery(world, theirs, "pending"), "the mail is pending")
        before = await world.traces(theirs)
        await world.entente.operator.done("partners", f"/people/{theirs.person_id}/erasure")
        await until(lambda: nothing_of(world, theirs), "everything is deleted")
    await submit(ours, theirs)
    await world.nothing_pending()

    assert before == {"contact", "mutes", "entry", "outgoing", "idempotency"}
    assert await world.traces(theirs) == set()
    assert world.mailbox.mails(to=address) == []


async def test_an_operator_sees_deliveries_without_names(world: World) -> None:
    """A notice says how many people were notified, and a delivery says its outcome; neither shows an address."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing", language="en")
    agreement = await submit(ours, theirs)
    await mails(world, theirs)
    await sent(world, theirs)

    notices = await world.entente.operator.read("notifications", f"/notices?subject={agreement['id']}")
    found = await world.entente.operator.get("notifications", f"/deliveries?person_id={theirs.person_id}")

    assert [(n["status"], n["notified"]) for n in notices["items"]] == [("notified", 1)]
    assert [(d["kind"], d["mail"]) for d in found.json()] == [("agreement-to-review", "sent")]
    assert "@" not in found.text
    assert (await ours.get("notifications", "/deliveries")).status_code == 403


async def test_people_who_were_missed_are_notified_later(world: World) -> None:
    """An officer that notifications learns of late is notified too, and the others are not notified again."""
    ours, theirs = await world.officer("Birmingham"), await world.officer("Nanjing")
    await submit(ours, theirs)
    first = await inbox(theirs)
    late = await world.colleague(theirs, Role.PARTNERSHIP_OFFICER)
    pool = world.entente.services["notifications"].pool
    await pool.execute("update timer set due = now() where kind = 'address'")

    assert (await inbox(late))[0]["event_id"] == first[0]["event_id"]
    assert len(await inbox(theirs)) == 1


async def sent(world: World, who: Client) -> None:
    """Waits until the last mail to a person is recorded as sent."""
    await until(lambda: delivery(world, who, "sent"), "the mail is sent")


async def delivery(world: World, who: Client, mail: str, attempts: int = 0) -> dict[str, Any] | None:
    """The delivery to a person whose mail is in this state after at least `attempts` failed attempts."""
    path = f"/deliveries?person_id={who.person_id}&mail={mail}"
    found = await world.entente.operator.read("notifications", path)
    return next((d for d in found if d["attempts"] >= attempts and (not attempts or d["problem"])), None)


async def nothing_of(world: World, who: Client) -> bool:
    """Whether notifications holds no data of a person."""
    return await world.traces(who) == set()
