"""How `assumptions` of policy.yaml are written: a bare number or a number with its source, by name and by scope."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from hardgate.review.assumptions import ASSUMPTIONS
from hardgate.review.fields import Count, Number, Section, Share, Text, Where, list_of, made


class StatedShare(Section):
    """A share with its source."""

    value: Share
    source: Text | None = None


class StatedNumber(Section):
    """A number with its source."""

    value: Number
    source: Text | None = None


class StatedCount(Section):
    """A whole number with its source."""

    value: Count
    source: Text | None = None


STATED = {"share": StatedShare, "number": StatedNumber, "count": StatedCount}


@dataclass(frozen=True, slots=True)
class Bare:
    """Takes a bare number as a value without a source; stands in `Annotated`."""

    def __call__(self, value: object) -> object:
        """Return a value as the section that it stands for."""
        if isinstance(value, dict) and "value" not in value:
            told = {
                "message": "an assumption is a number, or a value with its source",
                "suggestion": "one of a family is written with a dot, like haircut.A: 90%",
            }
            raise PydanticCustomError("hardgate", "{message}", told)
        return value if isinstance(value, dict) else {"value": value}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  pydantic's
        """Validate the section."""
        return core_schema.no_info_before_validator_function(self, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Publish the bare value beside the section."""
        return _stated_schema(handler.resolve_ref_schema(handler(core)))


def _stated_schema(section: dict[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in section["properties"]["value"].items() if name != "title"}
    return {"anyOf": [*bare.get("anyOf", [bare]), section]}


def _with_families(section: dict[str, Any]) -> None:
    """Close the schema of the assumptions but for the keys of a family."""
    families = [one for one in ASSUMPTIONS if one.family]
    sections = {one.name: STATED[one.kind].model_json_schema() for one in families}
    section["patternProperties"] = {rf"^{name}\..": _stated_schema(one) for name, one in sections.items()}
    section["additionalProperties"] = False


class Assumed(Section):
    """What assumptions are written below: each by its name, one of a family as `haircut.A`."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_with_families)
    __pydantic_extra__: dict[str, Annotated[StatedNumber, Bare()]]


def model() -> Any:  # noqa: ANN401  a model class
    """Return the model of the section `assumptions`."""
    stated: dict[str, Any] = {}
    for one in ASSUMPTIONS:
        if not one.family:
            kind: Any = Annotated[STATED[one.kind], Bare()]
            stated[one.name] = (kind | None, Field(None, description=f"{one.meaning}; {one.unit}"))
    row = made("AssumptionScope", (Where, Assumed), stated)
    return made("Assumptions", (Assumed,), {**stated, "scopes": (list_of(row), None)})
