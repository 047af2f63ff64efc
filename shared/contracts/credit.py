"""Credits: how much a course counts, and how the credits of one institution become those of another."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.values import Code

Amount = Annotated[
    str, StringConstraints(pattern=r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$"), Field(examples=["7.50", "18.00"])
]
"""A number of credits in decimal, as text so that nobody's binary fractions change it: at most two decimals."""
Positive = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9][0-9]{0,3}(\.[0-9]{1,2})?|0\.(0[1-9]|[1-9][0-9]?))$"),
    Field(examples=["1.50"]),
]
"""A decimal above zero, as text: at most two decimals."""


class Credit(BaseModel, frozen=True):
    """An amount of credits in one scheme."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    scheme: Code = Field(examples=["ects"])
    """`ects`, `chinese-credits` or another scheme, as an open code."""
    value: Amount


class CreditConversion(BaseModel, frozen=True):
    """How credits of the receiving institution become credits of the sending one."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    receiving_scheme: Code = Field(examples=["chinese-credits"])
    sending_scheme: Code = Field(examples=["ects"])
    rate: Positive
    """How many credits of the sending scheme one of the receiving scheme gives."""
    step: Positive = Field(examples=["0.50"])
    """What each component gives is rounded to a multiple of this; totals are sums of what was rounded."""
    rounding: Code = Field(examples=["half-up"])
    """`half-up`, `half-even`, `up` or `down`."""
