"""What of a mobility awaits somebody; each act is tried, so that its own rules say for whom."""

from datetime import datetime
from typing import Any

from services.exchanges.domain.mobility_lifecycle import Status
from shared.domain.actor import Actor
from shared.domain.aggregate import Awaits
from shared.domain.reason import Reason, ReasonCode
from shared.domain.refused import NotFound

NO_FILE = "0" * 64
"""Stands for the hash of a transcript that is not written yet."""
WHY = Reason(ReasonCode.PERSONAL)


def _require_awaited(it: Any, act: str) -> None:
    if not any(one.act == act for one in it.awaited):
        raise NotFound(what=act, id=it.id)


def _arrive(it: Any, actor: Actor, now: datetime) -> None:
    _require_awaited(it, "record-arrival")
    it.arrive(actor, it.planned.arrival)


def _depart(it: Any, actor: Actor, now: datetime) -> None:
    _require_awaited(it, "record-departure")
    it.depart(actor, it.arrived_on)


def _cancel(it: Any, actor: Actor, now: datetime) -> None:
    _require_awaited(it, "cancel")
    it.cancel(actor, WHY)


def _send_transcript(it: Any, actor: Actor, now: datetime) -> None:
    _require_awaited(it, "send-transcript")
    it.send_transcript(actor, NO_FILE, [])


def _recognise(it: Any, actor: Actor, now: datetime) -> None:
    _require_awaited(it, "recognise")
    it.recognise(actor, [])


AWAITS: Awaits = {
    Status.PENDING: {"approve": lambda it, actor, now: it.approve(actor)},
    Status.REJECTED: {"correct": lambda it, actor, now: it.correct(actor, it.planned, Status.PENDING)},
    Status.APPROVED: {"go live": lambda it, actor, now: it.go_live(actor)},
    Status.LIVE: {
        "record arrival": _arrive,
        "record departure": _depart,
        "send transcript": _send_transcript,
        "recognise": _recognise,
        "cancel": _cancel,
    },
}
