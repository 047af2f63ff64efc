"""What people are told: each kind has a wording in every language and can be muted."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of notice."""

    AGREEMENT_TO_REVIEW = "agreement-to-review"
    AGREEMENT_REVIEWED = "agreement-reviewed"
    AGREEMENT_RETURNED = "agreement-returned"
    AGREEMENT_TO_SIGN = "agreement-to-sign"
    AGREEMENT_APPROVED = "agreement-approved"
    AGREEMENT_SIGNATURE_ADDED = "agreement-signature-added"
    AGREEMENT_SIGNED = "agreement-signed"
    AGREEMENT_IN_FORCE = "agreement-in-force"
    AGREEMENT_ENDED = "agreement-ended"
    AGREEMENT_TERMINATED = "agreement-terminated"
    AGREEMENT_WITHDRAWN = "agreement-withdrawn"
    PROGRAMME_OPENED = "programme-opened"
    PROGRAMME_CLOSED = "programme-closed"
    CALL_OPENED = "call-opened"
    CALL_CLOSED = "call-closed"
    EXCHANGE_TO_APPROVE = "exchange-to-approve"
    EXCHANGE_APPROVED = "exchange-approved"
    EXCHANGE_DECLINED = "exchange-declined"
    EXCHANGE_WITHDRAWN = "exchange-withdrawn"
