"""The types of the values in a settings file, as pydantic fields that explain themselves.

Each type takes what the file holds through one function of `quantities`, and publishes what it accepts as JSON Schema.
What it refuses is found by `mistakes`, all at once, each at its place and with what to write instead.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import PydanticCustomError

from hardgate.core.terms import Action, Mode
from hardgate.review import quantities
from hardgate.review.quantities import NotUnderstood
from hardgate.review.scoped import DIMENSIONS

Json: TypeAlias = Mapping[str, Any]
_PERCENT = {"type": "string", "pattern": r"^\s*[+-]?\d+(\.\d+)?\s*%\s*$"}
_POINTS = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*points?\s*$"}
_AMOUNT = {"type": "string", "pattern": r"^\s*\d[\d_,]*(\.\d+)?\s*(k|m|bn)?\s*$"}
_DURATION = {"type": "string", "pattern": r"^\s*\d+\s*(d|days?|w|weeks?|m|months?|y|years?)\s*$"}
_WEEKS = {"type": "string", "pattern": r"^\s*\d+\s*(d|days?|w|weeks?)\s*$"}
_SHARE = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _PERCENT]}
_TEXT = {"type": "string", "minLength": 1}


class Section(BaseModel):
    """A mapping of a settings file: an unknown key is a mistake, and nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def reads(read: Callable[[Any], object]) -> BeforeValidator:
    """Return the validator that takes a value through a function of `quantities`."""

    def understood(value: object) -> object:
        try:
            return read(value)
        except NotUnderstood as error:
            told = {"message": str(error), "suggestion": error.suggestion}
            raise PydanticCustomError("hardgate", "{message}", told) from error

    return BeforeValidator(understood)


def one_of(names: Sequence[str], kind: str) -> tuple[BeforeValidator, WithJsonSchema]:
    """Return what makes a text field hold one of some names."""
    return (
        reads(lambda value: quantities.one_of(value, names, kind)),
        WithJsonSchema({"type": "string", "enum": list(names)}),
    )


def schema(json: Json) -> WithJsonSchema:
    """Return what publishes a field as this JSON Schema."""
    return WithJsonSchema(dict(json))


Number = Annotated[float, reads(quantities.number), schema({"anyOf": [{"type": "number"}, _PERCENT]})]
Share = Annotated[float, reads(quantities.share), schema(_SHARE)]
InnerShare = Annotated[float, reads(quantities.inner_share), schema(_SHARE)]
Points = Annotated[
    float, reads(quantities.points), schema({"anyOf": [{"type": "number", "minimum": 0}, _PERCENT, _POINTS]})
]
Whole = Annotated[int, reads(quantities.whole), schema({"type": "integer", "minimum": 0})]
Count = Annotated[int, reads(quantities.count), schema({"type": "integer", "minimum": 1})]
Evaluations = Annotated[
    int, reads(quantities.evaluations), schema({"anyOf": [{"type": "integer", "minimum": 0}, _WEEKS]})
]
Flag = Annotated[bool, reads(quantities.flag), schema({"type": "boolean"})]
Text = Annotated[str, reads(quantities.text), schema(_TEXT)]
Length = Annotated[str, reads(quantities.window), schema(_DURATION)]
Horizon = Annotated[str, reads(quantities.horizon), schema(_WEEKS)]
Days = Annotated[int, reads(quantities.days), schema(_WEEKS)]
Day = Annotated[date, reads(quantities.day), schema({"type": "string", "format": "date"})]
Money = Annotated[Decimal, reads(quantities.money), schema({"anyOf": [{"type": "number", "minimum": 0}, _AMOUNT]})]
ModeName = Annotated[str, *one_of([one.value for one in Mode], "mode")]
ActionName = Annotated[str, *one_of([one.value for one in Action], "action")]
DimensionName = Annotated[str, *one_of(DIMENSIONS, "dimension")]


class Where(Section):
    """The dimensions that say where a row holds."""

    region: Text | None = None
    accelerator: Text | None = None
    pool: Text | None = None
    tranche: Text | None = None
    account: Text | None = None
    customer: Text | None = None
    product: Text | None = None
    provider: Text | None = None
    city: Text | None = None
    feature: Text | None = None
