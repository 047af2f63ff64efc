"""docs/privacy.md, for a data protection officer: what is written here, and a table from each service's rows."""

from collections.abc import Iterator, Sequence

from shared.service.held import all_held
from shared.service.rows import Holds, Service

PRIVACY = """# Personal data

For the data protection officer of an organisation that uses Entente, and of its operator. The tables at the end are
made from the code. A test fails when a service gets a table that is neither in them nor known to hold nothing of people.

## Who is in it

| who | what is held | where |
|---|---|---|
| people of the directory: officers, coordinators, signatories, operators | name, accounts, offices and roles; language and e-mail address; what they did | every service has a copy of name, accounts and offices; the address is in notifications only |
| participants: students and others who take part and hold no office | name in Latin and Chinese script, e-mail address, language, home institution, the terms below; what they take part in | exchanges only |

Nobody else. Enterprises and offices are addressed by organisation; a contact office is a mailbox with a title, not a person.

Each organisation decides which of its people are entered and why, which makes it a controller of their data (UK GDPR) or a
personal information handler (PIPL). The operator of the installation works on its behalf. Settle both in your agreement.

## The terms of a participant

The home institution's mobility coordinator enters them at registration, and corrects them.

| field | values |
|---|---|
| purpose | `student-mobility`, `staff-mobility`, `activity`: what the record is for |
| legal basis (UK GDPR article 6, PIPL article 13) | `consent`; `contract` with the participant; `legal-obligation`; `public-task`; `legitimate-interests`, which the PIPL does not know: choose another one for people in China |
| notice version | of the privacy notice that the participant was given |
| transfer route (UK GDPR chapter V, PIPL articles 38 and 39) | `not-transferred`: no other institution sees the name; `adequacy`: the country is recognised; `standard-contract`: the UK's international data transfer agreement, or the standard contract of the Cyberspace Administration of China; `certification`; `security-assessment` by the Cyberspace Administration; `explicit-consent` to this transfer; `contract-necessity`: the participant's own contract needs it |
| kept until | the last day, in UTC, at most ten years ahead; then a timer erases the record |

Entente records the terms and acts on the transfer route and the last day. It does not check that the terms are lawful: that
a contract is signed, a consent was given, or a transfer impact assessment was made.

## Who sees a participant's name

- Mobility coordinators of the home institution, and of the organisations within it.
- Mobility coordinators of an institution that receives them, from the nomination on. Not after it was rejected, withdrawn or
  cancelled, not after the record was erased, and never while the transfer route is `not-transferred`. What they take
  part in then goes on under the opaque id.
- Of a participant in an activity, the name alone: officers for that kind of activity in a host and in the organisation that
  sends the person, under the same conditions, from the enrolment on or, if a host invited them, from the acceptance on.
  For the hosts it ends when the activity is cancelled or closed. Certificates and itineraries name them to the same people.
- The participant. They sign in with an account at the identity provider that the installation trusts, or by a one-time
  link that is sent to their own address and to nobody else. They see what is theirs and no more.

Nobody else: not other officers of the two sides, and not an operator. People who run the database or its backups can read
what is in them.

A link works once, within a day, and only the newest one does. The session that it gives lasts an hour. Of links and
sessions the database has digests only.

## Where it goes

- **Topics of Kafka** have an opaque id for each person. Only `entente.partners.person` has names: those of the directory. It is
  compacted: an erasure takes the older states away within about a day, and copies are deleted within seconds.
- **Mails** to participants are written when they are sent; name, address and link are not stored with them. A mail that was
  sent is outside of Entente.
- **Logs** have ids. Names, addresses, tokens and whatever an exception quotes are taken out.
- **Exports**, certificates and itineraries that an officer makes are files of that officer; no erasure reaches them.
- **Backups** keep what there was. Erase from a restored backup the people who were erased since: their ids are on the
  topics `entente.exchanges.participant` (`erased`) and `entente.partners.person` (records without a value).

## What a person may ask

| right | how |
|---|---|
| to know what is held (UK GDPR article 15, PIPL article 45) | `GET /people/{id}/held` of each service: the person themself, a data protection officer or an operator. A participant: of exchanges. Who asked about whom is in the log. |
| to have it corrected (16; 46) | participants: the coordinator, by `POST /participants/{id}/corrections`; nothing of what stood there before is kept. The directory: an officer. Address and language in notifications: the person. |
| to have it erased (17; 47) | participants: themselves or the coordinator, by `POST /participants/{id}/erasure`. The directory: an operator, by `POST /people/{id}/erasure` in partners; if the same person is a participant, that record is erased with it. |
| to take a consent back (7; 15) | the coordinator corrects the transfer route to `not-transferred`, or erases the record |

## What an erasure leaves

The opaque id, in the documents of what the person did and took part in, and in the history of who decided what. Of a
participant's record the terms stay too: home institution, purpose, legal basis, notice version, transfer route, last day.
They show under which terms it was kept, and no longer identify anyone.

An erasure deletes at once: name, address, account, the tie to the directory, whom it was shared with, links, sessions,
mails that wait, and the answers that were kept to repeat a request safely. A test erases participants in each of these
ways and then searches every table of every schema, every topic and the logs for what identified them.

## What each service holds

`GET /people/{id}/held` answers with these lines, and with the rows or their number.
"""  # noqa: E501


def privacy(services: Sequence[Service]) -> str:
    """docs/privacy.md: what each service holds of people, why and how long."""
    own = [part for service in services for part in (f"### {service.name}\n", _table(service.held))]
    kit = [each for each in all_held(services[-1]) if each not in services[-1].held]
    return "\n".join([PRIVACY, *own, "### Every service\n", _table(kit)])


def _table(rows: Sequence[Holds]) -> str:
    return "\n".join(["| table | what and why | how long |", "|---|---|---|", *_lines(rows), ""])


def _lines(rows: Sequence[Holds]) -> Iterator[str]:
    for row in rows:
        yield f"| `{row.table}` | {row.what} | {row.until} |"
