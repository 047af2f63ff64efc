"""Writes one person's notification in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.audience import Addressee, Recipients
from services.notifications.domain.chinese import CHINESE
from services.notifications.domain.english import ENGLISH
from services.notifications.domain.entry import Entry, Sending, entry_id
from services.notifications.domain.notice import Facts, Notice
from services.notifications.domain.wording import Wording
from shared.contracts.values import OrganisationId, Text
from shared.domain.contact import Language, in_language

ORGANISATIONS = ("party", "sending", "receiving", "offering", "seeking", "owner", "counterpart", "organiser")
DAYS = (
    "opens_on", "closes_on", "due_on", "proposed_on", "confidential_until", "deadline", "terminates_on", "arrived_on",
    "departed_on", "interrupted_on",
)  # fmt: skip
NUMBERS = ("number", "trl", "attended", "issued")
ZONES = ("time_zone", "owner_zone")

WORDINGS = {Language.ENGLISH: ENGLISH, Language.CHINESE: CHINESE}


@dataclass(frozen=True)
class Organisation:
    """An organisation as the directory knows it when people are notified."""

    name: Text
    country: str


Organisations = Mapping[OrganisationId, Organisation]


def language_of(country: str) -> Language:
    """The language for a person without a contact, from the organisation's country."""
    return Language.CHINESE if country == "CN" else Language.ENGLISH


def write(
    notice: Notice, group: Recipients, to: Addressee, language: Language, organisations: Organisations,
    mail: Sending, now: datetime,
) -> Entry:  # fmt: skip
    """The entry for the inbox of `to`. `organisations` has every organisation of the notice and the addressee."""
    wording, template = WORDINGS[language], WORDINGS[language].templates[group.kind]
    values = _values(notice.facts, wording, language, organisations)
    return Entry(
        id=entry_id(notice.id, to.person_id), person_id=to.person_id, notice_id=notice.id, kind=group.kind,
        event_id=notice.event_id, event_type=notice.event_type, at=notice.at, concerns=notice.concerns,
        link=notice.link, language=language, notified_at=now, mail=mail,
        title=" ".join(template.title.format_map(values).split()), text=template.text.format_map(values),
        because=_because(notice.subject, group, to, wording, language, organisations),
    )  # fmt: skip


def _values(facts: Facts, wording: Wording, language: Language, organisations: Organisations) -> dict[str, str]:
    """What a template can name for this event; a template that names anything else raises KeyError."""

    def name(id: UUID) -> str:
        return in_language(organisations[id].name, language)

    ends = (facts.sending, facts.receiving, facts.offering, facts.seeking)
    sides = facts.signatories or facts.leads or facts.hosts or [id for id in ends if id]
    values = {key: name(id) for key in ORGANISATIONS if (id := getattr(facts, key))}
    values |= {key: wording.day(day) for key in DAYS if (day := getattr(facts, key))}
    values |= {key: str(number) for key in NUMBERS if (number := getattr(facts, key)) is not None}
    titles = {
        "title": facts.headline, "need": facts.need_title, "milestone": facts.milestone_title,
        "deliverable": facts.deliverable_title, "authority": facts.authority,
        "action": facts.action_title,
    }  # fmt: skip
    values |= {key: in_language(text, language) for key, text in titles.items() if text}
    if facts.starts_on:
        last = wording.day(facts.ends_on) if facts.ends_on else None
        values["period"] = wording.period(wording.day(facts.starts_on), last)
    if facts.output:
        values["output"] = facts.output.value
    if facts.academic_year:
        values["academic_year"] = facts.academic_year
    if facts.reason_code:
        values["reason"] = _reason(facts.reason_code, wording)
    values |= {key: wording.zone(zone) for key in ZONES if (zone := getattr(facts, key))}
    return values | {"sides": wording.listed([name(id) for id in sides])}


def _reason(code: str, wording: Wording) -> str:
    # An event of a newer producer may have a code that this installation has no words for yet.
    return next((words for known, words in wording.reasons.items() if known == code), code)


def _because(
    subject: UUID, group: Recipients, to: Addressee, wording: Wording, language: Language, organisations: Organisations
) -> str:
    own = to.organisation_id == to.side_id
    why = (wording.because if own else wording.because_within).format(
        role=wording.roles[to.role],
        organisation=in_language(organisations[to.organisation_id].name, language),
        side=in_language(organisations[to.side_id].name, language),
        part=wording.parts[group.part],
    )
    return f"{why}\n{wording.mute.format(kind=group.kind, subject=subject)}"
