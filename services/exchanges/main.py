"""What exchanges is made of."""

from services.exchanges.adapters.erasures import erasures
from services.exchanges.app.approve_exchange import approve_exchange
from services.exchanges.app.close_call import close_call
from services.exchanges.app.close_calls_of_closed_programme import close_calls_of_closed_programme
from services.exchanges.app.close_due_call import close_due_call
from services.exchanges.app.close_programme import close_programme
from services.exchanges.app.close_programmes_of_ended_agreement import close_programmes_of_ended_agreement
from services.exchanges.app.decline_exchange import decline_exchange
from services.exchanges.app.forget_nominee import forget_nominee
from services.exchanges.app.nominate import nominate
from services.exchanges.app.open_call import open_call
from services.exchanges.app.open_programme import open_programme
from services.exchanges.app.withdraw_exchange import withdraw_exchange
from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from services.exchanges.domain.call import Status as CallStatus
from services.exchanges.domain.exchange import Exchange
from services.exchanges.domain.exchange import Status as ExchangeStatus
from services.exchanges.domain.programme import Programme
from services.exchanges.domain.programme import Status as ProgrammeStatus
from services.exchanges.held import HELD
from services.exchanges.participants import (
    PARTICIPANT_COMMANDS,
    PARTICIPANT_IMPORTS,
    PARTICIPANT_OUTGOING,
    PARTICIPANT_POLICIES,
    PARTICIPANT_PORTS,
    PARTICIPANT_QUERIES,
    PARTICIPANT_TIMERS,
    ParticipantAccess,
)
from shared.agreements.agreements import Agreements
from shared.agreements.projections import agreements
from shared.contracts.call import CallClosed, CallOpened
from shared.contracts.exchange import (
    ExchangeNominated,
)
from shared.contracts.programme import ProgrammeClosed, ProgrammeOpened
from shared.directory.organisations import Organisations
from shared.directory.projections import directory
from shared.domain.actor import Role
from shared.http.previews import Touches, previews
from shared.initiatives.initiatives import Initiatives
from shared.initiatives.projections import initiatives
from shared.service.areas import areas_of
from shared.service.rows import Consumer, Service, changes, creates, lists, policy, projection, timer
from shared.service.settings import Settings

OFFICERS = [Role.MOBILITY_COORDINATOR, Role.CULTURE_OFFICER]
"""Culture officers have no part in student exchanges; the aggregates check it."""

PROGRAMMES = lists(
    Programme,
    path="/programmes",
    filters=["status", "programme_kind", "area", "agreement_id", "initiative_id"],
    sorts=["starts_on", "ends_on"],
    search=["title"],
)
CALLS = lists(
    Call,
    path="/calls",
    filters=["status", "programme_kind", "area", "agreement_id", "programme_id"],
    sorts=["opens_on", "closes_on"],
    search=["programme_title"],
)
EXCHANGES = lists(
    Exchange,
    path="/exchanges",
    filters=["status", "area", "agreement_id", "programme_id", "call_id", "sending", "receiving"],
    search=["programme_title"],
)
GOES_ON = Touches(EXCHANGES, "go on", [ExchangeStatus.NOMINATED, ExchangeStatus.APPROVED])
CLOSING = [Touches(CALLS, "close", [CallStatus.OPEN]), GOES_ON]
"""What closes with a programme, and what goes on."""


def exchanges(settings: Settings) -> Service:
    """Programmes, calls and exchanges under agreements in force."""
    return Service(
        "exchanges",
        settings,
        Work,
        ports={
            "areas": areas_of(settings),
            "agreements": Agreements,
            "initiatives": Initiatives,
            "organisations": Organisations,
            **PARTICIPANT_PORTS,
        },
        participants=ParticipantAccess,
        commands=[
            creates("/programmes", open_programme, may=OFFICERS, emits=[ProgrammeOpened]),
            changes("/programmes/{programme_id}/closing", close_programme, may=OFFICERS),
            creates("/programmes/{programme_id}/calls", open_call, may=OFFICERS, emits=[CallOpened]),
            changes("/calls/{call_id}/closing", close_call, may=OFFICERS),
            creates("/calls/{call_id}/exchanges", nominate, may=OFFICERS, emits=[ExchangeNominated]),
            changes("/exchanges/{exchange_id}/approvals", approve_exchange, may=OFFICERS),
            changes("/exchanges/{exchange_id}/declines", decline_exchange, may=OFFICERS),
            changes("/exchanges/{exchange_id}/withdrawal", withdraw_exchange, may=OFFICERS),
            changes("/exchanges/{exchange_id}/nominee-erasure", forget_nominee, may=OFFICERS),
            *PARTICIPANT_COMMANDS,
        ],
        imports=PARTICIPANT_IMPORTS,
        queries=[
            PROGRAMMES,
            CALLS,
            EXCHANGES,
            *PARTICIPANT_QUERIES,
            previews("/agreements/{agreement_id}/end", Touches(PROGRAMMES, "close", [ProgrammeStatus.OPEN]), *CLOSING),
            previews("/programmes/{programme_id}/closing", *CLOSING),
            previews("/calls/{call_id}/closing", GOES_ON),
        ],
        consumers=[
            Consumer("copies", projections=[agreements, initiatives, *directory, projection(erasures, tables=[])]),
            Consumer(
                "rules",
                policies=[
                    policy(close_programmes_of_ended_agreement, emits=[ProgrammeClosed]),
                    policy(close_calls_of_closed_programme, emits=[CallClosed]),
                    *PARTICIPANT_POLICIES,
                ],
            ),
        ],
        timers=[timer("deadline", close_due_call, emits=[CallClosed]), *PARTICIPANT_TIMERS],
        outgoing=PARTICIPANT_OUTGOING,
        held=HELD,
    )
