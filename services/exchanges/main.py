"""What exchanges is made of."""

from services.exchanges.activities import (
    ACTIVITIES_ENDING,
    ACTIVITY_COMMANDS,
    ACTIVITY_POLICIES,
    ACTIVITY_QUERIES,
    ACTIVITY_TIMERS,
)
from services.exchanges.adapters.balance import balance
from services.exchanges.adapters.call_calendar import read_call_calendar
from services.exchanges.app.agree_programme import agree_programme
from services.exchanges.app.approve_mobility import approve_mobility
from services.exchanges.app.cancel_mobility import cancel_mobility
from services.exchanges.app.close_call import close_call
from services.exchanges.app.close_due_call import close_due_call
from services.exchanges.app.close_programme import close_programme
from services.exchanges.app.close_programmes_of_ended_agreement import close_programmes_of_ended_agreement
from services.exchanges.app.correct_mobility import correct_mobility
from services.exchanges.app.end_calls_of_closed_programme import end_calls_of_closed_programme
from services.exchanges.app.end_programme import end_programme
from services.exchanges.app.go_live import go_live
from services.exchanges.app.interrupt_mobility import interrupt_mobility
from services.exchanges.app.nominate import nominate
from services.exchanges.app.open_call import open_call
from services.exchanges.app.open_programmes_of_agreement import open_programmes_of_agreement
from services.exchanges.app.propose_programme import propose_programme
from services.exchanges.app.record_arrival import record_arrival
from services.exchanges.app.record_departure import record_departure
from services.exchanges.app.record_no_show import record_no_show
from services.exchanges.app.reject_mobility import reject_mobility
from services.exchanges.app.request_cancellation import request_cancellation
from services.exchanges.app.withdraw_programme import withdraw_programme
from services.exchanges.app.work import Work
from services.exchanges.domain.call import Call
from services.exchanges.domain.call import Status as CallStatus
from services.exchanges.domain.mobility import Mobility
from services.exchanges.domain.mobility_lifecycle import CANCELLABLE, RUNNING, UNDECIDED
from services.exchanges.domain.mobility_lifecycle import Status as Standing
from services.exchanges.domain.programme import Programme
from services.exchanges.domain.programme import Status as ProgrammeStatus
from services.exchanges.held import HELD
from services.exchanges.learning import LEARNING_COMMANDS, LEARNING_POLICIES, LEARNING_QUERIES
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
from shared.contracts.mobility import MobilityCancelled, MobilityMovedBack, MobilityMovedUp, MobilityNominated
from shared.contracts.programme import (
    ProgrammeChanged,
    ProgrammeClosed,
    ProgrammeOpened,
    ProgrammeProposed,
    ProgrammeWithdrawn,
)
from shared.directory.organisations import Organisations
from shared.directory.projections import directory
from shared.domain.actor import Role
from shared.http.previews import Touches, previews
from shared.initiatives.initiatives import Initiatives
from shared.initiatives.projections import initiatives
from shared.service.areas import areas_of
from shared.service.rows import Consumer, Service, changes, creates, imports, lists, policy, reads, timer
from shared.service.settings import Settings

COORDINATOR = Role.MOBILITY_COORDINATOR
OF_PROGRAMME = ["kind", "area", "academic_year", "field_of_study", "sending", "receiving", "agreement_id"]
"""What programmes, calls and mobilities are filtered by alike."""
MOBILITY = "/mobilities/{mobility_id}"
MOVES = [MobilityMovedUp, MobilityMovedBack]
"""What follows by rank where a place is freed or a nomination comes."""
LAPSES = [MobilityCancelled, MobilityMovedUp]
"""What becomes of undecided nominations when a call closes."""

PROGRAMMES = lists(
    Programme,
    path="/programmes",
    filters=["status", *OF_PROGRAMME, "initiative_id"],
    search=["title"],
)
CALLS = lists(
    Call,
    path="/calls",
    filters=["status", *OF_PROGRAMME, "programme_id"],
    sorts=["opens_on", "closes_on"],
    search=["programme_title"],
)
MOBILITIES = lists(
    Mobility,
    path="/mobilities",
    filters=["status", *OF_PROGRAMME, "programme_id", "call_id", "participant_id"],
    sorts=["arrived_on", "departed_on"],
    search=["programme_title"],
    may=[Role.READER, Role.PARTICIPANT],
)
OPEN_CALLS = Touches(CALLS, "take no nominations", [CallStatus.OPEN])
CLOSING = [
    OPEN_CALLS,
    Touches(MOBILITIES, "lapse unless approved", [*UNDECIDED, Standing.REJECTED]),
    Touches(MOBILITIES, "go on", RUNNING),
]
"""What follows when a programme closes: nominations can be decided until the call's last day, then they lapse."""
ALL_GO_ON = Touches(MOBILITIES, "go on", CANCELLABLE)
STOPPING = [Touches(PROGRAMMES, "open no calls", [ProgrammeStatus.OPEN]), OPEN_CALLS, ALL_GO_ON]
ENDING = [
    Touches(PROGRAMMES, "close", [ProgrammeStatus.OPEN]),
    Touches(PROGRAMMES, "withdraw", [ProgrammeStatus.PROPOSED]),
    *CLOSING,
]


