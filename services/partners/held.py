"""What partners holds of people."""

from shared.service.held import FOR_THE_RECORD
from shared.service.rows import holds

HELD = [
    holds(
        "person",
        what="Name, accounts and offices: to know who may act for an organisation, and to show who acted.",
        until="Until an operator erases the person; then the id alone stays.",
        of="id::text = $1",
        shows="body",
    ),
    holds(
        "account",
        what="The accounts to sign in with, so that no two people share one.",
        until="As the person.",
        of="person_id::text = $1",
        shows="jsonb_build_object('issuer', issuer, 'subject', subject)",
    ),
    holds(
        "admission",
        what="A digest of the account of a first operator, so that the installation's setting lets nobody in twice.",
        until="As long as the service; once the person is erased, nothing says whose it was.",
        of="account in (select sha256(convert_to(jsonb_build_array(a.issuer, a.subject)::text, 'UTF8'))"
        " from account a where a.person_id::text = $1)",
    ),
    holds("organisation", what="Who proposed a change of it.", until=FOR_THE_RECORD),
    holds("agreement", what="Who drafted, approved and signed it, and the office.", until=FOR_THE_RECORD),
    holds("amendment", what="Who proposed, approved and signed it, and the office.", until=FOR_THE_RECORD),
    holds("initiative", what="Who appraised, approved and reported in it.", until=FOR_THE_RECORD),
]
