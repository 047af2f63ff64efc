"""Steps of activities: two universities, a school of the first one, and what they plan together."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from shared.domain.actor import Role
from tests.harness.installation import Client, Installation, until
from tests.harness.participants import details
from tests.harness.story import in_force

OFFICER = (Role.PARTNERSHIP_OFFICER, Role.MOBILITY_COORDINATOR, Role.CULTURE_OFFICER)
AREAS = ["culture", "health", "talent"]
EARLIER = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
"""When items begin that can be attended and held today."""
REASON = {"reason_code": "capacity", "reason": {"en": "The hall is closed"}}
NAME = {"latin": {"given": "Xiaoyu", "family": "Lin"}, "chinese": {"given": "晓雨", "family": "林"}}


class Sides(NamedTuple):
    """Officers of two universities, of a school of the first one, and an agreement in force."""

    ours: Client
    school: Client
    theirs: Client
    agreement: dict[str, Any]

    def plan(self, kind: str, item: str, **more: Any) -> dict[str, Any]:
        """The body that plans an activity of ours and the school's, with an item at each of them."""
        ours, school = str(self.ours.organisation_id), str(self.school.organisation_id)
        return {
            "kind": kind, "title": {"en": "Public health", "zh": "公共卫生"}, "area": "health",
            "agreement_id": self.agreement["id"], "organiser": ours, "hosts": [ours, school],
            "senders": [str(self.theirs.organisation_id)], "time_zone": "UTC",
            "items": [self.item(item, ours), self.item(item, school)],
        } | more  # fmt: skip

    def item(self, kind: str, host: str, starts_at: datetime = EARLIER) -> dict[str, Any]:
        """An item of an hour."""
        return {
            "kind": kind, "title": {"en": "Data", "zh": "数据"}, "host": host, "place": {"en": "Edgbaston"},
            "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        }  # fmt: skip

    async def agreed(self, body: dict[str, Any]) -> str:
        """The path of an activity that was planned and agreed by both hosts."""
        activity = await self.ours.done("exchanges", "/activities", body)
        return await self.agree(f"/activities/{activity['id']}")

    async def agree(self, path: str) -> str:
        """Both hosts agree to the plan as it is now."""
        revision = {"revision": (await self.ours.read("exchanges", path))["revision"]}
        for host in (self.ours, self.school):
            await host.done("exchanges", f"{path}/agreements", revision)
        return path

    async def begun(self, path: str) -> None:
        """Announced, and running by itself."""
        await self.ours.done("exchanges", f"{path}/announcement")
        await until(lambda: self.has(path, "running"), "the activity has begun")

    async def has(self, path: str, status: str) -> bool:
        """Whether it stands there now."""
        return (await self.ours.read("exchanges", path))["status"] == status

    async def enrol(self, path: str, person: str | None = None) -> str:
        """A person of theirs whom they enrol; without one, somebody who is not registered."""
        body = self.sent(person or str(uuid.uuid4()))
        await self.theirs.done("exchanges", f"{path}/enrolments", body)
        return body["participant_id"]

    def sent(self, person: str) -> dict[str, str]:
        """The body that enrols or invites a person of theirs."""
        return {"participant_id": person, "sending": str(self.theirs.organisation_id)}

    async def registered(self, **more: Any) -> dict[str, Any]:
        """A participant of theirs, called Lin Xiaoyu."""
        body = details(self.theirs, purpose="activity", name=NAME) | more
        return await self.theirs.done("exchanges", "/participants", body)

    async def sees(self, who: Client, path: str, participant: dict[str, Any]) -> bool:
        """Whether `who` reads the participant's name in the activity."""
        people = (await who.read("exchanges", f"{path}/people"))["items"]
        return any(one["participant_id"] == participant["id"] and one["name"] for one in people)


async def sides_of(entente: Installation) -> Sides:
    """Two new universities, one of them with a school, and their agreement in force."""
    ours, theirs = [await entente.organisation(name) for name in ("Birmingham", "Nanjing")]
    within = await entente.organisation("School of Engineering", parent_id=str(ours))
    one, other = [await entente.person(each, *OFFICER, Role.SIGNATORY) for each in (ours, theirs)]
    school = await entente.person(within, *OFFICER)
    agreement = await in_force(entente, one, other, areas=AREAS)
    for each in (one, other, school):
        await entente.knows("exchanges", each)
    return Sides(one, school, other, agreement)