def exchanges(settings: Settings) -> Service:
    """Programmes, calls, mobilities and activities under agreements in force."""
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
            creates("/programmes", propose_programme, may=COORDINATOR, emits=[ProgrammeProposed]),
            changes("/programmes/{programme_id}/agreements", agree_programme, may=COORDINATOR),
            changes("/programmes/{programme_id}/withdrawal", withdraw_programme, may=COORDINATOR),
            changes("/programmes/{programme_id}/closing", close_programme, may=COORDINATOR),
            creates("/programmes/{programme_id}/calls", open_call, may=COORDINATOR, emits=[CallOpened]),
            changes("/calls/{call_id}/closing", close_call, may=COORDINATOR, emits=LAPSES),
            creates("/calls/{call_id}/mobilities", nominate, may=COORDINATOR, emits=[MobilityNominated, *MOVES]),
            changes(f"{MOBILITY}/approvals", approve_mobility, may=COORDINATOR),
            changes(f"{MOBILITY}/rejections", reject_mobility, may=COORDINATOR, emits=MOVES),
            changes(f"{MOBILITY}/corrections", correct_mobility, may=COORDINATOR, emits=MOVES),
            changes(f"{MOBILITY}/beginning", go_live, may=COORDINATOR),
            changes(f"{MOBILITY}/arrival", record_arrival, may=COORDINATOR),
            changes(f"{MOBILITY}/departure", record_departure, may=COORDINATOR),
            changes(f"{MOBILITY}/no-show", record_no_show, may=COORDINATOR),
            changes(f"{MOBILITY}/interruption", interrupt_mobility, may=COORDINATOR),
            changes(f"{MOBILITY}/cancellation-requests", request_cancellation, may=COORDINATOR),
            changes(f"{MOBILITY}/cancellation", cancel_mobility, may=COORDINATOR, emits=MOVES),
            *LEARNING_COMMANDS,
            *PARTICIPANT_COMMANDS,
            *ACTIVITY_COMMANDS,
        ],
        imports=[
            imports(
                "/calls/{call_id}/mobilities/imports", nominate, may=COORDINATOR, emits=[MobilityNominated, *MOVES]
            ),
            *PARTICIPANT_IMPORTS,
        ],
        queries=[
            PROGRAMMES,
            CALLS,
            MOBILITIES,
            *LEARNING_QUERIES,
            *PARTICIPANT_QUERIES,
            *ACTIVITY_QUERIES,
            reads("/balance", balance),
            reads("/calls/{call_id}/calendar", read_call_calendar),
            previews("/agreements/{agreement_id}/end", *ENDING, *ACTIVITIES_ENDING),
            previews("/agreements/{agreement_id}/suspension", *STOPPING),
            previews("/programmes/{programme_id}/closing", *CLOSING),
            previews("/calls/{call_id}/closing", ALL_GO_ON),
        ],
        consumers=[
            Consumer("copies", projections=[agreements, initiatives, *directory]),
            Consumer(
                "rules",
                policies=[
                    policy(open_programmes_of_agreement, emits=[ProgrammeOpened, ProgrammeChanged, ProgrammeClosed]),
                    policy(close_programmes_of_ended_agreement, emits=[ProgrammeClosed, ProgrammeWithdrawn]),
                    policy(end_calls_of_closed_programme, emits=[CallClosed, *LAPSES]),
                    *LEARNING_POLICIES,
                    *PARTICIPANT_POLICIES,
                    *ACTIVITY_POLICIES,
                ],
            ),
        ],
        timers=[
            timer("year-over", end_programme, emits=[ProgrammeClosed]),
            timer("deadline", close_due_call, emits=[CallClosed, *LAPSES]),
            *PARTICIPANT_TIMERS,
            *ACTIVITY_TIMERS,
        ],
        outgoing=PARTICIPANT_OUTGOING,
        held=HELD,
    )
