"""What an agreement refuses."""

from datetime import date

from shared.domain.refused import Refused


class AlreadySigned(Refused):
    """The agreement has a signature, so its terms can no longer change; withdraw it and draft a new one, or amend it
    once it is in force."""


class PastItsEnd(Refused):
    """The agreement's last day was {ends_on}; draft a new agreement with later dates."""

    ends_on: date


class NothingRevised(Refused):
    """The agreement says this already; change one of its terms or parties.

    All signatories review a revision again, so one that changes nothing is refused.
    """


class SignedByOthers(Refused):
    """Another side has signed the agreement and yours has not; ask a side that signed to withdraw it, or do not sign.

    A signature binds the side that gave it, so only such a side can take the agreement back.
    """


class NoNoticePeriod(Refused):
    """The agreement says nothing of notice; ask the other signatories to terminate it with you, by consent.

    An amendment can give it a notice period.
    """


class NoticeGivenAlready(Refused):
    """Notice was given already: the agreement terminates after {terminates_on}."""

    terminates_on: date


class NotYourNotice(Refused):
    """Another side gave the notice, or nobody did; only the side that gave it can take it back."""


class DocumentNotNamed(Refused):
    """The record names no document with this SHA-256; withdraw it, and record it again with the scan you have seen.

    An operator confirms a record only against a document that it names, so that everybody can look at the same one.
    """


class AnnexOutsideParent(Refused):
    """The parent agreement does not cover {what}; amend the parent first, or leave this out of the annex.

    The areas of an annex are among its parent's, and its parties are sides of the parent or parts of them.
    """


class ConditionOutsideParties(Refused):
    """The cooperation condition {code} does not lead from one signatory of the agreement to the other; name the two, or
    parts of them."""
