"""What notifications holds of people."""

from shared.service.rows import holds

WITH_THE_PERSON = "Until the person is erased from the directory."
OF_THE_PERSON = "coalesce(body->>'person_id', '') = $1"

HELD = [
    holds(
        "contact",
        what="Language and e-mail address, to reach the person.",
        until=WITH_THE_PERSON,
        of="id::text = $1",
        shows="body",
    ),
    holds("mutes", what="What they want no mails about.", until=WITH_THE_PERSON, of=OF_THE_PERSON, shows="body"),
    holds(
        "entry",
        what="The inbox: their notifications, with times.",
        until=WITH_THE_PERSON,
        of=OF_THE_PERSON,
        shows="body",
    ),
    holds(
        "notice",
        what="Events that people are notified of; the person as the one who caused it, by the opaque id.",
        until="As long as the service; only the opaque id, which names nobody once the person is erased.",
    ),
]
