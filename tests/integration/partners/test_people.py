"""How officers and operators find people in the directory."""

import uuid

from services.partners.app.grant_first_officer import FirstOfficer
from services.partners.owner import grant
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.harness.installation import Installation


async def test_the_people_of_an_organisation_are_found(entente: Installation) -> None:
    """The list has the current holders of an office there and nobody who has left."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    stays, leaves, _ = [await entente.person(id) for id in (ours, ours, theirs)]
    path = f"/people?organisation_id={ours}"
    before = await entente.operator.read("partners", path)

    gone = f"/people/{leaves.person_id}/revocations"
    person = await entente.operator.read("partners", f"/people/{leaves.person_id}")
    await entente.operator.done("partners", gone, {"office_id": person["offices"][0]["office_id"]})

    after = await entente.operator.read("partners", path)
    assert [{each["id"] for each in page["items"]} for page in (before, after)] == [
        {str(stays.person_id), str(leaves.person_id)}, {str(stays.person_id)},
    ]  # fmt: skip


async def test_a_first_officer_belongs_to_the_described_organisation(entente: Installation) -> None:
    """Organisations of the same name are distinguished by city and parent."""
    name = f"School {uuid.uuid4()}"
    university = await entente.organisation()
    within = await entente.organisation(name, city={"en": "Leeds"}, parent_id=str(university))
    york, leeds = [await entente.organisation(name, city={"en": city}) for city in ("York", "Leeds")]

    def described(**more: object) -> FirstOfficer:
        described = {"kind": "university", "name": {"en": name}, "country": "GB"} | more
        return FirstOfficer.model_validate({
            "account": {"issuer": DEVELOPMENT_ISSUER, "subject": f"first-{uuid.uuid4()}"}, "name": {"en": "Ada"},
            "title": {"en": "Officer"}, "roles": ["partnership-officer"], "organisation": described,
        })  # fmt: skip

    wanted = [{"city": {"en": "Leeds"}, "parent_id": university}, {"city": {"en": "York"}}, {"city": {"en": "Leeds"}}]
    granted = [await grant(entente.settings["partners"], described(**more)) for more in wanted]

    assert [each.organisation_id for each in granted] == [within, york, leeds]
