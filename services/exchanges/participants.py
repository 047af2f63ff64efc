"""The rows of participants: people who take part and are not in the directory."""

from services.exchanges.adapters.letters import LetterTable, write_letter
from services.exchanges.adapters.participant_access import ParticipantAccess
from services.exchanges.app.begin_session import begin_session
from services.exchanges.app.correct_participant import correct_participant
from services.exchanges.app.erase_expired_participant import erase_expired_participant
from services.exchanges.app.erase_participant import erase_participant
from services.exchanges.app.erase_participants_of_person import erase_participants_of_person
from services.exchanges.app.follow_nomination import follow_nomination
from services.exchanges.app.link_participant_account import link_participant_account
from services.exchanges.app.register_participant import register_participant
from services.exchanges.app.send_participant_link import send_participant_link
from services.exchanges.domain.participant import Participant
from shared.contracts.participant import ParticipantErased, ParticipantRegistered
from shared.domain.actor import Role
from shared.mail.smtp import send
from shared.service.rows import admits, changes, creates, holds, imports, lists, outgoing, policy, timer

COORDINATOR = Role.MOBILITY_COORDINATOR
THEMSELVES = [Role.MOBILITY_COORDINATOR, Role.PARTICIPANT]
"""The coordinator of the home institution for them, or the participant; the aggregate checks it."""
ONE = "/participants/{participant_id}"

PARTICIPANT_PORTS = {"access": ParticipantAccess, "letters": LetterTable}
PARTICIPANT_COMMANDS = [
    creates("/participants", register_participant, may=COORDINATOR, emits=[ParticipantRegistered]),
    changes(f"{ONE}/corrections", correct_participant, may=COORDINATOR),
    changes(f"{ONE}/account", link_participant_account, may=COORDINATOR),
    changes(f"{ONE}/links", send_participant_link, may=COORDINATOR),
    changes(f"{ONE}/erasure", erase_participant, may=THEMSELVES),
    admits("/participant-sessions", begin_session),
]
PARTICIPANT_IMPORTS = [
    imports("/participants/imports", register_participant, may=COORDINATOR, emits=[ParticipantRegistered])
]
PARTICIPANT_QUERIES = [
    lists(
        Participant,
        path="/participants",
        may=THEMSELVES,
        filters=["status", "home", "purpose"],
        sorts=["kept_until"],
        search=["name"],
    )
]
PARTICIPANT_POLICIES = [policy(erase_participants_of_person, emits=[ParticipantErased]), policy(follow_nomination)]
PARTICIPANT_TIMERS = [timer("retention", erase_expired_participant, emits=[ParticipantErased])]
PARTICIPANT_OUTGOING = [outgoing("letter", send, prepare=write_letter)]

WITH_THE_RECORD = "Until the participant is erased."
PARTICIPANT_HELD = [
    holds(
        "participant",
        what="Name, e-mail, account and the terms of keeping them: to prepare and carry out what they take part in.",
        until="Until its last day, which the record names, or until the participant or the home institution erases it;"
        " then the id and the terms stay.",
        of="id::text = $1 or coalesce(body->>'person_id', '') = $1",
        shows="body",
    ),
    holds(
        "participant_account",
        what="The account to sign in with.",
        until=WITH_THE_RECORD,
        of="participant_id::text = $1",
        shows="jsonb_build_object('issuer', issuer, 'subject', subject)",
    ),
    holds(
        "participant_access",
        what="One-time links and sessions, as digests.",
        until="A day and an hour.",
        of="participant_id::text = $1",
        shows="jsonb_build_object('kind', kind, 'expires_at', expires_at)",
    ),
]
