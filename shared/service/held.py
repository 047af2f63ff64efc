"""What every service holds of people in the tables of the kit; its own tables are rows of its main.py."""

from collections.abc import Sequence

from shared.service.rows import Holds, Service, holds

FOR_THE_RECORD = "As long as the document; only the opaque id, which names nobody once the person is erased."
"""How long a document names who acted in it."""
BYTES = "position(convert_to($1, 'UTF8') in value) > 0"
PASSING = "Until it is done; nothing else erases it."

KIT = [
    holds(
        "history",
        what="What the person did and what was done to their own record: operation, aggregate, moment; for the record"
        " of who decided what.",
        until="As long as the service; only the opaque id, which names nobody once the person is erased.",
        of="actor = $1 or aggregate_id::text = $1 or strpos(coalesce(body::text, ''), $1) > 0",
        shows="jsonb_build_object('use_case', use_case, 'kind', kind, 'aggregate_id', aggregate_id, 'at', at,"
        " 'organisation_id', organisation_id)",
    ),
    holds(
        "idempotency",
        what="Answers to requests that the person sent with an Idempotency-Key, or that name them by id; so that a"
        " repeated request is carried out once.",
        until="A day; an erasure deletes at once those that came before it.",
        of="actor = $1 or strpos(body, $1) > 0",
    ),
    holds(
        "outbox",
        what="Events on their way to Kafka that name the person by id; only those of the directory have a name.",
        until="Until Kafka has them, less than a second as a rule.",
        of=f"key = $1 or {BYTES}",
    ),
    holds(
        "dead_letter",
        what="Events that could not be applied and name the person by id; only those of the directory have a name.",
        until="Until an operator has settled them, or an erasure of the person replaces them.",
        of=f"key = $1 or {BYTES}",
    ),
    holds(
        "outgoing",
        what="Mails to be sent, or whom to send one to.",
        until="Until it is sent; an erasure deletes it.",
        of="strpos(body::text, $1) > 0",
    ),
    holds("positions", what="How far the events about the person were applied.", until="As history.", of="key = $1"),
    holds("stuck", what="That an event about the person waits for an operator.", until=PASSING, of="key = $1"),
    holds(
        "timer",
        what="What falls due for the person's record, such as the end of its retention.",
        until=PASSING,
        of="aggregate_id::text = $1",
    ),
    holds(
        "listing",
        what="The order in which lists show the person's own documents.",
        until="As the document.",
        of="scope = $1 or id::text = $1",
    ),
]
COPY = "As in partners: an erasure there deletes it here, within seconds."
DIRECTORY = [
    holds(
        "directory_person",
        what="The name, to show who acted.",
        until=COPY,
        of="id::text = $1",
        shows="jsonb_build_object('name_en', name_en, 'name_zh', name_zh)",
    ),
    holds(
        "directory_account",
        what="The account to sign in with, to know who calls.",
        until=COPY,
        of="person_id::text = $1",
        shows="jsonb_build_object('issuer', issuer, 'subject', subject)",
    ),
    holds(
        "directory_office",
        what="Offices and roles, to know what the person may do.",
        until=COPY,
        of="person_id::text = $1",
        shows="to_jsonb(directory_office)",
    ),
]
"""What the copy of the directory holds."""


def all_held(service: Service) -> Sequence[Holds]:
    """Every table of a service that holds something of people: its own, those of the kit, its copy of the directory."""
    return [*service.held, *([] if service.directory else DIRECTORY), *KIT]
