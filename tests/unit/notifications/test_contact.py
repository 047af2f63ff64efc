"""A person's address, and what they have muted."""

from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from services.notifications.domain.contact import Mutes
from services.notifications.domain.kind import Kind
from shared.domain.contact import Address, Language
from shared.mail.smtp import Message, compose
from tests.unit.notifications.scene import NOW

ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


@pytest.mark.parametrize("address", ["anne@example.org", "a.b+c@mail.example.co.uk", "li@localhost"])
def test_a_valid_address_is_accepted(address: str) -> None:
    """Mail servers accept addresses of these forms."""
    assert ADDRESS.validate_python(address) == address


@pytest.mark.parametrize(
    "address",
    ["", "anne", "anne@", "@example.org", "a b@example.org", "a@b\r\nBcc: c@d", "a..b@example.org", "a@-b.org"],
)
def test_an_invalid_address_is_refused(address: str) -> None:
    """It could add a header, or no server could deliver to it."""
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(address)


def test_a_muted_aggregate_covers_what_happens_under_it() -> None:
    """Muting an agreement mutes its programmes, calls and mobilities, and no others."""
    agreement = uuid4()
    mutes = Mutes(id=uuid4(), person_id=uuid4())
    mutes.add(None, agreement)

    assert mutes.covers(Kind.MOBILITY_APPROVED, [uuid4(), agreement])
    assert not mutes.covers(Kind.MOBILITY_APPROVED, [uuid4()])


def test_a_kind_can_be_unmuted() -> None:
    """Muting twice is the same as muting once; unmuting ends it."""
    mutes = Mutes(id=uuid4(), person_id=uuid4())
    for _ in range(2):
        mutes.add(Kind.CALL_OPENED, None)
    muted = mutes.covers(Kind.CALL_OPENED, [])
    mutes.remove(Kind.CALL_OPENED, None)

    assert (muted, mutes.covers(Kind.CALL_OPENED, [])) == (True, False)


def test_a_mail_is_the_same_message_at_every_attempt() -> None:
    """Message-ID and date come from the stored mail, so that duplicates can be detected."""
    mail = Message(
        id=UUID(int=1), to="li@example.org", subject="请审核：学生交流", text="您好\n",
        language=Language.CHINESE, at=NOW,
    )  # fmt: skip

    messages = [compose(mail, "Entente <entente@example.org>") for _ in range(2)]

    assert messages[0].as_bytes() == messages[1].as_bytes()
    assert messages[0]["Message-ID"] == "<00000000-0000-0000-0000-000000000001@example.org>"
    assert (messages[0]["Subject"], messages[0].get_content()) == ("请审核：学生交流", "您好\n")
