"""The certificate of somebody who attended enough of an activity, as a PDF file in both languages."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID

from services.exchanges.adapters.activity_people import find_activity, names_of
from services.exchanges.adapters.bilingual_pdf import (
    BilingualPdf,
    chinese,
    chinese_day,
    chinese_list,
    english,
    english_day,
    english_list,
)
from services.exchanges.domain.activity import Activity
from services.exchanges.domain.activity_attendance import Certificate
from services.exchanges.domain.participant_details import Name
from shared.contracts.values import Text
from shared.directory.organisations import Organisations
from shared.domain.actor import Actor
from shared.domain.command import Command
from shared.domain.contact import Language
from shared.domain.refused import NotFound, Refused
from shared.messaging.outbox import Connection
from shared.service.files import Pdf


class NoNameKept(Refused):
    """You cannot read the name for certificate {number}, so it cannot be written; ask the organisation that sent the
    person.

    Hosts read names until the activity closes; the person and their organisation, until the record is erased.
    """

    number: int


class CertificateOfActivity(Command):
    """Find a certificate."""

    activity_id: UUID
    number: int
    """The certificate's number in the activity."""


async def read_certificate(ask: CertificateOfActivity, actor: Actor, db: Connection) -> Pdf:
    """The certificate as a PDF file in English and Chinese, for whoever may read the person's name.

    Raises NotFound, also for a certificate that the actor may not see, and NoNameKept.
    """
    activity = (await find_activity(ask.activity_id, actor, db)).activity
    certificate = next((one for one in activity.certificates if one.number == ask.number), None)
    places = [one for one in activity.places if certificate and one.participant_id == certificate.participant_id]
    if certificate is None or not places or not activity.knows(actor, places[0]):
        raise NotFound(what="certificate", id=ask.number)
    name = (await names_of(activity, actor, db)).get(certificate.participant_id)
    if name is None:
        raise NoNameKept(number=ask.number)
    known = await Organisations(db).named(activity.hosts)
    hosts = [known[host] for host in activity.hosts if host in known]
    # Embedding a font takes half a second of the processor.
    content = await asyncio.to_thread(written, activity, certificate, name, hosts)
    return Pdf(f"certificate-{activity.id}-{certificate.number}.pdf", content)


def written(activity: Activity, certificate: Certificate, name: Name, hosts: Sequence[Text]) -> bytes:
    """The certificate's file; the same for the same certificate."""
    pdf = BilingualPdf("Certificate of attendance", datetime.combine(certificate.issued_on, time(), UTC))
    number, sessions, of = f"{activity.id}-{certificate.number}", certificate.sessions, len(activity.items)
    first, last = activity.starts_on, activity.ends_on
    pdf.lines("Certificate of attendance", "培训证书", size=26, above=30, centred=True)
    pdf.lines(name.said(Language.ENGLISH), size=20, above=16, centred=True)
    pdf.lines(
        # Straight quotes: the curly ones of a Chinese font are as wide as a character.
        f'attended {sessions} of {of} sessions of "{english(activity.title)}", held by {english_list(hosts)}'
        f" from {english_day(first)} to {english_day(last)}.",
        size=12, above=4, centred=True,
    )  # fmt: skip
    pdf.lines(name.said(Language.CHINESE), size=20, above=14, centred=True)
    pdf.lines(
        f"于{chinese_day(first)}至{chinese_day(last)}参加由{chinese_list(hosts)}举办的“{chinese(activity.title)}”，"
        f"全部课程共{of}次，出席{sessions}次。",
        size=12, above=4, centred=True,
    )  # fmt: skip
    pdf.lines(f"Issued on {english_day(certificate.issued_on)}", size=10, above=24, centred=True)
    pdf.lines(f"签发日期：{chinese_day(certificate.issued_on)}", size=10, centred=True)
    pdf.lines(f"No. 证书编号 {number}", size=9, above=4, centred=True)
    return pdf.written()
