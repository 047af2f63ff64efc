"""An agreement's conditions become programmes, one for each academic year."""

from zoneinfo import ZoneInfo

from services.exchanges.app.work import Work
from services.exchanges.domain.programme import Programme, years_of
from shared.contracts.agreement import (
    AgreementAmended,
    AgreementInForce,
    AgreementRecordConfirmed,
    AgreementRenewed,
    AgreementResumed,
)
from shared.domain.reason import Cause

Told = AgreementInForce | AgreementRecordConfirmed | AgreementRenewed | AgreementAmended | AgreementResumed


async def open_programmes_of_agreement(event: Told, work: Work) -> None:
    """Opens what is missing of the years that are not over, and changes those that the terms still can change."""
    if event.status != "in-force":
        return
    today = work.now.astimezone(ZoneInfo(event.time_zone)).date()
    wanted = {(each.code, year): each for each in event.conditions for year in years_of(each, today, event.ends_on)}
    there = {
        (each.condition.code, each.academic_year): each
        for each in await work.programmes.where(agreement_id=event.agreement_id)
        if each.by_agreement and each.reason_code != Cause.AGREEMENT_CHANGED
    }
    for key, programme in there.items():
        programme.follow(wanted.get(key), today)
    for (code, year), condition in wanted.items():
        if (code, year) not in there:
            work.programmes.add(
                Programme.of_agreement(work.new_id(), condition, year, event.agreement_id, event.time_zone)
            )
