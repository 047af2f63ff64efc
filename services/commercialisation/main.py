"""What commercialisation is made of."""

from services.commercialisation.app.accept_match import accept_match
from services.commercialisation.app.advance_offer import advance_offer
from services.commercialisation.app.close_offers_and_needs_of_ended_agreement import (
    close_offers_and_needs_of_ended_agreement,
)
from services.commercialisation.app.confirm_milestone import confirm_milestone
from services.commercialisation.app.decline_match import decline_match
from services.commercialisation.app.dispute_milestone import dispute_milestone
from services.commercialisation.app.draft_deal import draft_deal
from services.commercialisation.app.lapse_matches_of_need import lapse_matches_of_need
from services.commercialisation.app.lapse_matches_of_offer import lapse_matches_of_offer
from services.commercialisation.app.note_late_milestones import note_late_milestones
from services.commercialisation.app.propose_matches_of_need import propose_matches_of_need
from services.commercialisation.app.propose_matches_of_offer import propose_matches_of_offer
from services.commercialisation.app.publish_need import publish_need
from services.commercialisation.app.publish_offer import publish_offer
from services.commercialisation.app.report_milestone import report_milestone
from services.commercialisation.app.sign_confidentiality import sign_confidentiality
from services.commercialisation.app.sign_deal import sign_deal
from services.commercialisation.app.terminate_deal import terminate_deal
from services.commercialisation.app.withdraw_deal import withdraw_deal
from services.commercialisation.app.withdraw_deals_of_match import withdraw_deals_of_match
from services.commercialisation.app.withdraw_need import withdraw_need
from services.commercialisation.app.withdraw_offer import withdraw_offer
from services.commercialisation.app.work import Work
from services.commercialisation.domain.deal import Deal
from services.commercialisation.domain.deal import Status as DealStatus
from services.commercialisation.domain.match import Match
from services.commercialisation.domain.match import Status as MatchStatus
from services.commercialisation.domain.need import Need
from services.commercialisation.domain.need import Status as NeedStatus
from services.commercialisation.domain.offer import Offer
from services.commercialisation.domain.offer import Status as OfferStatus
from services.commercialisation.held import HELD
from shared.agreements.agreements import Agreements
from shared.agreements.projections import agreements
from shared.contracts.deal import (
    DealCompleted,
    DealDrafted,
    DealMilestoneAchieved,
    DealMilestoneDisputed,
    DealMilestoneLate,
    DealMilestoneReported,
    DealWithdrawn,
)
from shared.contracts.match import (
    MatchConcluded,
    MatchLapsed,
    MatchProposed,
)
from shared.contracts.need import NeedClosed, NeedPublished
from shared.contracts.offer import OfferAdvanced, OfferClosed, OfferPublished
from shared.directory.organisations import Organisations
from shared.directory.projections import directory
from shared.domain.actor import Role
from shared.http.previews import Touches, previews
from shared.initiatives.initiatives import Initiatives
from shared.initiatives.projections import initiatives
from shared.service.rows import Consumer, Service, changes, creates, lists, policy, timer
from shared.service.settings import Settings

OFFICER = Role.TECHNOLOGY_TRANSFER_OFFICER
MILESTONE = "/deals/{deal_id}/milestones/{number}"
TECHNOLOGY = ["status", "technology_field", "form", "agreement_id", "organisation_id"]
"""What offers and needs are found by."""
SAID = ["title", "summary"]

OFFERS = lists(Offer, path="/offers", filters=[*TECHNOLOGY, "initiative_id"], sorts=["trl"], search=SAID)
NEEDS = lists(Need, path="/needs", filters=TECHNOLOGY, sorts=["least_trl"], search=SAID)
MATCHES = lists(
    Match,
    path="/matches",
    filters=["status", "technology_field", "agreement_id", "offer_id", "need_id"],
    sorts=["score_key"],
    search=["offer_title", "need_title"],
)
DEALS = lists(
    Deal,
    path="/deals",
    filters=["status", "technology_field", "agreement_id", "offer_id", "need_id", "match_id", "form", "late"],
    search=["title"],
)
WITHDRAWN = Touches(DEALS, "withdraw", [DealStatus.DRAFTED])
LAPSING = [
    Touches(MATCHES, "lapse", [MatchStatus.PROPOSED, MatchStatus.ACCEPTED, MatchStatus.CONFIDENTIAL]),
    WITHDRAWN,
    Touches(DEALS, "go on", [DealStatus.RUNNING]),
]
"""What lapses with an offer or a need, and what goes on."""


def commercialisation(settings: Settings) -> Service:
    """Technology offers and needs, their matches, and the deals they lead to, under agreements in force."""
    return Service(
        "commercialisation",
        settings,
        Work,
        ports={"agreements": Agreements, "initiatives": Initiatives, "organisations": Organisations},
        commands=[
            creates("/offers", publish_offer, may=OFFICER, emits=[OfferPublished]),
            changes("/offers/{offer_id}/withdrawal", withdraw_offer, may=OFFICER),
            creates("/needs", publish_need, may=OFFICER, emits=[NeedPublished]),
            changes("/needs/{need_id}/withdrawal", withdraw_need, may=OFFICER),
            changes("/matches/{match_id}/acceptances", accept_match, may=OFFICER),
            changes("/matches/{match_id}/declines", decline_match, may=OFFICER),
            changes("/matches/{match_id}/confidentiality", sign_confidentiality, may=OFFICER),
            creates("/matches/{match_id}/deals", draft_deal, may=OFFICER, emits=[DealDrafted]),
            changes("/deals/{deal_id}/signatures", sign_deal, may=OFFICER, emits=[MatchConcluded]),
            changes("/deals/{deal_id}/withdrawal", withdraw_deal, may=OFFICER),
            changes("/deals/{deal_id}/termination", terminate_deal, may=OFFICER),
            changes(f"{MILESTONE}/reports", report_milestone, may=OFFICER, emits=[DealMilestoneReported]),
            changes(
                f"{MILESTONE}/confirmation",
                confirm_milestone,
                may=OFFICER,
                emits=[DealMilestoneAchieved, DealCompleted],
            ),
            changes(f"{MILESTONE}/disputes", dispute_milestone, may=OFFICER, emits=[DealMilestoneDisputed]),
        ],
        queries=[
            OFFERS,
            NEEDS,
            MATCHES,
            DEALS,
            previews(
                "/agreements/{agreement_id}/end",
                Touches(OFFERS, "close", [OfferStatus.PUBLISHED]),
                Touches(NEEDS, "close", [NeedStatus.PUBLISHED]),
                *LAPSING,
            ),
            previews("/offers/{offer_id}/withdrawal", *LAPSING),
            previews("/needs/{need_id}/withdrawal", *LAPSING),
            previews("/matches/{match_id}/declines", WITHDRAWN),
        ],
        consumers=[
            Consumer("copies", projections=[agreements, initiatives, *directory]),
            Consumer(
                "rules",
                policies=[
                    policy(propose_matches_of_offer, emits=[MatchProposed]),
                    policy(propose_matches_of_need, emits=[MatchProposed]),
                    policy(lapse_matches_of_offer, emits=[MatchLapsed]),
                    policy(lapse_matches_of_need, emits=[MatchLapsed]),
                    policy(withdraw_deals_of_match, emits=[DealWithdrawn]),
                    policy(advance_offer, emits=[OfferAdvanced]),
                    policy(close_offers_and_needs_of_ended_agreement, emits=[OfferClosed, NeedClosed]),
                ],
            ),
        ],
        timers=[timer("milestone-late", note_late_milestones, emits=[DealMilestoneLate])],
        held=HELD,
    )
