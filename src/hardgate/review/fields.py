"""The types of the values in a settings file, as pydantic fields that explain themselves.

Each type takes what the file holds through one function of `quantities`, and publishes what it accepts as JSON Schema.
What it refuses is found by `mistakes`, all at once, each at its place and with what to write instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, create_model
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

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

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Takes a value through a function of `quantities`, and publishes what it accepts; stands in `Annotated`."""

    read: Callable[[Any], object]
    json: Json

    def __call__(self, value: object) -> object:
        """Return what a value says; what is not understood becomes a mistake of pydantic's."""
        try:
            return self.read(value)
        except NotUnderstood as error:
            told = {"message": str(error), "suggestion": error.suggestion}
            raise PydanticCustomError("hardgate", "{message}", told) from error

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """Validate by this function alone."""
        return core_schema.no_info_plain_validator_function(self)

    def __get_pydantic_json_schema__(self, _core: CoreSchema, _handler: object) -> dict[str, Any]:
        """Publish what is accepted."""
        return dict(self.json)


def one_of(names: Sequence[str], kind: str) -> Reads:
    """Return what makes a text field hold one of some names."""
    return Reads(lambda value: quantities.one_of(value, names, kind), {"type": "string", "enum": list(names)})


Number = Annotated[float, Reads(quantities.number, {"anyOf": [{"type": "number"}, _PERCENT]})]
Share = Annotated[float, Reads(quantities.share, _SHARE)]
InnerShare = Annotated[float, Reads(quantities.inner_share, _SHARE)]
Points = Annotated[float, Reads(quantities.points, {"anyOf": [{"type": "number", "minimum": 0}, _PERCENT, _POINTS]})]
Whole = Annotated[int, Reads(quantities.whole, {"type": "integer", "minimum": 0})]
Count = Annotated[int, Reads(quantities.count, {"type": "integer", "minimum": 1})]
Evaluations = Annotated[int, Reads(quantities.evaluations, {"anyOf": [{"type": "integer", "minimum": 0}, _WEEKS]})]
Flag = Annotated[bool, Reads(quantities.flag, {"type": "boolean"})]
Text = Annotated[str, Reads(quantities.text, _TEXT)]
Length = Annotated[str, Reads(quantities.window, _DURATION)]
Horizon = Annotated[str, Reads(quantities.horizon, _WEEKS)]
Days = Annotated[int, Reads(quantities.days, _WEEKS)]
Day = Annotated[date, Reads(quantities.day, {"type": "string", "format": "date"})]
Money = Annotated[Decimal, Reads(quantities.money, {"anyOf": [{"type": "number", "minimum": 0}, _AMOUNT]})]
ModeName = Annotated[str, one_of([one.value for one in Mode], "mode")]
ActionName = Annotated[str, one_of([one.value for one in Action], "action")]
DimensionName = Annotated[str, one_of(DIMENSIONS, "dimension")]


class Where(Section):
    """The dimensions that say where a row holds."""

    region: Text | None = None
    accelerator: Text | None = None
    pool: Text | None = None
    tranche: Text | None = None
    segment: Text | None = None
    architecture: Text | None = None
    account: Text | None = None
    customer: Text | None = None
    product: Text | None = None
    provider: Text | None = None
    city: Text | None = None
    feature: Text | None = None


def made(name: str, bases: tuple[type[Section], ...], fields: Mapping[str, Any]) -> Any:  # noqa: ANN401  a model class
    """Make a model; pydantic's types ask for keywords that are known when they are written."""
    make: Any = create_model
    return make(name, __base__=bases, **fields)


def list_of(model: Any) -> Any:  # noqa: ANN401  an annotation
    """Return the type of a section that lists models, and may stand empty."""
    return list[model] | None
